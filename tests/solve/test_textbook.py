"""Coordinate descent, step by step: by hand, from the optimality conditions, and against other solvers."""

import warnings
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import ElasticNet, Lasso

from equipoise.solve import textbook
from equipoise.solve.textbook import Descent, descend

X = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
Y = np.array([3.0, 2.0, 1.0])

Array = NDArray[np.float64]


def run(
    X: Array,
    y: Array,
    l1: float | Array = 0.0,
    l2: float | Array = 0.0,
    *,
    intercept: bool = False,
    tol: float = 1e-9,
    max_sweeps: int = 10_000,
    max_steps: int = 100_000,
) -> Descent:
    p = X.shape[1]
    return descend(
        X,
        y,
        np.broadcast_to(np.asarray(l1, dtype=float), (p,)),
        np.broadcast_to(np.asarray(l2, dtype=float), (p,)),
        features=[f"x{j + 1}" for j in range(p)],
        intercept=intercept,
        tol=tol,
        max_sweeps=max_sweeps,
        max_steps=max_steps,
    )


def objective(X: Array, y: Array, w: Array, b: float, l1: float, l2: float) -> float:
    r = y - b - X @ w
    return float(0.5 * r @ r + l1 * np.abs(w).sum() + l2 * (w**2).sum())


def worst_kkt(X: Array, y: Array, w: Array, b: float, l1: float, l2: float) -> float:
    """The largest distance of a pull to its subgradient interval, feature by feature, in plain Python."""
    worst = 0.0
    for x, w_j in zip(X.T, w, strict=True):
        pull = float(x @ (y - b - X @ w))
        if w_j == 0:
            worst = max(worst, abs(pull) - l1)
        else:
            worst = max(worst, abs(pull - l1 * np.sign(w_j) - 2 * l2 * w_j))
    return worst


def problem(seed: int, n: int, p: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p))
    return X, X[:, 0] - 2 * X[:, -1] + rng.standard_normal(n)


def test_section_14_by_hand() -> None:
    # x1ᵀx1 = x2ᵀx2 = 2, x1ᵀx2 = 1, x1ᵀy = 5, x2ᵀy = 4: g_1 = 5 − w_2, g_2 = 4 − w_1, w = (g − 1)/2
    steps = run(X, Y, 1.0).steps
    pulls = [5, 2, 4.5, 2.25, 4.375, 2.3125]
    coefs = [2, 0.5, 1.75, 0.625, 1.6875, 0.65625]
    assert [s.partial_pull for s in steps[:6]] == pulls
    assert [s.after for s in steps[:6]] == coefs
    assert [s.before for s in steps[:6]] == [0, 0, *coefs[:4]]
    assert [(s.sweep, s.feature) for s in steps[:4]] == [(1, "x1"), (1, "x2"), (2, "x1"), (2, "x2")]
    assert not any(s.killed for s in steps)
    assert steps[0].residual_before.tolist() == [3, 2, 1]
    assert steps[0].residual.tolist() == [1, 0, 1]
    assert steps[1].residual.tolist() == [0.5, 0, 0.5]
    # after the first step: x1 rests (−1 + 1), x2 is at 0 and pulled with 2 against a limit of 1
    assert steps[0].gradient.tolist() == [0, -1]
    assert not np.signbit(steps[0].gradient[0])
    # then x1: −0.5 + 1; x2 rests
    assert steps[1].gradient.tolist() == [0.5, 0]
    assert [s.objective for s in steps[:3]] == [3, 2.75, 2.6875]


def test_section_14_in_the_limit() -> None:
    end = run(X, Y, 1.0)
    np.testing.assert_allclose(end.coef, [5 / 3, 2 / 3], rtol=0, atol=1e-9)
    assert end.converged
    assert end.violation <= 1e-9
    assert end.intercept == 0
    assert end.sweeps * 2 == len(end.steps)


def test_section_15_update() -> None:
    # soft(5, 1)/(2 + 2·3) = ½, then g_2 = 4 − ½ and soft(3.5, 1)/8
    steps = run(X, Y, 1.0, 3.0).steps
    assert [s.after for s in steps[:2]] == [0.5, 0.3125]
    assert steps[0].objective == 0.5 * (2.5**2 + 1.5**2 + 1) + 0.5 + 3 * 0.25


def test_lasso_kills_x2_first() -> None:
    # w = (5/3, 2/3) − ⅓(λ − 1) until x2 is gone at λ = 3; x1 alone is gone at 5
    for l1, zeros in [(0.5, []), (2.9, []), (3, ["x2"]), (4.9, ["x2"]), (5, ["x1", "x2"]), (9, ["x1", "x2"])]:
        end = run(X, Y, l1)
        assert [f"x{j + 1}" for j in np.flatnonzero(end.coef == 0)] == zeros
        assert [s.feature for s in end.steps[-2:] if s.killed] == zeros


