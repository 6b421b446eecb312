"""Points of any loss: their numbers in mpmath, shares that add up, and intercepts as they are stored."""

from dataclasses import replace

import exact_losses as exact
import mpmath as mp
import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.curved import Curved
from equipoise.objective.curved_points import CurvedPoints, secant
from equipoise.objective.losses.registry import read_loss
from equipoise.objective.penalty import Penalty
from equipoise.solve.path import solve_path

LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2)")


def drawn(name, p=4):
    rng = np.random.default_rng(6)
    X = rng.normal(size=(20, p)) + np.array([0.0, 40.0, 0.0, 0.0])
    y = rng.choice([0.0, 1.0, 0.5], 20) if name == "binomial" else np.ceil(rng.gamma(2, 1, 20))
    l1 = np.ones(p)
    l1[2] = 0.0
    penalty = Penalty(l1, np.zeros(p), np.full(p, -np.inf), np.full(p, np.inf))
    s, o = rng.random(20) + 0.5, 0.3 * rng.normal(size=20)
    problem = Curved.build(Dense(X), y, penalty, read_loss(name), offset=o, weights=s)
    return problem, X, y, s, o, rng


@pytest.mark.parametrize("name", LOSSES)
def test_losses_and_intercepts(name):
    """Σ s φ in mpmath at the stored intercept and coefficients; the best intercept balances."""
    problem, X, y, s, o, rng = drawn(name)
    coef = 0.4 * rng.normal(size=(2, 4)) * problem.view.scale
    points = CurvedPoints.evaluate(problem, np.array([2.0, 1.0]), coef)
    w, b = points.original()
    own, slope = exact.phi(problem.kind), exact.slope(problem.kind)
    with mp.workdps(40):
        for i in range(2):
            eta = [
                mp.mpf(off) + mp.mpf(b[i]) + mp.fdot(map(mp.mpf, x), map(mp.mpf, w[i]))
                for off, x in zip(o, X, strict=True)
            ]
            loss = sum(
                mp.mpf(k) * (own(mp.mpf(a), e) - exact.smallest(problem.kind, a))
                for k, a, e in zip(s, y, eta, strict=True)
            )
            force = sum(mp.mpf(k) * slope(mp.mpf(a), e)[0] for k, a, e in zip(s, y, eta, strict=True))
            assert points.loss()[i] == pytest.approx(float(loss), rel=1e-12)
            assert abs(float(force)) < 1e-11
    assert points.objective() == pytest.approx(
        points.loss() + np.abs(coef) @ problem.penalty.l1 * points.strengths
    )
    one = points.single(1)
    assert one.intercept == pytest.approx(b[1], rel=1e-14)  # rounded in another order
    assert one.coef.tolist() == coef[1:].tolist()
    moved = CurvedPoints.evaluate(problem, np.ones(1), coef[:1], b[:1] + 0.5)
    assert moved.level[0] == pytest.approx(points.level[0] + 0.5, abs=1e-12)
    assert moved.original()[1] == pytest.approx(b[:1] + 0.5, abs=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_takings_add_up(name):
    """What the features take, pulled on by each feature, is what its pull lost since it was alone."""
    problem, _, _, _, _, rng = drawn(name)
    coef = 0.3 * rng.normal(size=4) * problem.view.scale
    # Intercept and the unpenalised third column are fitted, as they are at a solution.
    from equipoise.objective.null_model import fit_unpenalised

    start = problem.at(np.where(problem.penalty.l1 > 0, coef, 0.0), 0.0)
    step = fit_unpenalised(
        problem.kind,
        problem.response,
        start.eta,
        problem.view.plain_columns(np.array([2])),
        problem.weights,
        True,
    )
    coef[2] = step.coef[0]
    points = CurvedPoints.of(problem, np.ones(1), [problem.at(coef, step.level)])
    others = np.array([0, 1, 3])
    takings = points.takings(0, others, coef[others])
    total = problem.pull(takings.sum(axis=0))
    assert (problem.alone - points.pull[0])[others] == pytest.approx(total[others], abs=1e-10)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("step", [1e-9, 1e-3, 2.0, 15.0])
def test_the_secant_is_the_average_curvature(name, step):
    """∫ h over the way, by mpmath's quadrature."""
    problem, _, y, _, _, _ = drawn(name)
    found = secant(problem, np.full(20, -0.3), np.full(20, -0.3 + step))
    slope = exact.slope(problem.kind)
    with mp.workdps(30):
        low, high = mp.mpf(-0.3), mp.mpf(-0.3 + step)
        true = [float(mp.quad(lambda t, a=a: slope(mp.mpf(a), t)[1], [low, high]) / (high - low)) for a in y]
    assert found == pytest.approx(true, rel=1e-9)


def test_points_of_some_features_say_what_the_whole_say():
    """Left out are features with pulls far from their limits; a gap that reaches these brings them in."""
    X = np.random.default_rng(2).normal(size=(60, 8))
    y = (X[:, 0] + X[:, 1] > np.random.default_rng(3).normal(size=60)).astype(float)
    penalty = Penalty(np.ones(8), np.zeros(8), np.full(8, -np.inf), np.full(8, np.inf))
    problem = Curved.build(Dense(np.asfortranarray(X)), y, penalty, read_loss("binomial"))
    (points,) = solve_path(problem, np.array([9.0, 8.0]))
    assert points.columns is not None
    assert len(points.columns) < 8
    whole = points.whole()
    assert whole.columns is None
    for far in (0.0, 0.3):  # at the solutions, and off them
        some = replace(points, coef=points.coef * (1 + far), measures=None)
        there = CurvedPoints.of(
            problem,
            some.strengths,
            [problem.at(w, b) for w, b in zip(some.whole().coef, some.level, strict=True)],
        )
        some = replace(some, eta=there.eta, pull=there.pull[:, points.columns])
        mine, theirs = some.measure(), there.measure()
        np.testing.assert_allclose(mine.gap, theirs.gap, rtol=0.5)
        out, right = np.zeros((2, 8), dtype=bool), np.zeros((2, 8), dtype=bool)
        some.mark_zeros(mine, out, np.arange(2))
        there.mark_zeros(theirs, right, np.arange(2))
        assert out.tolist() == right.tolist()
        assert (mine.zeros_proved.shape[1] == 8) == (far > 0)
