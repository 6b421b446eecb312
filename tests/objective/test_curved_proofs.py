"""Uniqueness, proved supports, saturation and the verdicts, by hand and in 50 digits."""

import mpmath as mp
import numpy as np
import pytest

import equipoise as eq
from equipoise.design.dense import Dense
from equipoise.objective.certificate import Certificate, Status
from equipoise.objective.curved import Curved
from equipoise.objective.curved_proofs import certify, farthest, prove_nonzeros, saturated
from equipoise.objective.evaluate import evaluate
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.solve.path import solve_point


@pytest.mark.parametrize("rate", [1e-3, 0.7, 30.0])
@pytest.mark.parametrize("share", [1e-20, 1e-9, 1e-3, 0.3, 0.99])
def test_farthest(rate, share):
    """The root of 1 − e^(−τ)(1 + τ) = rate²·gap, τ = rate·d, from above."""
    gap = share / rate**2
    with mp.workdps(40):
        tau = mp.findroot(
            lambda t: 1 - mp.exp(-t) * (1 + t) - share,
            (1e-12, 20),
            solver="anderson",
            tol=1e-35,
            maxsteps=200,
        )
    true = float(tau) / rate
    assert true <= farthest(rate, gap) <= true * (1 + 1e-6)


def test_farthest_at_the_ends():
    """Plain squares at rate 0, and no bound where the gap is too large for one."""
    assert farthest(0.0, 0.08) == pytest.approx(0.4)
    assert farthest(2.0, 0.25) == np.inf
    assert farthest(2.0, np.inf) == np.inf


def poisson(X, y, l1=1.0, l2=0.0, **asked):
    k = X.shape[1]
    free = np.full(k, np.inf)
    penalty = Penalty(np.broadcast_to(l1, k).astype(float), np.broadcast_to(l2, k).astype(float), -free, free)
    return Curved.build(Dense(X), y, penalty, read_loss("poisson"), **asked)


def test_how_far_a_coefficient_may_be():
    """One column of ±1 without an intercept, at w = 0, y = 1 and so h = 1: H = n, R = 1/√n, by hand.

    With a gap g, |w − w*| ≤ d/√n where 1 − e^(−τ)(1 + τ) = g/n and τ = d/√n.
    """
    X, y = np.array([[1.0], [-1.0], [1.0], [-1.0]]), np.ones(4)
    problem = poisson(X, y, intercept=False)
    scale, g = problem.view.scale[0], 0.01
    reach = farthest(1.0, g / 4) * scale  # of v = scale · w
    nothing = np.zeros(1, dtype=bool)
    for share, proved in ((1.0001, True), (0.999, False)):
        # The place has the linear predictor of w = 0, where H was worked out.
        place = problem.at(np.zeros(1), 0.0)._replace(coef=np.array([share * reach]))
        unique, nonzeros = prove_nonzeros(problem, 1.0, place, nothing, g)
        assert unique
        assert nonzeros.tolist() == [proved]


