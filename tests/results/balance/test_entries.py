"""Where a zero enters, or how far down it was looked for: in the sentence, the table, frame and dict."""

import json

import numpy as np
import pandas as pd
import pytest

import equipoise as eq

FIRST, SECOND = np.array([1.0, 1.0, -1.0, -1.0]), np.array([1.0, -1.0, 1.0, -1.0])
X = pd.DataFrame({"first": FIRST, "second": SECOND})
TRIALS = np.full(4, 1000.0)


def orthogonal(little: float) -> eq.BalanceSheet:
    """Columns at right angles: each feature enters at its own xᵀy, 400 and 4·little."""
    return eq.fit(X, 100.0 * FIRST + little * SECOND, l1=100.0).explain()


def factorial(little: float, l1: float = 100.0) -> eq.BalanceSheet:
    """Shares of 1000 trials in a 2 × 2 design: whatever the first coefficient, the second's pull is the same.

    Both rows of a value of the first have one probability, which the second weighs with +1 and −1. What is
    left is Σ trials·second·share, 1000·little, at which it enters.
    """
    share = np.array([0.9 + little, 0.9, 0.1, 0.1])
    return eq.fit(X, share, l1=l1, loss="binomial", sample_weight=TRIALS).explain()


@pytest.mark.parametrize("little", [1.0, 1e-3])  # 4 is above a default path's end, 0.04
def test_an_entry_below_the_end_of_the_path_is_found(little):
    sheet = orthogonal(little)
    assert sheet["second"].enters_at == pytest.approx(4.0 * little, rel=1e-9)
    assert sheet.enters_at[1] == pytest.approx(4.0 * little, rel=1e-9)
    assert sheet.searched_to == (None, None)
    (event,) = sheet.history("second")
    assert (event.kind, event.sign) == ("enters", 1)
    assert event.strength == pytest.approx(4.0 * little, rel=1e-9)
    assert sheet.sentence("second").endswith(f"It would enter at l1 = {4.0 * little:g}.")


def test_an_entry_that_is_not_found_says_how_far_it_was_looked_for():
    sheet = orthogonal(1e-6)
    # A default path of fewer features than rows ends at 1e-4 of 400; a hundredth of that is looked through.
    assert sheet.enters_at[1] is sheet["second"].enters_at is None
    assert sheet["second"].searched_to == sheet.searched_to[1] == pytest.approx(4e-4)
    assert sheet.sentence("second").endswith(
        "Where it would enter is not known: not down to l1 = 0.0004, and below that it was not looked for."
    )
    assert " < 0.0004" in next(line for line in str(sheet).splitlines() if line.startswith("second"))
    assert "(< 0.0004: not down to there, and below nobody looked)" in " ".join(str(sheet).split())
    frame = sheet.to_frame()
    assert np.isnan(frame["enters_at"][1])
    assert frame["searched_to"][1] == pytest.approx(4e-4)
    row = json.loads(json.dumps(sheet.to_dict()))["features"][1]
    assert row["enters_at"] is None
    assert row["searched_to"] == pytest.approx(4e-4)


def test_another_loss_looks_further_too_and_says_how_far():
    assert factorial(1e-3)["second"].enters_at == pytest.approx(1.0, rel=1e-8)
    largest = 1.6e3 + 0.1
    assert 0.5e-4 * largest < 0.1 < 1e-4 * largest
    assert factorial(1e-4)["second"].enters_at == pytest.approx(0.1, rel=1e-6)
    row = factorial(1e-6)["second"]
    assert row.enters_at is None
    assert row.searched_to == pytest.approx(0.5e-4 * (1.6e3 + 1e-3), rel=1e-9)


def test_below_a_penalty_beyond_the_path_too():
    sheet = factorial(1e-6, l1=0.01)
    assert sheet["second"].searched_to == pytest.approx(0.005)
    assert factorial(6e-6, l1=0.01)["second"].enters_at == pytest.approx(0.006, rel=1e-4)


def test_what_enters_at_no_penalty_says_so():
    table = X.assign(third=1.0, fourth=SECOND, fifth=FIRST * SECOND)
    lower = {"fifth": 0.0}
    fit = eq.fit(
        table,
        100.0 * FIRST + SECOND + 0.1 * FIRST * SECOND,
        l1={"first": 100.0, "second": 100.0, "third": 1.0, "fourth": np.inf, "fifth": 100.0},
        lower=lower,
        upper=lower,
    )
    sheet = fit.explain()
    assert sheet.searched_to == (None, None, 0.0, 0.0, 0.0)
    assert sheet.enters_at[2:] == (None, None, None)
    assert "at any penalty" in sheet.sentence("third")
    assert "it enters at no strength of it" in sheet.sentence("fourth")
    assert sheet.sentence("fifth").endswith("It enters at no penalty.")
    lines = str(sheet).splitlines()
    for name in ("third", "fourth", "fifth"):
        assert next(line for line in lines if line.startswith(name)).endswith(" never")
    assert "never: at no penalty" in " ".join(str(sheet).split())


def test_nothing_enters_a_response_that_is_constant():
    row = eq.fit(X, np.full(4, 7.0), l1=1.0).explain()["second"]
    assert (row.enters_at, row.searched_to) == (None, 0.0)


def test_what_is_in_the_model_has_nothing_to_look_for():
    sheet = eq.fit(X, 100.0 * FIRST + 50.0 * SECOND, l1={"first": 0.0, "second": 10.0}).explain()
    assert sheet.searched_to == (None, None)
    copies = eq.fit(X.assign(copy=FIRST), 100.0 * FIRST, l1=1.0).explain()
    assert {row.reason for row in copies} == {None, "weak", "duplicate"}
    assert {row.searched_to for row in copies if row.reason != "weak"} == {None}
