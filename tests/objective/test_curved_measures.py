"""Gaps and proofs are never false and seldom empty: against optima in 50 digits, and against each other."""

import census
import exact_losses
import mpmath as mp
import numpy as np
import pytest
from loss_oracle import worst_violation
from scipy.optimize import brentq, minimize_scalar
from scipy.sparse import csc_array

import equipoise as eq
from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.curved_measures import measure
from equipoise.objective.curved_points import CurvedPoints
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.solve.path import solve_path, solve_point

NEVER = ("gap too small", "false zeros", "false non-zeros", "false support", "falsely optimal")


@pytest.mark.parametrize("name", census.LOSSES)
@pytest.mark.parametrize("wide", [False, True], ids=["tall", "wide"])
def test_no_certificate_is_false_and_few_are_empty(name, wide):
    """At solutions and at points near and far; ``python tests/census.py 100`` counts many more."""
    counts = census.census(name, range(2, 4) if wide else range(3), wide)
    assert {what: counts[what] for what in NEVER} == dict.fromkeys(NEVER, 0)
    assert counts["optimal"] == counts["solved"] > 0
    assert counts["proved zeros"] >= 0.95 * counts["true zeros"]
    assert counts["proved non-zeros"] >= 0.9 * counts["true non-zeros"]


@pytest.mark.parametrize(("name", "seed"), [("gamma", 1010)])
def test_once_false(name, seed):
    """A pull of 1.5 at a bound of 0.4: their product rounds by as much as spoils a gap of 1e-10."""
    counts = census.census(name, [seed])
    assert {what: counts[what] for what in NEVER} == dict.fromkeys(NEVER, 0)
    assert counts["solved"] > 0


@pytest.mark.parametrize("name", ["binomial", "poisson"])
def test_sparse_and_dense_columns_prove_the_same(name):
    """The conditions do not ask how columns are stored."""
    rng = np.random.default_rng(9)
    X = np.where(rng.random((60, 12)) < 0.3, rng.normal(size=(60, 12)), 0.0)
    eta = X[:, 0] - X[:, 1]
    y = (rng.random(60) < 1 / (1 + np.exp(-eta))) if name == "binomial" else rng.poisson(np.exp(eta))
    dense = eq.fit(X, y, l1=3.0, loss=name).certificate
    sparse = eq.fit(csc_array(X), y, l1=3.0, loss=name).certificate
    assert dense.optimal
    assert sparse.optimal
    assert dense.zeros_proved.sum() > 0
    assert sparse.zeros_proved.tolist() == dense.zeros_proved.tolist()
    assert (sparse.support_proved, sparse.unique) == (dense.support_proved, dense.unique) == (True, True)
    assert max(sparse.gap, dense.gap) < 1e-15


def path_of(name, seed=3, **asked):
    """Eight neighbouring strengths of a random problem, in one batch."""
    rng = np.random.default_rng([seed, 1])
    problem, strength, _ = census.draw(rng, read_loss(name))
    strengths = strength * np.geomspace(1.5, 0.3, 8)
    found = [points.whole() for points in solve_path(problem, strengths, 1)]
    places = [points.place(0) for points in found]
    return CurvedPoints.of(problem, strengths, places), found


@pytest.mark.parametrize("name", census.LOSSES)
def test_a_batch_says_what_its_points_say_alone(name):
    """One Hessian for all makes the bounds on the gaps larger, never too small, and proves as much."""
    for seed in range(1, 2):
        batch, alone = path_of(name, seed)
        together = batch.measure()
        for i, points in enumerate(alone):
            points.problem.nearby.clear()
            own = points.measure()
            assert together.violation[i] == pytest.approx(own.violation[0], rel=1e-6, abs=1e-13)
            assert together.balanced[i] == own.balanced[0]
            assert own.gap[0] <= together.gap[i] * 1.5
            assert together.gap[i] <= 1e4 * own.gap[0] + 1e-18
            assert (together.zeros_proved[i] == own.zeros_proved[0]).all()


def test_calm_features_are_settled_without_a_look_but_not_falsely():
    """With points so far off that a tenth of the limit is not enough, each feature is looked at."""
    rng = np.random.default_rng(5)
    problem, strength, _ = census.draw(rng, read_loss("poisson"), wide=True)
    place = next(solve_path(problem, np.array([strength]))).whole().place(0)
    for eps in (0.0, 1e-6, 1e-2):
        coef = np.where(place.coef != 0, place.coef * (1 + eps), 0.0)
        points = CurvedPoints.of(problem, np.array([strength]), [problem.at(coef, place.level)])
        found = points.measure()
        l1 = strength * problem.penalty.l1
        plain = np.abs(points.pull[0]) >= l1 * (1 - 1e-9)
        assert not np.any(found.zeros_proved[0] & plain)
    assert found.zeros_proved.sum() < len(coef)