def test_copies_are_not_unique_unless_a_ridge_makes_them():
    """However the solver shares the coefficient out."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 1)), rng.poisson(2, 40).astype(float)
    X, y = np.column_stack([x, x]), y + (x[:, 0] > 0)
    certificate = solve_point(poisson(X, y)).certify()
    assert not certificate.unique
    assert not certificate.support_proved
    assert certificate.status is Status.NOT_UNIQUE
    ridge = solve_point(poisson(X, y, l2=0.5)).certify()
    assert ridge.unique
    assert ridge.support_proved
    assert ridge.status is Status.OPTIMAL


def test_unpenalised_copies_are_not_unique():
    """Two columns with neither l1 nor l2."""
    rng = np.random.default_rng(1)
    X = rng.normal(size=(30, 2))
    X = np.column_stack([X, X[:, 0]])
    y = rng.poisson(2, 30).astype(float)
    assert not solve_point(poisson(X, y, [0.0, 1.0, 0.0])).certify().unique
    assert solve_point(poisson(X[:, :2], y, [0.0, 1.0])).certify().unique


def test_a_point_from_outside_is_told_from_one_that_was_found():
    """Where its pulls do not balance."""
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(30, 3)), rng.poisson(3, 30).astype(float)
    problem = poisson(X, y)
    points = solve_point(problem)
    assert points.certify().status is Status.OPTIMAL
    other = evaluate(problem, np.ones(1), points.coef * 1.001 + 1e-3)
    assert other.certify(found=False).status is Status.NOT_OPTIMAL
    assert other.certify().status is Status.NUMERICAL
    loose = points.measure()._replace(precise=np.array([False]))
    assert certify(problem, 1.0, points.place(0), loose, 0).status is Status.AT_PRECISION


def test_saturation_is_said_beside_optimality():
    """Labels told apart by a line: as the penalty falls each probability ends at its label."""
    X, y = np.array([[1.0], [2.0], [3.0], [4.0]]), [0, 0, 1, 1]
    path = eq.path(X, y, strengths=np.geomspace(1, 1e-11, 30), loss="binomial")
    assert path[0].certificate.status is Status.OPTIMAL
    ended = path[-1]
    assert ended.certificate.status is Status.SATURATED
    assert ended.certificate.optimal
    assert ended.certificate.unique
    again = Certificate.from_dict(ended.certificate.to_dict())
    assert again == ended.certificate
    assert np.abs(1 / (1 + np.exp(-X @ ended.coef - ended.intercept)) - y).max() < 1e-9
    with pytest.raises(ValueError, match="SATURATED"):
        Certificate.from_dict(ended.certificate.to_dict() | {"violation": 1e-3})


@pytest.mark.parametrize("y", [[1] * 6, [1, 2, 4, 8, 16, 32]], ids=["null model", "a feature"])
def test_a_perfect_fit_with_a_finite_end_is_not_called_saturated(y):
    """Counts that a constant, or 2 to a feature, meets exactly: log 2 is where its coefficient ends."""
    X = np.column_stack([np.arange(6.0), np.array([0.0, 1, 0, 0, 1, 0])])
    fit = eq.fit(X, y, l1=1e-9, loss="poisson")
    assert saturated(fit.points.problem, fit.points.place(0))
    assert fit.certificate.optimal
    assert fit.certificate.status is not Status.SATURATED
    assert fit.coef == pytest.approx([np.log(2) * (y[-1] > 1), 0.0], abs=1e-9)


def test_saturated_counts():
    """Relative to the count, or to the mean count where it is less."""
    X, y = np.eye(3), np.array([0.0, 1e6, 2e6])
    problem = poisson(X, y, intercept=False)
    near = np.array([np.log(1e-4), np.log(1e6) + 5e-10, np.log(2e6)])
    off = np.array([np.log(1e-4), np.log(1e6) + 5e-9, np.log(2e6)])
    at = problem.at(np.zeros(3), 0.0)
    assert saturated(problem, at._replace(eta=near))
    assert not saturated(problem, at._replace(eta=off))
    assert not saturated(problem, at._replace(eta=near + np.array([50.0, 0, 0])))


@pytest.mark.parametrize("name", ["poisson", "binomial", "gamma", "negative_binomial(2)"])
@pytest.mark.parametrize("ridge", [0.0, 1e4])
@pytest.mark.parametrize("away", [1e-5, 1e-3, 0.03])
def test_a_zero_on_the_edge_is_not_taken_for_a_nonzero_however_near(name, ridge, away):
    """One column of ±1 whose pull at w = 0 is its limit, by hand: 0 is the solution.

    At w = away the objective is ½Hw² + l2 w² above its optimum, so that the bound on |w − w*| is w itself.
    """
    X = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    y = np.array([1.0, 0.0, 0.5, 0.0]) if name == "binomial" else np.array([2.0, 1.0, 1.0, 1.0])
    at_rest = 0.5 if name == "binomial" else 1.0  # the mean at η = 0
    share = 2 / 3 if name.startswith("negative") else 1.0  # −φ′ is (y − μ) ÷ (1 + μ/size)
    pull = share * float(X[:, 0] @ (y - at_rest))
    free = np.full(1, np.inf)
    penalty = Penalty(np.array([pull]), np.array([ridge]), -free, free)
    problem = Curved.build(Dense(X), y, penalty, read_loss(name), intercept=False)
    coef = np.array([[away]]) * problem.view.scale
    certificate = evaluate(problem, np.ones(1), coef).certify(found=False)
    assert not certificate.zeros_proved.any()
    assert not certificate.support_proved
    far = evaluate(problem, np.ones(1), -coef).certify(found=False)  # on the other side it loses 2·l1·w
    assert far.gap > 0.9 * (2 * pull * away)
    assert not far.support_proved
