"""Strengths of events and their accuracy, against the conditions of optimality in rational arithmetic.

Just above and just below an event the support told is a solution: with exact arithmetic there is no other
proof to ask for. Where support and signs are known, w solves a linear system at any one strength, l2 or not.
"""

from fractions import Fraction
from itertools import groupby

import numpy as np
import pytest

import equipoise as eq

CLAIMED = 1e-9


class Exactly:
    """A small problem in fractions."""

    def __init__(self, X, y, l2=0.0, intercept=True, sample_weight=None):
        n, p = X.shape
        s = [Fraction(float(v)) for v in (np.ones(n) if sample_weight is None else sample_weight)]
        columns = [[Fraction(float(v)) for v in column] for column in (*X.T, y)]
        if intercept:
            means = [sum(u * v for u, v in zip(s, c, strict=True)) / sum(s) for c in columns]
            columns = [[v - mean for v in c] for c, mean in zip(columns, means, strict=True)]
        *X, y = columns
        weighed = [[u * v for u, v in zip(s, c, strict=True)] for c in X]
        self.gram = [[sum(u * v for u, v in zip(a, b, strict=True)) for b in X] for a in weighed]
        self.pull = [sum(u * v for u, v in zip(a, y, strict=True)) for a in weighed]
        self.l2 = [Fraction(float(v)) for v in np.broadcast_to(l2, p)]

    def is_solution(self, active: dict[int, int], t: Fraction) -> bool:
        """Whether these features, with these signs, are those of the solution at strength t."""
        rows = [
            [*(self.gram[i][j] + 2 * t * self.l2[i] * (i == j) for j in active), self.pull[i] - t * sign]
            for i, sign in active.items()
        ]
        for c in range(len(rows)):
            rows[c] = [v / rows[c][c] for v in rows[c]]
            for r in range(len(rows)):
                if r != c and rows[r][c]:
                    rows[r] = [u - rows[r][c] * v for u, v in zip(rows[r], rows[c], strict=True)]
        w = {j: row[-1] for j, row in zip(active, rows, strict=True)}
        pulls = [
            c - sum(row[j] * v for j, v in w.items()) for c, row in zip(self.pull, self.gram, strict=True)
        ]
        return all(w[j] * sign > 0 for j, sign in active.items()) and all(
            abs(pull) < t for j, pull in enumerate(pulls) if j not in active
        )


def assert_exact(X, y, *, count=3, **options) -> int:
    path = eq.path(X, y, count=count, **options)
    exact = Exactly(X, y, **{k: v for k, v in options.items() if k in ("l2", "intercept", "sample_weight")})
    active: dict[int, int] = {}
    events = path.events
    assert all(0 < event.accuracy <= CLAIMED for event in events)
    for strength, together in groupby(events, key=lambda event: event.strength):
        changes = list(together)
        room = Fraction(2 * max(change.accuracy for change in changes))
        assert exact.is_solution(active, Fraction(strength) * (1 + room)), (changes, "above")
        for change in changes:
            j = path.features.index(change.feature)
            if change.kind == "enters":
                assert j not in active
                active[j] = change.sign
            else:
                assert active.pop(j) == change.sign
        assert exact.is_solution(active, Fraction(strength) * (1 - room)), (changes, "below")
    last = Fraction(float(path.strengths.min()))
    lowest = Fraction(events[-1].strength)
    assert exact.is_solution(active, last + (lowest - last) * Fraction(1, 3))
    return len(events)


@pytest.mark.parametrize("mean", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("intercept", [True, False])
def test_columns_far_from_zero(mean, intercept):
    found = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(4, 9))
        X, y = mean + rng.normal(size=(n, 3)), 3.0 * rng.normal(size=n)
        found += assert_exact(X, y, intercept=intercept, ratio=1e-9)
    assert found >= 36


@pytest.mark.parametrize("apart", [1e-3, 1e-6, 1e-8])
@pytest.mark.parametrize("l2", [0.0, 1e-9, 0.1])
def test_columns_that_nearly_agree(apart, l2):
    found = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(10, 6))
        X[:, 3:] = X[:, :3] + apart * rng.normal(size=(10, 3))
        y = X[:, :2] @ [1.0, 2.0] + rng.normal(size=10)
        found += assert_exact(X, y, l2=l2)
    assert found > 30


@pytest.mark.parametrize("l2", [1e-8, 1e-4, 0.1, 10.0])
@pytest.mark.parametrize("intercept", [True, False])
def test_elastic_nets(l2, intercept):
    found = 0
    for seed in range(8):
        rng = np.random.default_rng(seed)
        n, p = int(rng.integers(4, 9)), int(rng.integers(3, 7))
        X = rng.normal(size=(n, p)) + rng.choice([0.0, 2.0]) * rng.normal(size=(n, 1))
        found += assert_exact(X, rng.normal(size=n), l2=l2, intercept=intercept, ratio=1e-4)
    assert found > 24


def test_weights():
    for seed in range(6):
        rng = np.random.default_rng(seed)
        X, y = 1e3 + rng.normal(size=(9, 4)), rng.normal(size=9)
        weights = rng.integers(0, 4, size=9).astype(float) + (np.arange(9) < 5)
        assert_exact(X, y, sample_weight=weights, l2=0.01)


@pytest.mark.parametrize(("seed", "l2"), [(4, 1e-8), (7, 1e-8), (7, 1e-11), (21, 1e-11), (25, 1e-6)])
def test_more_features_than_rows_and_a_small_l2(seed, l2):
    # Once n − 1 features are in, the rest of the path hangs on the l2 alone.
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(15, 48)), rng.normal(size=15)
    path = eq.path(X, y, l2=l2)
    events = path.events
    assert max(event.accuracy for event in events) <= CLAIMED
    knots = [path.strengths.max(), *(event.strength for event in events), path.strengths.min()]
    active: set[str] = set()
    for event, below in zip(events, knots[2:], strict=True):
        active ^= {event.feature}
        if below < event.strength * (1 - 1e-6):
            fit = path.at(0.5 * (event.strength + below))
            assert fit.certificate.optimal
            assert {path.features[j] for j in np.flatnonzero(fit.coef)} == active, event


def test_a_contribution_that_an_l2_keeps_tiny_is_an_event():
    # In its own units x2 pulls as x1 does; its l2 of 1e40 keeps its coefficient at 1e-40.
    X, y = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([3.0, 2.0, 1.0])
    path = eq.path(X, y, l2=[0.0, 1e40], intercept=False, strengths=[5.0, 0.5])
    # x1: pull 4, w1 = (4 − t)/2; x2: pull 3 − w1 = t at t = 2.
    assert [(e.feature, e.kind, e.sign) for e in path.events] == [("x1", "enters", 1), ("x2", "enters", 1)]
    np.testing.assert_allclose([e.strength for e in path.events], [4.0, 2.0], rtol=1e-14)


def test_events_as_close_as_their_accuracy_are_told_to_be():
    # Two pulls that agree to the last digit but one: float64 tells them apart, ties share a strength.
    X = np.eye(3)
    path = eq.path(X, [2.0, 2.0, 1.0], intercept=False, strengths=[3.0, 0.5])
    first, second, _ = path.events
    assert first.strength == second.strength == 2.0
    assert max(e.accuracy for e in path.events) < 1e-13
    path = eq.path(X, [2.0, 2.0 + 1e-11, 1.0], intercept=False, strengths=[3.0, 0.5])
    assert [e.feature for e in path.events] == ["x2", "x1", "x3"]
    assert path.events[0].strength - path.events[1].strength == pytest.approx(1e-11, rel=1e-4)
