"""The list of expected failures excuses what it names, and nothing else."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = """
import pytest

def refuse(kind=ValueError):
    raise kind("alpha is -1")

def test_good():
    assert True

@pytest.mark.parametrize("kind", [ValueError, TypeError])
def test_text(kind):
    with pytest.raises(ValueError, match="must be positive"):
        refuse(kind)

def test_text_and_more():
    with pytest.raises(ValueError, match="must be positive"):
        refuse()
    assert 1 + 1 == 3

@pytest.mark.parametrize("kind", ["a", "b", "c"])
def test_no_error(kind):
    with pytest.raises(ValueError, match="must be positive"):
        pass

@pytest.mark.parametrize("kind", ["a", "b", "c", "d"])
def test_no_warning(kind):
    with pytest.warns(UserWarning, match="not converged"):
        pass

@pytest.mark.parametrize("kind", ["float16", "float32", "float64"])
def test_kind(kind):
    for found in ("float64", "float64"):
        assert found == kind
    assert found.startswith("float")

@pytest.mark.parametrize("kind", [ValueError, TypeError])
def test_refused(kind):
    refuse(kind)

def test_refused_before_a_warning():
    with pytest.warns(UserWarning, match="not converged"):
        refuse()

def test_refused_never():
    pass

def test_refused_in_other_words():
    with pytest.raises(ValueError, match="must be positive"):
        refuse()

@pytest.mark.skip(reason="not today")
def test_skipped():
    assert False
"""


def judge(folder, tests, entries):
    """Run some of the made-up tests under a list: (exit code, counts, unexpected, what was said)."""
    (folder / "test_made_up.py").write_text(TESTS)
    (folder / "expected.toml").write_text("".join(map(entry, entries)))
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", ".", "-p", "expected"]
    command += ["-p", "no:cacheprovider", "-p", "no:xdist", "--expected", "expected.toml"]
    command += ["--outcome", "outcome.json", *(f"test_made_up.py::{test}" for test in tests)]
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    outcome = folder / "outcome.json"
    told = json.loads(outcome.read_text()) if outcome.exists() else {"counts": {}, "unexpected": []}
    unexpected = {test.partition("::")[2]: why for test, why in told["unexpected"]}
    return done.returncode, told["counts"], unexpected, done.stdout + done.stderr


def entry(listed):
    reason, test, *aside = listed
    told = {"reason": reason, "why": "made up", "file": "test_made_up", "tests": [test]}
    told |= {"sentence": aside[0]} if reason == "refused" and aside else {"aside": aside}
    return "\n".join(["[[expected]]", *(f"{key} = {json.dumps(value)}" for key, value in told.items()), ""])


def test_what_is_listed_is_expected(tmp_path):
    entries = [
        ("wording", "test_text[ValueError]"),
        ("convergence warnings", "test_no_warning[a]"),
        ("solver internals", "test_no_error[a]"),
        ("float32 results", "test_kind[float32]", "assert found == kind"),
        ("refused", "test_refused[ValueError]", "alpha is"),
        ("refused", "test_refused_before_a_warning", "alpha is"),
    ]
    tests = ["test_good", "test_kind[float64]", *(test for _, test, *_ in entries)]
    code, counts, unexpected, _ = judge(tmp_path, tests, entries)
    assert (code, unexpected) == (0, {})
    assert counts == {"passed": 2} | Counter(reason for reason, *_ in entries)


def test_a_name_stands_for_every_case_that_is_not_listed_by_itself(tmp_path):
    entries = [
        ("refused", "test_refused", "alpha"),
        ("convergence warnings", "test_no_warning"),
        ("solver internals", "test_no_warning[a]"),
        ("float32 results", "test_kind", "assert found == kind"),
    ]
    code, counts, unexpected, _ = judge(tmp_path, [test for _, test, *_ in entries], entries)
    assert unexpected == {
        "test_kind[float64]": "listed for float32 results, but it passes: assert found == kind"
    }
    told = {"refused": 2, "convergence warnings": 3, "solver internals": 1, "float32 results": 2, "failed": 1}
    assert (code, counts) == (1, told)


BEHIND = [  # a reason excuses nothing but itself: what else fails in these?
    ("wording", "test_text_and_more"),  # right behind the text, another fault
    ("wording", "test_text[TypeError]"),
    ("wording", "test_no_error[a]"),
    ("convergence warnings", "test_no_error[b]"),
    ("wording", "test_no_warning[a]"),
    ("solver internals", "test_text[ValueError]"),  # an error may be absent, not say something else
    ("float32 results", "test_kind[float16]"),  # no statement is named that may fail
    ("refused", "test_refused[TypeError]", "beta is"),
    ("refused", "test_refused_in_other_words", "alpha is"),  # a test of another refusal
]
IDLE = [  # these pass, or do not need one of the statements set aside
    ("wording", "test_good"),
    ("convergence warnings", "test_no_warning[b]", "pass"),
    ("float32 results", "test_kind[float64]", "assert found == kind"),
    ("refused", "test_refused_never", "alpha is"),
]


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """What is not expected under a list that excuses too much: the reason for each test."""
    entries = [
        *(*BEHIND, *IDLE, ("wording", "test_gone"), ("wording", "test_skipped")),
        ("solver internals", "test_no_warning[c]", "assert 1 == 2"),
    ]
    tests = [test for _, test, *_ in entries if test != "test_gone"] + ["test_no_error[c]"]
    code, counts, unexpected, _ = judge(tmp_path_factory.mktemp("refused"), tests, entries)
    assert (code, counts) == (1, {"failed": len(tests)})
    return unexpected


def test_a_new_failure_fails(refused):
    assert "DID NOT RAISE" in refused["test_no_error[c]"]


@pytest.mark.parametrize(("reason", "test"), [listed[:2] for listed in BEHIND])
def test_a_reason_hides_nothing_but_itself(refused, reason, test):
    assert not refused[test].startswith("listed for")


@pytest.mark.parametrize(("reason", "test"), [listed[:2] for listed in IDLE])
def test_an_unexpected_pass_fails(refused, reason, test):
    assert refused[test].startswith(f"listed for {reason}, but it passes")


def test_a_listed_test_that_does_not_run_fails(refused):
    assert refused["test_gone"] == "listed, but there is no such test"
    assert refused["test_skipped"] == "listed for wording, but it is skipped"


def test_a_statement_that_is_not_there_fails(refused):
    assert refused["test_no_warning[c]"].endswith("test_no_warning has no statement assert 1 == 2")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([("slow", "test_good")], "the reason 'slow' is none of those allowed: wording, convergence"),
        ([("wording", "test_good")] * 2, "test_made_up::test_good stands there twice"),
        ([("refused", "test_good")], "it needs reason, why, file, tests, sentence"),
    ],
)
def test_a_list_out_of_order_is_refused(tmp_path, entries, said):
    code, counts, _, output = judge(tmp_path, ["test_good"], entries)
    assert (code, counts) == (4, {})
    assert said in output
