"""A stored intercept is the best one, rounded once, and what it leaves is never understated."""

from fractions import Fraction

import numpy as np
import pytest

import equipoise as eq
from equipoise.design.dense import Dense
from equipoise.objective.intercepts import Intercepts
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import Squares

INF, N, P = np.inf, 9, 3


def exactly(values):
    return [Fraction(float(v)) for v in values]


def mean_left(X, y, w, b, s, offset):
    """The weighted mean of y − o − b − Xw, and Σs, in rational arithmetic."""
    rows = zip(exactly(s), exactly(y), exactly(offset), map(exactly, X), strict=True)
    coef, total = exactly(w), sum(exactly(s))
    left = sum(
        weight * (t - o - Fraction(float(b)) - sum(x * c for x, c in zip(row, coef, strict=True)))
        for weight, t, o, row in rows
    )
    return left / total, total


@pytest.fixture(params=[0.0, 1.0, 1e6, 1e9, 1e12])
def asked(request):
    """A problem whose columns lie far from zero, coefficients of alternating sign, and its data."""
    rng = np.random.default_rng(int(np.log10(1 + request.param)))
    X = request.param * rng.integers(1, 4, size=P) + rng.normal(size=(N, P))
    y, s, offset = request.param + rng.normal(size=N), rng.exponential(size=N), rng.normal(size=N)
    free = np.full(P, INF)
    penalty = Penalty(np.ones(P), np.zeros(P), -free, free)
    problem = Squares.build(Dense(X), y, penalty, weights=s, offset=offset)
    return problem, rng.normal(size=(4, P)) * [1.0, -1.0, 0.0], (X, y, s, offset)


def test_the_best_one_is_rounded_once_and_costs_no_more_than_it_says(asked):
    problem, w, (X, y, s, offset) = asked
    found = Intercepts.of(problem, w)
    for k, coef in enumerate(w):
        exact, _ = mean_left(X, y, coef, 0.0, s, offset)
        # Means are rounded relative to the spread of the data, y − o to its size, the sum to its own.
        rounding = 1e-14 + np.spacing(np.abs(y).max()) + 0.5 * np.spacing(abs(float(exact)))
        assert abs(float(Fraction(found.values[k]) - exact)) <= rounding
        left, total = mean_left(X, y, coef, found.values[k], s, offset)
        assert left**2 * total <= Fraction(found.shift[k]) ** 2
        assert abs(found.shift[k]) <= found.tolerance[k]


@pytest.mark.parametrize("off", [0.0, 1e-3, -2.0])
def test_one_from_elsewhere_is_charged_what_it_leaves(asked, off):
    problem, w, (X, y, s, offset) = asked
    best = Intercepts.of(problem, w).values
    found = Intercepts.of(problem, w, best + off)
    for k, coef in enumerate(w):
        left, total = mean_left(X, y, coef, best[k] + off, s, offset)
        assert left**2 * total <= Fraction(found.shift[k]) ** 2
        if off and np.abs(best).max() < 1e7:
            assert found.shift[k] == pytest.approx(float(left) * float(total) ** 0.5, rel=1e-3)
            assert abs(found.shift[k]) > found.tolerance[k]


def test_none_without_an_intercept_and_none_that_overflows(asked):
    problem, w, (X, y, *_) = asked
    bare = Squares.build(Dense(X), y, problem.asked, intercept=False)
    assert not Intercepts.of(bare, w).values.any()
    assert not Intercepts.of(bare, w).shift.any()
    with np.errstate(over="ignore", invalid="ignore"):
        assert not np.isfinite(Intercepts.of(problem, np.array([[1e308, 1e308, 0.0]]), np.ones(1)).shift[0])


@pytest.mark.parametrize("verb", ["fit", "path"])
@pytest.mark.parametrize("seed", range(8))
def test_the_gap_counts_the_rounding_of_what_is_stored(verb, seed):
    """With every coefficient fixed the intercept alone is open: its cost is ½ Σs m², exactly."""
    rng = np.random.default_rng(seed)
    X = 10.0 ** rng.integers(6, 12) + rng.normal(size=(N, P))
    y, s, w = rng.normal(size=N), rng.exponential(size=N), rng.normal(size=P)
    arguments = {"l1": 0.1, "lower": w, "upper": w, "sample_weight": s}
    if verb == "fit":
        found = eq.fit(X, y, **arguments)
        intercept, certificate = found.intercept, found.certificate
    else:
        path = eq.path(X, y, strengths=[1.0], **arguments)
        intercept, certificate = path.intercept[0], path.certificates[0]
    left, total = mean_left(X, y, w, intercept, s, np.zeros(N))
    assert left != 0
    assert Fraction(certificate.gap) >= left**2 * total / 2
    squares = sum(a * b * b for a, b in zip(exactly(s), exactly(y), strict=True))
    assert Fraction(certificate.intercept_violation) ** 2 * squares >= left**2 * total * (
        1 - Fraction(1, 10**14)
    )


def test_an_intercept_that_float64_cannot_hold_is_said(tmp_path):
    """At 1e13 neighbours in float64 are 1/512 apart: so the mean of a response of spread 1 is rounded."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(N, P)), 1e13 + rng.normal(size=N)
    fit = eq.fit(X, y, l1=1.0)
    left, total = mean_left(X, y, fit.coef, fit.intercept, np.ones(N), np.zeros(N))
    assert Fraction(fit.certificate.gap) >= left**2 * total / 2
    assert fit.certificate.status is eq.Status.AT_PRECISION
    fit.save(tmp_path / "fit.json")
    assert eq.load(tmp_path / "fit.json").certificate.gap == fit.certificate.gap
