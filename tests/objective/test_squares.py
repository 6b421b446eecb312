"""A problem in its view's units is the weighted problem as it was asked, in extended precision."""

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import LARGE, SMALL, Squares, forms_gram

INF, LONG = np.inf, np.longdouble
N, P = 12, 5

ASKED = [
    (weighted, offset, intercept, standardize)
    for weighted in (False, True)
    for offset in (False, True)
    for intercept in (False, True)
    for standardize in (False, True)
]


class Asked:
    """The data and the penalty in original units, and the same problem as the library holds it."""

    def __init__(self, weighted=False, offset=False, intercept=True, standardize=False, box=None):
        rng = np.random.default_rng(0)
        self.X = rng.normal(size=(N, P)) * [1, 30, 0.02, 1, 1] + [0, 5, 1, -2, 0]
        self.X[:, 4] = 7.0  # a constant
        self.y = self.X[:, 0] - self.X[:, 3] + rng.normal(size=N)
        self.s = rng.random(N) * (np.arange(N) != 3) if weighted else np.ones(N)
        self.o = rng.normal(size=N) if offset else np.zeros(N)
        self.l1, self.l2 = np.array([1.0, 0.0, 2.0, 0.5, 1.0]), np.array([0.0, 0.5, 1.0, 0.0, 0.0])
        self.intercept, self.standardize = intercept, standardize
        lower, upper = (np.full(P, -INF), np.full(P, INF)) if box is None else box
        self.problem = Squares.build(
            Dense(self.X),
            self.y,
            Penalty(self.l1, self.l2, lower, upper),
            offset=self.o if offset else None,
            weights=self.s if weighted else None,
            intercept=intercept,
            standardize=standardize,
        )

    def residual(self, w, b=None):
        """y − o − b − Xw, with the best b if none is given."""
        r = (self.y - self.o).astype(LONG) - self.X.astype(LONG) @ w
        if b is None:
            b = self.s @ r / self.s.sum() if self.intercept else 0
        return r - b, b

    def pull(self, w):
        return self.X.T.astype(LONG) @ (self.s * self.residual(w)[0])

    def penalty(self, w):
        mean = self.s @ self.X / self.s.sum()
        var = (
            self.s @ (self.X.astype(LONG) - mean) ** 2 / self.s.sum()
            if self.standardize
            else np.ones(P, LONG)
        )
        return (self.l1 * np.sqrt(var) * np.abs(w) + self.l2 * var * w**2).sum()


