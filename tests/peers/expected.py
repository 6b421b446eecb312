"""A pytest plugin for a list of expected failures, by test and with a reason, that can hide nothing else.

``--expected FILE`` is the list, in TOML::

    [[expected]]
    reason = "wording"
    why = "what is true of this one"
    file = "sklearn.linear_model.tests.test_ridge"
    tests = ["test_one[a]", "test_one[b]"]
    aside = ["assert model.n_iter_ > 2"]  # statements that may fail

A listed test runs without what its reason frees it from (see ``lenient``) and has to pass. It fails if it
does not, and if it needs no freedom; an unlisted test fails as ever; so does the run if a listed test is not
there. ``--outcome FILE`` is where the counts go, as JSON.
"""

import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from lenient import FREEDOMS, lenient

FITS = pytest.StashKey[Counter[str]]()  # of the configuration: who was asked to fit, if anybody counts
KEYS = {"reason", "why", "file", "tests", "aside"}


@dataclass(frozen=True)
class Expected:
    """Why a test fails, and the statements of it that may."""

    reason: str
    aside: tuple[str, ...]


def read_expected(path):
    """Return what is expected by (file, test); a ValueError if the list is not in order."""
    found = {}
    for entry in tomllib.loads(Path(path).read_text("utf-8")).get("expected", []):
        if entry.keys() | {"aside"} != KEYS:
            raise ValueError(f"{path}: an entry has {sorted(entry)}: it needs reason, why, file, tests")
        if entry["reason"] not in FREEDOMS:
            reasons = ", ".join(FREEDOMS)
            raise ValueError(f"{path}: the reason {entry['reason']!r} is none of those allowed: {reasons}")
        for test in entry["tests"]:
            if (entry["file"], test) in found:
                raise ValueError(f"{path}: {entry['file']}::{test} stands there twice")
            found[entry["file"], test] = Expected(entry["reason"], tuple(entry.get("aside", ())))
    return found


def pytest_addoption(parser):
    parser.addoption("--expected", help="the list of expected failures")
    parser.addoption("--outcome", help="where to write the counts")


def pytest_configure(config):
    path = config.getoption("--expected")
    try:
        expected = read_expected(path) if path else {}
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(Judge(expected, config.getoption("--outcome"), config.stash.get(FITS, {})))


class Judge:
    """Runs the listed tests without what they need not have, and counts what comes of all."""

    def __init__(self, expected, outcome, fits):
        self.expected, self.outcome, self.fits = expected, outcome, fits
        self.used = {}
        self.counts = Counter()
        self.unexpected = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session):
        there = {key(item) for item in session.items}
        files = {file for file, _ in there}
        for file, test in sorted(self.expected.keys() - there):
            if file in files:
                self.unexpected.append((f"{file}::{test}", "listed, but there is no such test"))

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem):
        expected = self.expected.get(key(pyfuncitem))
        if expected is None:
            return (yield)
        used = self.used[key(pyfuncitem)] = set()
        with lenient(pyfuncitem.obj, expected.reason, expected.aside, used):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item):
        report = yield
        expected = self.expected.get(key(item))
        if expected and report.when == "call":
            used = self.used[key(item)]
            if report.passed and used and used.issuperset(expected.aside):
                report.outcome, report.wasxfail = "skipped", expected.reason
                report.expected = expected.reason
            elif report.passed:
                report.outcome = "failed"
                idle = ", ".join(one for one in expected.aside if one not in used)
                report.longrepr = f"listed for {expected.reason}, but it passes" + (idle and f": {idle}")
        elif expected and report.skipped:
            report.outcome, report.longrepr = "failed", f"listed for {expected.reason}, but it is skipped"
        if report.failed:
            where = "::".join(key(item))
            self.unexpected.append((where, last_line(report)))
        return report

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.skipped or report.failed:
            self.counts[getattr(report, "expected", report.outcome)] += 1

    def pytest_terminal_summary(self, terminalreporter):
        for test, why in self.unexpected:
            terminalreporter.write_line(f"UNEXPECTED {test} - {why}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session):
        if self.unexpected:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self.outcome:
            told = {"counts": self.counts, "unexpected": self.unexpected, "fits": self.fits}
            Path(self.outcome).write_text(json.dumps(told), "utf-8")


def key(item):
    """The module of a test, and its name as pytest gives it."""
    return item.module.__name__, item.nodeid.partition("::")[2]


def last_line(report):
    crash = getattr(report.longrepr, "reprcrash", None)
    return crash.message.split("\n")[0][:200] if crash else str(report.longrepr).strip().split("\n")[-1][:200]
