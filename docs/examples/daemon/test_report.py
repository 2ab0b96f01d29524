"""The script with the right secret and a wrong one, with its role and without; and as cron runs it."""

import subprocess
import sys

import pytest

import report


def test_it_counts_the_orders(entra, settings, capsys):
    entra.assign("Nightly report", "Orders", ["Orders.Read"])
    report.main(settings)
    assert capsys.readouterr().out == "2 open orders\n"
    assert entra.journal.one("token").grant_type == "client_credentials"


def test_without_the_role_the_api_refuses(settings):
    with pytest.raises(SystemExit, match="The API answered 403"):
        report.main(settings)


def test_a_wrong_secret_is_named_by_its_number(settings):
    with pytest.raises(SystemExit, match="AADSTS7000215: Invalid client secret"):
        report.main({**settings, "CLIENT_SECRET": "last year's secret"})


def as_cron_runs_it(environment):
    return subprocess.run(
        [sys.executable, report.__file__], env=environment, capture_output=True, text=True, check=False
    )


def test_cron_gets_the_report(entra, settings, entra_environ):
    entra.assign("Nightly report", "Orders", ["Orders.Read"])
    done = as_cron_runs_it({**entra_environ, **settings})
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 open orders\n", "")


def test_cron_is_told_of_a_wrong_secret(settings, entra_environ):
    done = as_cron_runs_it({**entra_environ, **settings, "CLIENT_SECRET": "last year's secret"})
    assert done.returncode == 1
    assert done.stderr.startswith("AADSTS7000215")
