"""Leave-one-out residuals against refits to all rows but one, each solved in 50 digits."""

import mpmath as mp
import numpy as np
import pytest

from equipoise.select.leave_one_out import loo_residuals


def left_out(X, y, l2, strength, weights, intercept):
    """Each y_i less its prediction by the others: [K + S⁻¹, B; Bᵀ, 0] (a, b) = (y, 0), K = X_R X_Rᵀ/2tl2."""
    free = [[1.0] * len(y)] * intercept + X[:, l2 == 0].T.tolist()
    ridged = np.flatnonzero(np.isfinite(l2) & (l2 > 0))
    with mp.workdps(50):
        free = [[*map(mp.mpf, column)] for column in free]
        share = [1 / (2 * mp.mpf(strength) * mp.mpf(v)) for v in l2[ridged].tolist()]
        rows = [[*map(mp.mpf, row)] for row in X[:, ridged].tolist()]
        scaled = [[a * d for a, d in zip(row, share, strict=True)] for row in rows]
        kernel = [[mp.fdot(a, b) for b in rows] for a in scaled]
        found = []
        for out in range(len(y)):
            others = [i for i in range(len(y)) if i != out]
            system = mp.zeros(len(others) + len(free))
            for a, i in enumerate(others):
                for b, k in enumerate(others):
                    system[a, b] = kernel[i][k]
                system[a, a] += 1 / mp.mpf(float(weights[i]))
                for b, column in enumerate(free, len(others)):
                    system[a, b] = system[b, a] = column[i]
            right = mp.matrix([mp.mpf(float(y[i])) for i in others] + [mp.mpf(0)] * len(free))
            answer = mp.lu_solve(system, right)
            tall = [kernel[out][i] for i in others] + [column[out] for column in free]
            found.append(float(mp.mpf(float(y[out])) - mp.fdot(tall, answer)))
    return np.array(found)


def drawn(kind, n, p):
    rng = np.random.default_rng(0)
    X, y, weights, l2 = rng.normal(size=(n, p)), rng.normal(size=n), np.ones(n), np.full(p, 0.5)
    if kind in ("weights", "unpenalised"):
        weights = rng.uniform(0.1, 5.0, size=n)
    if kind == "unpenalised":
        l2[:2], l2[3], l2[4] = 0.0, np.inf, 8.0
    if kind == "equal rows":
        X[1] = X[5] = X[2]
    if kind == "far from zero":
        X = 100.0 * X + 1e3
    return X, y, l2, weights


@pytest.mark.parametrize("shape", [(10, 24), (10, 10), (10, 11), (12, 5)])
@pytest.mark.parametrize(
    "kind", ["plain", "no intercept", "weights", "unpenalised", "equal rows", "far from zero"]
)
@pytest.mark.parametrize("relative", [1.0, 1e-5, 1e-10])
def test_right_to_twelve_digits_however_small_the_penalty(shape, kind, relative):
    X, y, l2, weights = drawn(kind, *shape)
    intercept = kind != "no intercept"
    strength = relative * float(np.linalg.norm(X - X.mean(axis=0) * intercept, 2)) ** 2
    (found,) = loo_residuals(X, y[:, None], l2, np.array([strength]), intercept=intercept, weights=weights)
    expected = left_out(X, y, l2, strength, weights, intercept)
    np.testing.assert_allclose(found[:, 0], expected, rtol=0, atol=1e-12 * np.abs(expected).max())


def test_a_row_of_high_leverage_among_many():
    X, y, l2, weights = drawn("plain", 12, 5)
    X[3] *= 1e3
    (found,) = loo_residuals(X, y[:, None], l2, np.array([1e-3]), intercept=True)
    expected = left_out(X, y, l2, 1e-3, weights, True)
    # A rounding of that row moves its residual by 1e3 roundings.
    np.testing.assert_allclose(found[:, 0], expected, rtol=0, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("intercept", [False, True])
def test_a_row_that_alone_decides_a_coefficient_is_named(intercept):
    X, y, l2, _ = drawn("plain", 8, 20)
    X[:, 2], l2[2] = np.eye(8)[4], 0.0
    with pytest.raises(ValueError, match=r"row 4 alone decides a coefficient.*penalise that coefficient"):
        list(loo_residuals(X, y[:, None], l2, np.ones(1), intercept=intercept))


def test_nothing_but_unpenalised_columns():
    # Least squares: each row's refit by hand.
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(9, 3)), rng.normal(size=9)
    (found,) = loo_residuals(X, y[:, None], np.zeros(3), np.ones(1), intercept=True)
    ones = np.column_stack([np.ones(9), X])
    for i in range(9):
        w, *_ = np.linalg.lstsq(np.delete(ones, i, axis=0), np.delete(y, i), rcond=None)
        assert found[i, 0] == pytest.approx(y[i] - ones[i] @ w, rel=1e-11)
