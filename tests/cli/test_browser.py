"""`mock-idp browser` as a real process, headless."""

import json

import needs
import pytest
import shell

AUTHORIZE = (
    "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize?client_id="
    "3eb0a990-0000-4000-8000-000000003eb0&response_type=code&scope=openid"
    "&redirect_uri=http://localhost:5001/callback"
)


@pytest.mark.parametrize("front_channel", ["loopback", "real"])
def test_microsofts_own_name_shows_our_page(env, front_channel):
    needs.chromium()
    options = ("--port", "0", "--front-channel", front_channel, "--headless")
    done = shell.mock_idp("browser", *options, AUTHORIZE, "--dump-dom", env=env, timeout=90)
    assert done.returncode == 0, done.stderr
    assert 'id="i0116"' in done.stdout
    assert "not Microsoft" in done.stdout


def test_a_program_that_is_not_there_is_three_lines(env):
    done = shell.mock_idp("browser", "--program", "no-such-browser", env=env)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 3
    assert "--program FILE" in done.stderr


def test_a_page_of_another_site_may_show_ours_in_a_frame_and_we_know_the_person(env, tmp_path):
    program = tmp_path / "browser"
    program.write_text(
        "#!/bin/sh\n"
        "for option; do\n"
        '  case $option in --user-data-dir=*) cat "${option#--user-data-dir=}/Default/Preferences";; esac\n'
        "done\n"
    )
    program.chmod(0o700)
    done = shell.mock_idp("browser", "--port", "0", "--program", str(program), env=env)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["profile"]["block_third_party_cookies"] is False
