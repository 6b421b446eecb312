"""Proofs reach no further than rational arithmetic allows, and far enough to be of use."""

from fractions import Fraction

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.certificate import Status
from equipoise.objective.penalty import Penalty
from equipoise.objective.proofs import certify, pull_rounding
from equipoise.objective.squares import Squares
from equipoise.objective.squares_points import SquaresPoints

INF = np.inf


def built(X, y, l1, l2=0.0, lower=-INF, upper=INF):
    p = X.shape[1]
    penalty = Penalty(
        *(np.broadcast_to(np.asarray(a, dtype=float), p).copy() for a in (l1, l2, lower, upper))
    )
    return Squares.build(Dense(X), y, penalty, intercept=False)


def judged(problem, w, gap=None):
    """The certificate of coefficients in original units, as if their gap were the one given."""
    points = SquaresPoints.evaluate(problem, np.ones(1), (w * problem.view.scale)[None])
    measures = points.measure()
    if gap is not None:
        measures = measures._replace(gap=np.array([gap]), zeros_proved=np.asarray(w == 0)[None])
    return certify(problem, 1.0, points.coef[0], measures, 0)


def inverse_diagonal(H):
    """The diagonal of H⁻¹ by Cramer's rule, exactly."""

    def det(M):
        if not M:
            return Fraction(1)
        minors = ([row[:j] + row[j + 1 :] for row in M[1:]] for j in range(len(M)))
        return sum((-1) ** j * M[0][j] * det(minor) for j, minor in enumerate(minors))

    H = [[Fraction(h) for h in row] for row in H]
    k = range(len(H))
    return [det([[H[a][b] for b in k if b != j] for a in k if a != j]) / det(H) for j in k]


@pytest.mark.parametrize("l2", [0.0, 0.5])
def test_a_coefficient_is_proved_to_be_there_if_the_gap_cannot_take_it_to_zero(l2):
    """Growing by ½ΔᵀHΔ, the objective lets |Δ_j| be at most √(2 gap (H⁻¹)_jj); no proof may ignore that."""
    X = np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 2.0], [0.0, 3.0, 1.0], [2.0, 1.0, 1.0]])
    problem = built(X, np.array([3.0, -1.0, 2.0, 4.0]), 0.5, l2)
    w = np.array([0.25, 1.0, -2.0])
    inverse = inverse_diagonal(X.T @ X + 2 * l2 * np.eye(3))
    least = min(Fraction(a) ** 2 / (2 * h) for a, h in zip(w, inverse, strict=True))  # the gap that reaches 0
    assert not judged(problem, w, float(least) * 1.001).support_proved
    assert judged(problem, w, float(least) * 0.25).support_proved


def test_a_zero_that_is_proved_is_no_part_of_the_doubt():
    X = np.array([[1.0, 1.0], [1.0, 1.0 + 1e-4], [0.0, 0.0]])
    problem, w = built(X, np.array([3.0, 3.0, 0.0]), 0.5), np.array([2.0, 0.0])
    # Alone the first column leaves the coefficient well defined; together with its near-copy hardly at all.
    assert judged(problem, w, 1e-3).support_proved
    points = SquaresPoints.evaluate(problem, np.ones(1), (w * problem.view.scale)[None])
    doubt = points.measure()._replace(gap=np.array([1e-3]), zeros_proved=np.zeros((1, 2), dtype=bool))
    assert not certify(problem, 1.0, points.coef[0], doubt, 0).support_proved


def test_copies_leave_the_solution_open_and_a_little_l2_closes_it():
    x = np.array([[1.0], [2.0], [-1.0]])
    X, y = np.hstack([x, x]), 6.0 * x[:, 0]
    # Both at w solve it for any split of 6 − l1/6.
    found = judged(built(X, y, 6.0), np.array([2.5, 2.5]))
    assert (found.unique, found.status) == (False, Status.NOT_UNIQUE)
    # (12 + 2·l2) w = 36 − 6 with l2 = 1.5
    found = judged(built(X, y, 6.0, 1.5), np.array([2.0, 2.0]))
    assert (found.unique, found.status, found.support_proved) == (True, Status.OPTIMAL, True)