def test_numbers_beyond_float64_prove_nothing():
    """An infinite loss has no gap, and is not balanced."""
    problem, strength, _ = census.draw(np.random.default_rng(2), read_loss("poisson"))
    p = len(problem.penalty.l1)
    coef = np.clip(np.full((1, p), 1e4), problem.penalty.lower, problem.penalty.upper)
    with np.errstate(all="ignore"):
        points = CurvedPoints.of(problem, np.array([strength]), [problem.at(coef[0], 1e4)])
        found = measure(problem, points.strengths, points.coef, points.level, points.eta, points.pull)
    assert found.gap.tolist() == [np.inf]
    assert found.violation.tolist() == [np.inf]
    assert not found.balanced[0]
    assert not found.zeros_proved[0][problem.penalty.moving].any()


def test_numbers_whose_squares_overflow_are_not_called_balanced():
    """A mean of e^600 beside counts of 1: no rounding is as large, whatever its bound comes to."""
    free = np.full(1, np.inf)
    penalty = Penalty(np.ones(1), np.zeros(1), -free, free)
    X = np.array([[1.0], [-1.0], [2.0]])
    problem = Curved.build(Dense(X), np.ones(3), penalty, read_loss("poisson"), intercept=False)
    with np.errstate(all="ignore"):
        points = CurvedPoints.of(problem, np.ones(1), [problem.at(300.0 * problem.view.scale, 0.0)])
        certificate = points.certify(found=False)
    assert certificate.status.name == "NOT_OPTIMAL"


@pytest.mark.parametrize("name", ["binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2)"])
@pytest.mark.parametrize("offset", [800.0, -800.0])
def test_an_offset_in_all_rows_goes_into_the_intercept(name, offset):
    """And changes neither coefficients nor what is proved of them, for losses that know no scale of η."""
    rng = np.random.default_rng(10)
    X = rng.normal(size=(50, 5)) + np.array([0.0, 0.0, 1e6, 0.0, 0.0])
    y = rng.choice([0.0, 1.0], 50) if name == "binomial" else rng.poisson(2.0, 50) + 1.0
    plain = eq.fit(X, y, l1=4.0, loss=name)
    moved = eq.fit(X, y, l1=4.0, loss=name, offset=np.full(50, offset))
    assert plain.certificate.optimal
    assert moved.certificate.optimal
    assert moved.coef == pytest.approx(plain.coef, abs=1e-9)
    assert moved.intercept == pytest.approx(plain.intercept - offset, rel=1e-9, abs=1e-5)
    assert moved.certificate.zeros_proved.tolist() == plain.certificate.zeros_proved.tolist()
    assert moved.certificate.support_proved


def test_counts_of_a_million():
    """A thousandfold count at a thousandfold penalty and exposure: the same coefficients, as well proved."""
    rng = np.random.default_rng(11)
    X, y = rng.normal(size=(60, 6)), rng.poisson(1e3, 60).astype(float)
    small = eq.fit(X, y, l1=150.0, loss="poisson")
    large = eq.fit(X, 1e3 * y, l1=1.5e5, loss="poisson", exposure=np.full(60, 1e3))
    assert large.coef == pytest.approx(small.coef, abs=1e-12)
    assert 0 < small.certificate.zeros_proved.sum() < 6
    assert large.certificate.zeros_proved.tolist() == small.certificate.zeros_proved.tolist()
    assert small.certificate.support_proved
    assert large.certificate.support_proved
    assert large.certificate.optimal


@pytest.mark.parametrize("name", census.LOSSES)
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize(
    ("l1", "l2", "low", "high", "w", "lost", "violation", "unique"),
    [
        (3.0, 0.0, -np.inf, np.inf, 0.5, 1.5, 1.0, True),
        (3.0, 0.0, -np.inf, np.inf, 0.0, 0.0, 0.0, True),
        (0.0, 2.0, -np.inf, np.inf, 0.5, 0.5, np.inf, True),
        (3.0, 2.0, 0.25, 1.0, 0.5, 3 * 0.25 + 2 * (0.25 - 0.0625), 5 / 3, True),
        (0.0, 0.0, -np.inf, np.inf, 0.5, 0.0, 0.0, False),
        (3.0, 0.0, 0.0, 0.4, 0.5, np.inf, np.inf, True),
        (np.inf, 0.0, -np.inf, np.inf, 0.5, np.inf, np.inf, True),
        (np.inf, 0.0, -np.inf, np.inf, 0.0, 0.0, 0.0, True),
    ],
)
def test_a_column_that_pulls_at_nothing_costs_its_own_penalty(
    name, intercept, l1, l2, low, high, w, lost, violation, unique
):
    """By hand: l1|w| + l2 w² less its least in the box. Constant beside an intercept, else 0."""
    rng = np.random.default_rng(12)
    X = rng.normal(size=(40, 3))
    weights = np.r_[np.ones(38), np.zeros(2)]
    X[:, 2] = np.where(weights > 0, 2.0 if intercept else 0.0, 7.0)
    y = (X[:, 0] + rng.normal(size=40) > 0) * 1.0 if name == "binomial" else rng.poisson(2.0, 40) + 1.0
    free = np.full(2, np.inf)
    penalty = Penalty(np.r_[1.0, 1.0, l1], np.r_[0.0, 0.0, l2], np.r_[-free, low], np.r_[free, high])
    problem = Curved.build(Dense(X), y, penalty, read_loss(name), weights=weights, intercept=intercept)
    assert problem.view.norm[2] == 0
    assert problem.view.scale[2] == 1
    found = solve_point(problem)
    coef = np.r_[found.coef[0, :2], w]
    at = problem.under(problem.asked)
    points = CurvedPoints.of(at, np.ones(1), [at.at(coef, float(found.level[0]))])
    certificate = points.certify(found=False)
    assert certificate.gap == pytest.approx(lost, rel=1e-9, abs=1e-12)
    assert certificate.gap >= lost
    assert certificate.violation == pytest.approx(violation, abs=1e-9)
    assert certificate.optimal == (lost == 0)
    assert certificate.unique == unique


