"""Runs every case of MSAL's `tests/test_e2e.py`, those that are started by hand too, and tells how each ended.

Told as JSON lines: what a person has to do meanwhile, and in the end the outcomes.
"""

import json
import logging
import re
import sys
import unittest
import webbrowser

REAL = sys.stdout


def tell(**what):
    print(json.dumps(what), file=REAL, flush=True)


class Person(webbrowser.BaseBrowser):
    """The browser: whoever started this opens the page."""

    def open(self, url, *_):
        tell(page=url)
        return True


class Device(logging.Handler):
    """Whoever started this is shown what a device shows."""

    def emit(self, record):
        if found := re.search(r"enter the code (\w+)", record.getMessage()):
            tell(code=found[1])


class Outcomes(unittest.TestResult):
    """How each case ended, by its name."""

    def __init__(self):
        super().__init__()
        self.told = {}

    def note(self, case, outcome, why=""):
        self.told[case.id().removeprefix("tests.test_e2e.")] = (outcome, why)

    def addSuccess(self, test):  # noqa: N802 - unittest's
        self.note(test, "passed")

    def addSkip(self, test, reason):  # noqa: N802
        self.note(test, "skipped", reason)

    def addError(self, test, err):  # noqa: N802
        self.note(test, "failed", f"{err[0].__name__}: {err[1]}")

    addFailure = addError  # noqa: N815


def cases(module):
    """All cases, in the order of their names."""
    for _, group in sorted(vars(module).items()):
        if isinstance(group, type) and issubclass(group, unittest.TestCase) and group.__module__ == module.__name__:
            methods = sorted(method for method in dir(group) if re.match("(manual_)?test_", method))
            yield unittest.TestSuite(group(method) for method in methods)


def main():
    webbrowser.register("person", None, Person(), preferred=True)
    from tests import test_e2e  # its folder is that of the copy

    logging.getLogger("tests.test_e2e").addHandler(Device())
    logging.getLogger().handlers[:] = [logging.NullHandler()]
    outcomes = Outcomes()
    for suite in cases(test_e2e):
        suite.run(outcomes)
    tell(outcomes=outcomes.told)


if __name__ == "__main__":
    main()