@pytest.mark.parametrize("l2", [1e-6, 0.1, 1.0, 1e3, 1e9])
def test_ridge_has_no_exact_zero(l2: float) -> None:
    end = run(X, Y, 0.0, l2)
    assert np.all(end.coef != 0)
    assert not any(s.killed for s in end.steps)
    np.testing.assert_allclose(end.coef, np.linalg.solve(X.T @ X + 2 * l2 * np.eye(2), X.T @ Y), rtol=1e-7)


def test_a_pull_equal_to_its_limit_is_killed() -> None:
    X, y = problem(3, 40, 5)
    for j in range(5):
        # three ways of adding up the same sum, which differ in the last digit
        for limit in (X[:, j] @ y, (X.T @ y)[j], float(np.sum(X[:, j] * y))):
            (step,) = run(X[:, [j]], y, abs(limit)).steps
            assert step.killed
            assert step.after == 0
            assert abs(step.partial_pull) <= step.limit
            assert step.gradient[0] == pytest.approx(0, abs=1e-13)


def test_infinite_limit_keeps_a_feature_out() -> None:
    end = run(X, Y, np.array([np.inf, 1.0]), tol=0.0)
    assert end.coef.tolist() == [0, 1.5]
    assert end.converged
    assert all(np.isfinite(s.objective) and np.isfinite(s.gradient).all() for s in end.steps)


@pytest.mark.parametrize("intercept", [False, True])
def test_least_squares(intercept: bool) -> None:
    X, y = problem(0, 30, 4)
    end = run(X, y + 5, intercept=intercept, tol=1e-13)
    design = np.column_stack([X, np.ones(30)]) if intercept else X
    expected = np.linalg.lstsq(design, y + 5, rcond=None)[0]
    found = [*end.coef, end.intercept] if intercept else end.coef
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_intercept_is_the_centred_problem() -> None:
    X, y = problem(1, 25, 3)
    moved = X + np.array([10, -3, 1e6])
    end = run(moved, y + 7, 2.0, 0.5, intercept=True)
    centred = run(X - X.mean(axis=0), y - y.mean(), 2.0, 0.5)
    np.testing.assert_allclose(end.coef, centred.coef, rtol=1e-7)
    residual = y + 7 - end.intercept - moved @ end.coef
    np.testing.assert_allclose(end.steps[-1].residual, residual, atol=1e-8)
    assert abs(residual.sum()) < 1e-7


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 0.0), (3.0, 0.0), (0.0, 2.0), (3.0, 2.0)])
@pytest.mark.parametrize("shape", [(20, 4), (6, 10)])
def test_every_step_adds_up(l1: float, l2: float, shape: tuple[int, int]) -> None:
    X, y = problem(5, *shape)
    end = run(X, y, l1, l2, max_sweeps=200)
    w, r, value = np.zeros(shape[1]), y, 0.5 * float(y @ y)
    for i, step in enumerate(end.steps):
        j = i % shape[1]
        assert step.feature == f"x{j + 1}"
        assert step.before == w[j]
        np.testing.assert_array_equal(step.residual_before, r)
        assert step.partial_pull == pytest.approx(X[:, j] @ (r + X[:, j] * w[j]), abs=1e-12)
        assert step.killed == (l1 > 0 and abs(step.partial_pull) <= step.limit)
        w[j], r = step.after, step.residual
        np.testing.assert_allclose(r, y - X @ w, rtol=0, atol=1e-12)
        assert step.objective == pytest.approx(objective(X, y, w, 0.0, l1, l2), rel=1e-12, abs=1e-12)
        assert step.objective <= value * (1 + 1e-14) + 1e-14
        assert abs(step.gradient[j]) < 1e-12
        assert np.abs(step.gradient).max() == pytest.approx(worst_kkt(X, y, w, 0.0, l1, l2), abs=1e-12)
        value = step.objective
    np.testing.assert_array_equal(w, end.coef)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 12),
    p=st.integers(1, 6),
    fraction=st.floats(0.05, 1.2),
    ratio=st.sampled_from([1.0, 0.7, 0.2]),
    intercept=st.booleans(),
)
def test_agrees_with_scikit_learn(
    seed: int, n: int, p: int, fraction: float, ratio: float, intercept: bool
) -> None:
    X, y = problem(seed, n, p)
    alpha = fraction * float(np.abs(X.T @ y).max()) / n
    l1, l2 = n * alpha * ratio, n * alpha * (1 - ratio) / 2
    end = run(X, y, l1, l2, intercept=intercept, max_steps=20_000)
    with warnings.catch_warnings():
        # scikit-learn warns where its gap meets the end of float64
        warnings.simplefilter("ignore")
        if ratio == 1:
            theirs = Lasso(alpha=alpha, fit_intercept=intercept, tol=1e-14, max_iter=200_000)
        else:
            theirs = ElasticNet(
                alpha=alpha, l1_ratio=ratio, fit_intercept=intercept, tol=1e-14, max_iter=200_000
            )
        theirs.fit(X, y)
    ours = objective(X, y, end.coef, end.intercept, l1, l2)
    best = objective(X, y, theirs.coef_, float(theirs.intercept_), l1, l2)
    scale = 0.5 * float(y @ y) + 1e-300
    # an unfinished run may be above, never below
    assert ours >= best - 1e-9 * scale
    if end.converged:
        assert ours <= best + 1e-9 * scale
        assert worst_kkt(X, y, end.coef, end.intercept, l1, l2) <= 1e-9 * l1 + 1e-12
        if ratio < 1:
            np.testing.assert_allclose(end.coef, theirs.coef_, rtol=0, atol=1e-6)


