"""What is printed holds where the usual words would not: signs, nothing to divide by, no penalty."""

import warnings

import numpy as np
import pytest

import equipoise as eq

X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]


def test_an_entry_at_the_present_penalty_is_told_by_everybody():
    for read_all_first in (False, True):
        sheet = eq.fit(X, y, l1=3, intercept=False).explain()
        if read_all_first:
            assert sheet.enters_at == (5.0, 3.0)
        assert sheet["x2"].enters_at == 3.0
        assert "It would enter at l1 = 3." in sheet.sentence("x2")
    rng = np.random.default_rng(0)
    for _ in range(40):
        A, b = rng.normal(size=(8, 3)), rng.normal(size=8)
        for row in eq.fit(A, b, l1=0.5).explain():
            if row.enters_at is None:
                continue
            alone, together = (eq.fit(A, b, l1=row.enters_at).explain() for _ in range(2))
            j = alone.features.index(row.feature)
            assert together.enters_at[j] == pytest.approx(row.enters_at, rel=1e-8)
            assert alone[row.feature].enters_at == pytest.approx(together.enters_at[j], rel=1e-8)


def test_a_pull_that_turns_round_adds_up():
    fit = eq.fit([[2, 3], [-2, -2], [0, 1], [2, 0]], [-3, -2, 0, 0], l1=1, intercept=False)
    assert "would pull on it with 2, but x2 (takes 2.86) turns it round to -0.857143" in fit.explain("x1")
    assert 2 - fit.explain()["x1"].absorbed_by["x2"] * np.sign(fit.explain()["x1"].alone) == pytest.approx(
        -0.857143, rel=1e-5
    )
    assert "but x1 (takes 1) leaves 3," in eq.fit(X, y, l1=3, intercept=False).explain("x2")


@pytest.mark.parametrize("l1", [0, [0, 1]])
def test_a_cost_is_no_part_of_a_gain_that_does_not_hold_it(l1):
    found = eq.fit(X, y, l1=l1, intercept=False).what_if(without="x1")
    assert found.relative_cost is None
    assert found.cost > 1
    assert "%" not in str(found)


def test_a_what_if_says_what_was_changed_and_nothing_else():
    assert str(eq.fit(X, y, l1=[1, 2], intercept=False).what_if(l2=1)).startswith(
        "with l2 = 1 in place of 0:"
    )
    fit = eq.fit(X, y, l1=1, intercept=False)
    told = str(fit.what_if(without=["x1", "x1"], l1=2))
    assert told.startswith("without x1 and with l1 = 2 in place of 1:")
    assert "as it was: the same features stay; the loss stays at 0.333333\n" in str(fit.what_if())


def test_an_audit_divides_by_nothing_that_is_not_there():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        free = eq.audit(X, y, [2, 0], l1=0)
        excluded = eq.audit(X, y, [1, 0], l1=[np.inf, 1])
        texts = [str(free), str(excluded), str(eq.audit([[1], [2], [4]], [0, 0, 0], [0.5], l1=1))]
    assert (free.lost, free.relative_lost, excluded.lost) == (pytest.approx(1), 0, np.inf)
    assert eq.audit(X, [3, 0, 3], [0, 0], l1=0, lower=0).relative_lost == pytest.approx(1)
    assert "the worst x2, whose pull should be zero and is 2" in texts[0]
    assert "the worst x1, which an infinite penalty excludes" in texts[1]
    for text in texts:
        assert "null model" not in text
        assert "nan" not in text
