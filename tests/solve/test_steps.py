"""Steps are made when they are asked for: each against coordinate descent written out by hand."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

import equipoise as eq


def low_rank(n=30, p=40, rank=5, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, rank)) @ rng.normal(size=(rank, p))
    return X, X[:, :3] @ [2.0, -1.0, 0.5] + rng.normal(size=n)


def by_hand(X, y, l1, l2, sweeps):
    """Every step: feature, pull, killed, before, after, residuals, gradient and objective."""
    p = X.shape[1]
    w = np.zeros(p)
    for sweep in range(sweeps):
        for j in range(p):
            before, was = w[j], y - X @ w
            pull = X[:, j] @ was + X[:, j] @ X[:, j] * before
            w[j] = np.sign(pull) * max(abs(pull) - l1, 0.0) / (X[:, j] @ X[:, j] + 2 * l2)
            r = y - X @ w
            c = X.T @ r
            flat = np.sign(-c) * np.maximum(np.abs(c) - l1, 0.0)
            gradient = np.where(w != 0, -c + l1 * np.sign(w) + 2 * l2 * w, flat)
            objective = 0.5 * r @ r + l1 * np.abs(w).sum() + l2 * w @ w
            yield sweep + 1, j, pull, w[j] == 0, before, w[j], was, r, gradient, objective


@pytest.mark.parametrize("l2", [0.0, 0.7])
def test_every_step_is_the_one_of_a_run_by_hand(l2):
    X, y = low_rank()
    trace = eq.trace(X, y, l1=5.0, l2=l2, max_sweeps=6)
    sweeps = len(trace.steps) // 40
    assert sweeps == 6
    hand = list(by_hand(X, y, 5.0, l2, sweeps))
    assert len(trace.steps) == len(hand)
    rows = trace.to_frame("pandas").itertuples()
    for step, row, known in zip(trace.steps, rows, hand, strict=True):
        sweep, j, pull, killed, before, after, was, r, gradient, objective = known
        assert (step.sweep, step.feature, step.limit) == (sweep, trace.features[j], 5.0)
        assert (step.partial_pull, step.before, step.after) == pytest.approx((pull, before, after), abs=1e-9)
        assert step.killed == killed
        np.testing.assert_allclose(step.residual_before, was, atol=1e-9)
        np.testing.assert_allclose(step.residual, r, atol=1e-9)
        np.testing.assert_allclose(step.gradient, gradient, atol=1e-8)
        assert step.objective == pytest.approx(objective, rel=1e-12)
        assert (row.sweep, row.feature, row.limit, row.killed) == (sweep, step.feature, 5.0, killed)
        assert (row.partial_pull, row.before, row.after) == (step.partial_pull, step.before, step.after)
        assert row.objective == pytest.approx(objective, rel=1e-12)
        assert row.largest_residual == pytest.approx(np.abs(r).max(), abs=1e-9)
        assert row.largest_gradient == pytest.approx(np.abs(gradient).max(), abs=1e-8)


def test_a_step_is_the_same_however_it_is_asked_for():
    X, y = low_rank()
    steps = eq.trace(X, y, l1=5.0, max_sweeps=20).steps
    whole, some = list(steps), slice(35, 90)
    assert len(whole) == len(steps)
    for one, other in (
        *zip(steps[some], whole[some], strict=True),
        *zip(steps[-3:], whole[-3:], strict=True),
        *zip(steps[::-17], whole[::-17], strict=True),
        (steps[-1], whole[-1]),
        (steps[np.int64(7)], whole[7]),
    ):
        assert (one.sweep, one.feature, one.partial_pull) == (other.sweep, other.feature, other.partial_pull)
        assert (one.before, one.after, one.objective) == (other.before, other.after, other.objective)
        for name in ("residual_before", "residual", "gradient"):
            assert np.array_equal(getattr(one, name), getattr(other, name))
    for before, after in pairwise(whole):
        assert np.array_equal(before.residual, after.residual_before)
    with pytest.raises(IndexError):
        steps[len(steps)]


def test_a_long_run_holds_two_numbers_a_step():
    X, y = low_rank(n=150, p=100, rank=20, seed=3)
    tracemalloc.start()
    trace = eq.trace(X, y, l1=0.5, max_sweeps=40)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(trace.steps) == 4_000
    # 150 + 100 numbers of 8 bytes for each would be 2,000 bytes a step.
    assert held < 100 * len(trace.steps)
    assert peak < 200 * len(trace.steps)