@pytest.mark.parametrize("asked", ASKED)
def test_loss_penalty_pull_and_intercept_are_those_of_the_question(asked):
    asked = Asked(*asked)
    problem, rng = asked.problem, np.random.default_rng(1)
    for _ in range(4):
        w = rng.normal(size=P) * [1, 0.1, 10, 0, 0]
        coef = w * problem.view.scale
        residual, b = asked.residual(w)
        found = problem.residual(coef)
        assert found @ found == pytest.approx(float(asked.s @ residual**2), rel=1e-12)
        assert problem.penalty.value(coef) == pytest.approx(float(asked.penalty(w)), rel=1e-12)
        pull = asked.pull(w).astype(float)
        if asked.intercept:
            pull[4] = 0.0  # a constant has no pull beside an intercept, but for rounding
        size = float(np.linalg.norm(asked.X) * np.linalg.norm(asked.y))
        np.testing.assert_allclose(
            problem.pull(found) * problem.view.scale, pull, rtol=1e-9, atol=1e-12 * size
        )
        back, intercept = problem.original(coef)
        np.testing.assert_array_equal(back, w)
        assert intercept == pytest.approx(float(b), rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("asked", ASKED)
def test_moments_hold_the_gram_matrix_the_pull_of_the_response_and_its_length(asked):
    asked = Asked(*asked)
    problem = asked.problem
    columns = problem.view.columns(np.arange(P)).astype(LONG)
    np.testing.assert_allclose(problem.gram, (columns.T @ columns).astype(float), rtol=0, atol=1e-13)
    unit = problem.response_norm
    np.testing.assert_allclose(problem.response_pull, columns.T @ problem.response, rtol=0, atol=1e-13 * unit)
    assert problem.total == pytest.approx(float(asked.s @ asked.residual(np.zeros(P))[0] ** 2), rel=1e-12)
    assert problem.response_norm == pytest.approx(np.sqrt(asked.s @ (asked.y - asked.o) ** 2), rel=1e-13)


def test_limits_and_ridge_are_in_original_units():
    plain, standardized = Asked().problem, Asked(standardize=True)
    np.testing.assert_array_equal(plain.limits, Asked().l1)
    sd = np.std(standardized.X, axis=0)
    sd[4] = 0.0
    np.testing.assert_allclose(standardized.problem.limits, standardized.l1 * sd, rtol=1e-12)
    np.testing.assert_allclose(standardized.problem.ridge, standardized.l2 * sd**2, rtol=1e-12)


def test_a_constant_and_an_excluded_column_are_held_at_their_null_value():
    box = (np.array([-INF, -INF, -INF, -INF, 0.5]), np.array([INF, INF, 1.0, INF, 2.0]))
    problem = Asked(box=box).problem
    scale = problem.view.scale
    assert problem.penalty.lower[4] == problem.penalty.upper[4] == 0.5 * scale[4]
    assert problem.asked.upper[4] == 2.0 * scale[4]
    free = np.full(P, INF)
    excluded = Penalty(np.array([INF, 1.0, 1.0, 1.0, 1.0]), np.zeros(P), -free, free)
    held = Squares.build(Dense(Asked().X), Asked().y, excluded).penalty
    assert held.lower[0] == held.upper[0] == 0.0
    assert held.lower[1] == -INF


def test_the_null_model_rests_at_its_bounds_and_fits_what_nothing_penalises():
    """Feature 1 is free, feature 0 is kept from zero: what is left of y is what least squares leaves."""
    asked = Asked()
    free = np.full(P, INF)
    lower, upper = -free, free.copy()
    lower[0] = 0.5
    penalty = Penalty(np.array([1.0, 0.0, 1.0, 1.0, 1.0]), np.zeros(P), lower, upper)
    problem = Squares.build(Dense(asked.X), asked.y, penalty)
    target = asked.y - 0.5 * asked.X[:, 0]
    fit = np.column_stack([np.ones(N), asked.X[:, 1]])
    left = target - fit @ np.linalg.lstsq(fit, target, rcond=None)[0]
    np.testing.assert_allclose(problem.null_residual, left, atol=1e-12)
    np.testing.assert_allclose(problem.null_pull * problem.view.scale, asked.X.T @ left, atol=1e-10)
    strengths = np.array([0.0, 2.0, 3.0])
    np.testing.assert_allclose(problem.null_value(strengths), 0.5 * left @ left + 0.5 * strengths, rtol=1e-12)
    assert not problem.null_is_zero
    basis = problem.unpenalised_basis
    np.testing.assert_allclose(basis.T @ basis, np.eye(1), atol=1e-14)
    assert np.abs(basis.T @ problem.without_unpenalised(problem.response)).max() < 1e-12


def test_copies_among_unpenalised_columns_count_once():
    X = np.column_stack([Asked().X[:, [0, 0, 1]], Asked().X[:, 0] + Asked().X[:, 1]])
    free = np.full(4, INF)
    problem = Squares.build(Dense(X), Asked().y, Penalty(np.zeros(4), np.zeros(4), -free, free))
    assert problem.unpenalised_basis.shape == (N, 2)


def test_when_all_of_the_gram_matrix_is_formed():
    assert forms_gram((3, SMALL))
    assert not forms_gram((3, SMALL + 1))
    assert forms_gram((LARGE, LARGE))
    assert not forms_gram((10 * LARGE, LARGE + 1))
    assert not forms_gram((SMALL + 1, SMALL + 2))


@pytest.mark.parametrize(
    ("X", "y", "sentence"),
    [
        (1.0, 1e200, "y holds values whose squares exceed float64: divide it"),
        (1.0, 1e-200, "y holds values whose squares vanish in float64: multiply it"),
        (1e200, 1.0, "X column 'b' holds values whose squares exceed float64: divide it"),
        (1e-200, 1.0, "X column 'b' holds values whose squares vanish in float64: multiply it"),
    ],
)
@pytest.mark.parametrize("intercept", [False, True])
def test_what_cannot_be_squared_is_refused_by_name(X, y, sentence, intercept):
    rng, free = np.random.default_rng(0), np.full(3, INF)
    matrix = rng.normal(size=(6, 3)) * [1.0, X, 1.0]
    penalty = Penalty(np.ones(3), np.zeros(3), -free, free)
    with pytest.raises(ValueError, match=sentence):
        Squares.build(Dense(matrix), y * rng.normal(size=6), penalty, intercept=intercept, features="abc")


def test_what_is_zero_or_tiny_and_constant_is_not_refused():
    free = np.full(2, INF)
    X = np.column_stack([np.full(6, 1e-200), np.arange(6.0)])
    problem = Squares.build(Dense(X), np.zeros(6), Penalty(np.ones(2), np.zeros(2), -free, free))
    assert problem.view.norm[0] == 0.0
    assert problem.response_norm == 0.0


@pytest.mark.parametrize(("l1", "l2"), [(1e300, 0.0), (0.0, 5e198)])
def test_a_penalty_that_overflows_beside_its_column_is_refused_by_name(l1, l2):
    free = np.full(2, INF)
    X = np.random.default_rng(0).normal(size=(6, 2)) * [1.0, 1e-60]
    penalty = Penalty(np.array([1.0, l1]), np.array([0.0, l2]), -free, free)
    with pytest.raises(ValueError, match=f"l{1 if l1 else 2} of feature 'b' is .* multiply them"):
        Squares.build(Dense(X), np.ones(6), penalty, features="ab")