def test_more_open_columns_than_rows_prove_nothing_without_an_l2():
    X, w = np.array([[1.0, 2.0, 3.0], [3.0, 1.0, -1.0]]), np.ones(3)
    assert not judged(built(X, np.ones(2), 0.5), w, 0.0).unique
    assert judged(built(X, np.ones(2), 0.5, 0.1), w, 0.0).unique


def test_what_is_fixed_needs_no_proof():
    X = np.array([[1.0, 1.0], [1.0, 1.0]])
    found = judged(
        built(X, np.ones(2), 0.5, lower=[2.0, -1.0], upper=[2.0, -1.0]), np.array([2.0, -1.0]), 1e9
    )
    assert found.unique
    assert found.support_proved


def test_near_copies_that_rounding_could_make_copies_are_not_proved_apart():
    x = np.arange(1.0, 9.0)
    for apart, unique in ((1e-3, True), (1e-6, False), (1e-9, False)):
        X = np.column_stack([x, x + apart * (-1.0) ** np.arange(8)])
        assert judged(built(X, x, 0.5), np.array([0.5, 0.25]), 0.0).unique is unique


@pytest.mark.parametrize("n", [3, 1000])
@pytest.mark.parametrize("size", [1.0, 1e6])
def test_no_pull_is_off_by_more_than_its_margin(n, size):
    rng = np.random.default_rng(n)
    X, y = rng.normal(size=(n, 3)) * [1.0, size, 1.0], size * rng.normal(size=n)
    w = np.array([size, 1.0, -size])
    problem = built(X, y, 1.0)
    found = problem.pull(problem.residual(w * problem.view.scale)) * problem.view.scale
    terms = [[Fraction(x) for x in row] for row in X]
    residual = [
        Fraction(t) - sum(a * Fraction(b) for a, b in zip(row, w, strict=True))
        for t, row in zip(y, terms, strict=True)
    ]
    norm = np.linalg.norm(X, axis=0)
    for j in range(3):
        exact = sum(row[j] * r for row, r in zip(terms, residual, strict=True))
        margin = pull_rounding(n) * norm[j] * (np.linalg.norm(y) + norm @ np.abs(w))
        assert abs(Fraction(found[j]) - exact) <= margin
    assert margin < 1e-12 * norm[2] * (np.linalg.norm(y) + norm @ np.abs(w))


@pytest.mark.parametrize("p", [3, 300])
@pytest.mark.parametrize("l2", [1e-30, 1e-9, 1.0])
def test_with_an_l2_everywhere_there_is_one_solution(p, l2):
    """A sum of a convex and a strictly convex function has one minimum, copies among the columns or not."""
    X = np.ones((2, p)) * [[1.0], [-1.0]]
    w = 2.0 / (2.0 * p + 2.0 * l2)  # by symmetry all are alike: 2 (1 − p w) = 2 l2 w
    found = judged(built(X, np.array([1.0, -1.0]), 0.0, l2), np.full(p, w))
    assert (found.unique, found.status) == (True, Status.OPTIMAL)


def test_an_l2_that_the_strength_takes_to_nothing_proves_nothing():
    problem = built(np.ones((2, 2)), np.ones(2), 0.0, 1.0)
    points = SquaresPoints.evaluate(problem, np.zeros(1), np.full((1, 2), 0.5) * problem.view.scale)
    assert not points.certify().unique


@pytest.mark.parametrize(("copies", "unique"), [([0, 1], True), ([1, 2], True), ([2, 3], False)])
@pytest.mark.parametrize("more", [0, 300])
def test_only_columns_without_an_l2_have_to_be_independent(copies, unique, more):
    rng = np.random.default_rng(0)
    X = rng.integers(-3, 4, size=(6, 4 + more)) / 1.0
    X[:, copies[0]] = X[:, copies[1]]
    l2 = np.r_[1e-30, 1e-30, 0.0, 0.0, np.full(more, 1e-30)]
    w = np.ones(4 + more)
    assert judged(built(X, np.ones(6), 0.0, l2), w, 0.0).unique is unique


def test_the_l2_alone_bounds_what_a_gap_can_take_away():
    X, l2 = np.ones((2, 300)), 0.5
    problem = built(X, np.ones(2), 0.0, l2)
    w = np.full(300, 0.25)
    needed = l2 * 0.25**2  # the penalty's own growth from 0 to w: ½ (2 l2) w²
    assert judged(problem, w, 0.99 * needed).support_proved
    assert not judged(problem, w, 1.01 * needed).support_proved
