"""Points carry residuals, pulls and objectives of their problem, and pass on what is proved of them."""

from dataclasses import replace

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.certificate import Status
from equipoise.objective.penalty import Penalty
from equipoise.objective.points import Settled
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints

INF, LONG = np.inf, np.longdouble
N, P = 15, 6
STRENGTHS = np.array([4.0, 1.0, 0.25])


@pytest.fixture(params=[False, True], ids=["penalised", "with a free column"])
def points(request):
    """Three points, none a solution, of a weighted problem whose third feature may be unpenalised."""
    rng, free = np.random.default_rng(0), np.full(P, INF)
    l1 = np.ones(P)
    l1[2] = 0.0 if request.param else 1.0
    penalty = Penalty(l1, np.where(np.arange(P) == 4, 0.5, 0.0), -free, free)
    X, y, s = rng.normal(size=(N, P)) + 1.0, rng.normal(size=N), rng.random(N) + 0.5
    problem = Squares.build(Dense(X), y, penalty, weights=s)
    w = rng.normal(size=(3, P)) * (rng.random((3, P)) < 0.6)
    return SquaresPoints.evaluate(problem, STRENGTHS, w * problem.view.scale), w, (X, y, s)


def test_residuals_pulls_and_objectives_are_those_of_the_data(points):
    found, coef, (X, y, s) = points
    problem = found.problem
    for k, w in enumerate(coef):
        r = y - X.astype(LONG) @ w
        r -= s @ r / s.sum()
        assert found.rss[k] == pytest.approx(float(s @ r**2), rel=1e-12)
        np.testing.assert_allclose(
            found.pull[k] * problem.view.scale, X.T @ (s * r).astype(float), atol=1e-12
        )
        l1, l2 = problem.limits, problem.ridge
        objective = 0.5 * (s @ r**2) + STRENGTHS[k] * (l1 @ np.abs(w) + l2 @ w**2)
        assert found.objective()[k] == pytest.approx(float(objective), rel=1e-12)


def test_what_free_columns_could_still_fit_is_taken_out_of_the_dual_point(points):
    found, coef, (X, y, s) = points
    root = np.sqrt(s)
    free = [2] if found.problem.penalty.unpenalised.any() else []
    basis = root[:, None] * np.column_stack([np.ones(N), X[:, free]])
    for k, w in enumerate(coef):
        r = root * (y - X @ w)
        r -= basis[:, :1] @ np.linalg.lstsq(basis[:, :1], r, rcond=None)[0]
        left = r - basis @ np.linalg.lstsq(basis, r, rcond=None)[0]
        assert found.spill[k] == pytest.approx((r - left) @ (r - left), abs=1e-12)
        pull = found.dual_pull[k] * found.problem.view.scale
        np.testing.assert_allclose(pull, X.T @ (root * left), atol=1e-12)
    assert (found.spill > 1e-6).any() == bool(free)


def test_an_intercept_of_ones_own_costs_its_mean_residual(points):
    found, coef, (X, y, s) = points
    b = np.array([0.0, 1.0, -2.0])
    given = SquaresPoints.evaluate(found.problem, STRENGTHS, coef * found.problem.view.scale, b)
    for k, w in enumerate(coef):
        r = y - X.astype(LONG) @ w - b[k]
        assert given.intercepts.shift[k] == pytest.approx(float(s @ r / np.sqrt(s.sum())), rel=1e-11)
        paid = given.objective()[k] - 0.5 * float(s @ r**2)
        assert paid == pytest.approx(found.objective()[k] - 0.5 * found.rss[k], rel=1e-9, abs=1e-12)


def test_one_of_the_points_has_the_intercept_of_its_own(points):
    found, coef, (X, y, s) = points
    for k, w in enumerate(coef):
        one = found.single(k)
        assert one.strengths.tolist() == [STRENGTHS[k]]
        np.testing.assert_array_equal(one.coef, found.coef[k : k + 1])
        assert one.intercept == pytest.approx(float(s @ (y - X @ w) / s.sum()), rel=1e-12)


def test_what_is_known_is_not_measured_again(points):
    found = points[0]
    measures = found.measure()
    known = replace(found, measures=measures)
    assert known.measure() is measures


def test_proofs_of_zeros_are_put_together_from_those_who_found_them(points):
    """Features 1 and 4 are measured; of the others 0 is proved throughout, 3 at the second point alone."""
    found = points[0]
    measures = found.measure()
    settled = Settled(
        measured=np.array([1, 4]),
        zeros=np.array([[True, False], [False, True]]),
        proved=np.array([True, True, False, True, False, False]),
        doubtful=np.array([3]),
        there=np.array([[False], [True]]),
    )
    out = np.ones((4, P), dtype=bool)
    some = replace(found, columns=np.array([1, 4]), settled=(settled,))
    some.mark_zeros(measures, out, np.array([2, 0]))
    assert out[2].tolist() == [True, True, False, False, False, False]
    assert out[0].tolist() == [True, False, False, True, True, False]
    assert out[[1, 3]].all()


def test_points_that_are_no_solution_are_called_so(points):
    found = points[0]
    assert found.certify(0, found=False).status is Status.NOT_OPTIMAL
    assert found.certify(1).status is Status.NUMERICAL