@pytest.mark.parametrize("name", ["binomial", "poisson"])
def test_a_gap_counts_features_that_are_about_to_enter(name):
    """At w1 just so far from its best that the pull of x2 is within its limit: at the optimum it is not.

    The best of x1 alone, which a bound that looks no further comes to, is nowhere near the optimum.
    """
    rng = np.random.default_rng(21)
    X = rng.normal(size=(60, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]])
    mean = np.exp(0.4 * X[:, 0] + 0.9 * X[:, 1])
    y = (rng.random(60) < mean / (1 + mean)) * 1.0 if name == "binomial" else rng.poisson(mean) * 1.0
    free, loss = np.full(2, np.inf), read_loss(name)
    l1 = 4.0
    problem = Curved.build(
        Dense(X), y, Penalty(np.full(2, l1), np.zeros(2), -free, free), loss, intercept=False
    )
    ones = np.ones(60)
    exact = census.Exact(loss, X, y, ones, 0 * ones, np.full(2, l1), np.zeros(2), -free, free, False)

    def value(w1, w2=0.0):
        return float(exact.value(np.array([mp.mpf(0), mp.mpf(w1), mp.mpf(w2)], dtype=object)))

    def pull(w1):
        residual = loss.residual(y, X[:, 0] * w1)
        return X.T @ residual

    alone = minimize_scalar(value, bounds=(0.0, 5.0), method="bounded", options={"xatol": 1e-10}).x
    inside = brentq(lambda w: pull(w)[1] - 0.999 * l1, alone, 5.0)
    found = solve_point(problem)
    best = exact.optimum(np.r_[0.0, found.original()[0][0]])
    assert best is not None
    assert best[2] > 0.1
    excess = value(inside) - float(exact.value(best))
    assert 1.5 * (value(inside) - value(alone)) < excess
    coef = np.array([inside, 0.0]) * problem.view.scale
    points = CurvedPoints.of(problem, np.ones(1), [problem.at(coef, 0.0)])
    assert points.measure().gap[0] >= excess


@pytest.mark.parametrize("name", census.LOSSES)
@pytest.mark.parametrize("level", [0.0, 1e3])
def test_the_intercept_is_held_as_an_unpenalised_column_is(name, level):
    """By mpmath: no more than some hundred roundings of the rows' sum are left, far less than 1e-9 of it."""
    rng = np.random.default_rng(30)
    X = rng.normal(size=(50, 3))
    y = (rng.random(50) < 0.4) * 1.0 if name == "binomial" else rng.poisson(2.0, 50) + 1.0
    free = np.full(3, np.inf)
    penalty, offset = Penalty(np.full(3, 2.0), np.zeros(3), -free, free), np.full(50, -level)
    problem = Curved.build(Dense(X), y, penalty, read_loss(name), offset=offset)
    points = solve_point(problem)
    assert points.certify().optimal
    place = points.place(0)
    size = float(read_loss(name).size(y, place.eta).sum()) * (1 + 2 * level)
    for share, optimal in ((0.0, True), (1e-11, False)):
        moved = problem.at(place.coef, place.level + share * (1 + 2 * level))
        certificate = CurvedPoints.of(problem, np.ones(1), [moved]).certify(found=False)
        assert certificate.optimal == optimal
        eta = (mp.mpf(a) for a in moved.eta)
        with mp.workdps(40):
            slope = exact_losses.slope(name)
            left = abs(mp.fsum(slope(mp.mpf(b), a)[0] for a, b in zip(eta, y, strict=True)))
        assert (left <= 300 * 2.0**-52 * size) == optimal


def test_rows_that_no_feature_reaches_excuse_no_imbalance():
    """A row of zeros adds nothing to a pull, and nothing to its rounding, however large its response."""
    X = np.random.default_rng(0).normal(size=(60, 6)) > 1
    y = np.full(60, 1e10) * np.exp(np.random.default_rng(1).normal(size=60))
    assert not X.any(axis=1).all()
    for loss in ("gamma", "tweedie(1.99)", "tweedie(1.5)"):
        found = eq.fit(X.astype(float), y, l1=0.1, loss=loss, intercept=False)
        worst = worst_violation(loss, X, y, found.coef, 0.0, l1=0.1, centred=False)
        assert worst < 4 or not found.certificate.optimal, loss
