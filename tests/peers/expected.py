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
there. A test that is listed as "refused" has to fail, by an error that begins with the ``sentence`` of its
entry. A name without brackets stands for every case of a test. ``--outcome FILE`` is where the counts go, as
JSON.
"""

import json
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from lenient import FREEDOMS, REFUSED, lenient

FITS = pytest.StashKey[Counter[str]]()  # of the configuration: who was asked to fit, if anybody counts
NEEDED = {"reason", "why", "file", "tests"}


@dataclass(frozen=True)
class Expected:
    """Why a test fails, the statements of it that may, and the refusal that it ends in."""

    reason: str
    aside: tuple[str, ...]
    sentence: str | None


def read_expected(path):
    """Return what is expected by (file, test); a ValueError if the list is not in order."""
    found = {}
    for entry in tomllib.loads(Path(path).read_text("utf-8")).get("expected", []):
        refused = entry.get("reason") == REFUSED
        if entry.keys() | {"aside"} != NEEDED | {"aside"} | ({"sentence"} if refused else set()):
            needs = "reason, why, file, tests" + (", sentence" if refused else "")
            raise ValueError(f"{path}: an entry has {sorted(entry)}: it needs {needs}")
        if entry["reason"] not in FREEDOMS:
            reasons = ", ".join(FREEDOMS)
            raise ValueError(f"{path}: the reason {entry['reason']!r} is none of those allowed: {reasons}")
        expected = Expected(entry["reason"], tuple(entry.get("aside", ())), entry.get("sentence"))
        for test in entry["tests"]:
            if (entry["file"], test) in found:
                raise ValueError(f"{path}: {entry['file']}::{test} stands there twice")
            found[entry["file"], test] = expected
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

    def __init__(self, listed, outcome, fits):
        self.listed, self.outcome, self.fits = listed, outcome, fits
        self.expected = {}  # by test, as it was collected
        self.used = {}
        self.counts = Counter()
        self.unexpected = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session):
        found = set()
        for item in session.items:
            file, test = key(item)
            for name in (test, test.partition("[")[0]):
                if (file, name) in self.listed:
                    self.expected[file, test] = self.listed[file, name]
                    found.add((file, name))
                    break
        files = {key(item)[0] for item in session.items}
        for file, test in sorted(self.listed.keys() - found):
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
    def pytest_runtest_makereport(self, item, call):
        report = yield
        expected = self.expected.get(key(item))
        if expected and report.when == "call":
            used = self.used[key(item)]
            refused = report.failed and expected.sentence and begins(call.excinfo.value, expected.sentence)
            if refused or (report.passed and used and used.issuperset(expected.aside)):
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


def begins(error, sentence):
    """Whether an error begins with a sentence, or that for which a warning did not come, or a fit in it."""
    awaited = isinstance(error, pytest.fail.Exception) and str(error).startswith("DID NOT WARN")
    said = str(error.__context__ if awaited else error)
    return re.search(rf"^(\w+Error: )?{re.escape(sentence)}", said, re.MULTILINE) is not None


def last_line(report):
    crash = getattr(report.longrepr, "reprcrash", None)
    return crash.message.split("\n")[0][:200] if crash else str(report.longrepr).strip().split("\n")[-1][:200]