def test_zero_column_stays_at_zero() -> None:
    nothing = np.column_stack([X, np.zeros(3)])
    for l1, l2 in [(1.0, 0.0), (0.0, 0.0), (0.0, 1.0)]:
        end = run(nothing, Y, l1, l2)
        assert end.converged
        assert end.coef[2] == 0
        assert {s.killed for s in end.steps if s.feature == "x3"} == {l1 > 0}


def test_constant_column_and_target_with_intercept() -> None:
    # 0.1 added up three times is not 0.3: the centred column must be 0, not rounding
    end = run(np.column_stack([X, np.full(3, 0.1)]), Y, intercept=True)
    assert end.coef[2] == 0
    np.testing.assert_allclose(end.coef[:2], [2, 1], atol=1e-8)
    flat = run(X, np.full(3, 0.1), intercept=True)
    assert flat.coef.tolist() == [0, 0]
    assert flat.intercept == pytest.approx(0.1)


def test_duplicates_share_or_take_turns() -> None:
    twice = X[:, [0, 0]]
    end = run(twice, Y, 1.0)
    # the first takes the whole pull; the second then feels |1| ≤ 1
    assert end.coef.tolist() == [2, 0]
    assert end.steps[1].killed
    mirrored = run(np.column_stack([X[:, 0], -X[:, 0]]), Y, 1.0)
    assert mirrored.coef.tolist() == [2, 0]


def test_one_row_one_column_nothing_to_explain() -> None:
    assert run(np.array([[2.0]]), np.array([3.0]), 2.0).coef.tolist() == [1]
    row = run(np.array([[1.0, 2.0]]), np.array([3.0]), 1.0)
    assert row.converged
    assert worst_kkt(np.array([[1.0, 2.0]]), np.array([3.0]), row.coef, 0.0, 1.0, 0.0) <= 1e-9
    single = run(np.array([[1.0, 2.0]]), np.array([3.0]), 1.0, intercept=True)
    assert single.coef.tolist() == [0, 0]
    assert single.intercept == 3
    for l1 in (0.0, 1.0):
        still = run(X, np.zeros(3), l1)
        assert still.converged
        assert still.violation == 0
        assert still.coef.tolist() == [0, 0]
        assert not np.signbit(still.coef).any()


def test_stops_unconverged_at_its_caps(monkeypatch: pytest.MonkeyPatch) -> None:
    short = run(X, Y, 1.0, max_sweeps=3)
    assert (short.sweeps, short.converged) == (3, False)
    assert short.violation == np.abs(short.steps[-1].gradient).max() == 0.03125
    assert run(X, Y, 1.0, max_steps=7).sweeps == 3
    # a step keeps 3 + 2 numbers of 8 bytes, a sweep two steps: room for four sweeps
    monkeypatch.setattr(textbook, "MAX_BYTES", 4 * 2 * 5 * 8)
    full = run(X, Y, 1.0)
    assert (full.sweeps, full.converged) == (4, False)


def test_stops_where_float64_ends() -> None:
    X, y = problem(7, 15, 4)
    end = run(X, y, 1e-9, tol=0.0)
    assert end.converged
    assert end.sweeps < 10_000


def test_refuses_what_it_cannot_keep() -> None:
    large = np.broadcast_to(0.0, (1000, 20_000))
    with pytest.raises(ValueError, match=r"20000 features and 1000 rows .*eq\.fit solves large ones"):
        run(large, np.zeros(1000), 1.0)
    with pytest.raises(ValueError, match="max_steps is 1: "):
        run(X, Y, 1.0, max_steps=1)
    with pytest.raises(ValueError, match="max_sweeps is 0: "):
        run(X, Y, 1.0, max_sweeps=0)


def test_is_frozen_and_leaves_its_arguments_alone() -> None:
    X_before, y = X.copy(order="F"), Y.copy()
    X_before.flags.writeable = False
    end = run(X_before[::-1], y, 1.0)
    assert y.flags.writeable
    assert y.tolist() == [3, 2, 1]
    for array in (end.coef, end.steps[0].residual_before, end.steps[0].residual, end.steps[0].gradient):
        assert not array.flags.writeable
    with pytest.raises(FrozenInstanceError):
        end.steps[0].after = 1.0  # type: ignore[misc]
