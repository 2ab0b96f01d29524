"""`mock-idp clean`: removes what is ours, says so, and touches nothing else."""

import shell


def test_it_removes_the_state_directory_and_says_what_it_removed(env, state_dir):
    with shell.serving(env):
        pass
    shell.mock_idp("run", "--port", "0", "--", "true", env=env)
    files = [*(state_dir / "v1").iterdir(), state_dir / "v1", state_dir]
    done = shell.mock_idp("clean", env=env)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.splitlines()) == sorted(f"removed {file}" for file in files)
    assert not state_dir.exists()
    assert shell.mock_idp("clean", env=env).stdout == f"There is nothing to remove: {state_dir} does not exist.\n"


def test_it_refuses_while_a_server_runs(env, served, state_dir):
    done = shell.mock_idp("clean", env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"Process {served.process.pid} serves with it" in done.stderr
    assert (state_dir / "v1" / "keys.json").exists()


def test_a_directory_named_by_mistake_keeps_its_files_and_modes(env, tmp_path):
    project = tmp_path / "project"
    (project / "v1").mkdir(parents=True, mode=0o755)
    theirs = [project / "app.py", project / "v1" / "routes.py"]
    for file in theirs:
        file.touch()
    mode = project.stat().st_mode
    done = shell.mock_idp("clean", "--state-dir", str(project), env=env)
    assert done.stdout.splitlines()[-1] == f"kept {project}, which holds files that are not mock-idp's"
    assert all(file.exists() for file in theirs)
    assert project.stat().st_mode == mode
