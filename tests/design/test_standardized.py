"""The view is √s ∘ (X − centre) / scale, written out in extended precision."""

import numpy as np
import pytest

from equipoise.design.dense import Dense
from equipoise.design.standardized import Standardized

LONG = np.longdouble
N, P = 30, 7


def numbers():
    """Columns of every size, constants, and one whose spread is lost beside its mean."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, P)) * [1.0, 1e-5, 300.0, 1.0, 1.0, 1.0, 1.0] + [0.0, 0.0, 7.0, 1e7, 0.0, 0.0, 0.0]
    X[:, 4], X[:, 5] = 0.1, 0.0
    X[0, 6] = 1e3  # of a row that may count for nothing
    return X, rng.random(N) * (np.arange(N) > 0)


def seen(weighted, intercept):
    X, s = numbers()
    s = s if weighted else None
    design = Dense(X)
    moments = design.moments(np.arange(N, dtype=float), s)
    return Standardized.of(design, s, intercept, moments), moments, X, np.ones(N) if s is None else s


def written_out(view, X, s):
    s = s.astype(LONG)
    mean = s @ X / s.sum() if view.intercept else 0
    out = np.sqrt(s)[:, None] * (X - mean) / view.scale
    out[:, view.norm == 0] = 0
    return out.astype(float)


BOTH = pytest.mark.parametrize(
    ("weighted", "intercept"), [(w, i) for w in (False, True) for i in (False, True)]
)


@BOTH
def test_scales_are_powers_of_two_that_bring_norms_between_a_half_and_one(weighted, intercept):
    view, _, X, s = seen(weighted, intercept)
    mantissa, _ = np.frexp(view.scale)
    assert set(mantissa) == {0.5}
    flat = [4, 5] if intercept else [5]
    assert np.flatnonzero(view.norm == 0).tolist() == flat
    rest = np.delete(view.norm, flat)
    assert np.all((rest >= 0.5) & (rest <= 1.0))
    np.testing.assert_allclose(view.norm, np.linalg.norm(written_out(view, X, s), axis=0), rtol=1e-8)


@BOTH
def test_standard_deviations_are_of_the_columns_as_given(weighted, intercept):
    view, _, X, s = seen(weighted, intercept)
    mean = s @ X.astype(LONG) / s.sum()
    sd = np.sqrt(s @ (X - mean) ** 2 / s.sum()).astype(float)
    sd[[4, 5]] = 0.0
    np.testing.assert_allclose(view.sd, sd, rtol=1e-8)
    assert view.weight == pytest.approx(s.sum(), rel=1e-14)


@BOTH
def test_products_are_those_of_the_matrix_written_out(weighted, intercept):
    view, moments, X, s = seen(weighted, intercept)
    A, rng = written_out(view, X, s), np.random.default_rng(1)
    close = {"rtol": 1e-12, "atol": 1e-12}
    for coef in (rng.normal(size=P), np.eye(P)[3]):
        fitted = A @ coef
        np.testing.assert_allclose(view.predict(coef), fitted, **close)
    residuals = view.without_mean(rng.normal(size=(2, N)))
    np.testing.assert_allclose(view.pull(residuals[0]), A.T @ residuals[0], **close)
    np.testing.assert_allclose(view.pulls(residuals), residuals @ A, **close)
    some = np.array([3, 4, 0])
    # A centre is a rounded mean: what it is off by is a multiple of the intercept's column.
    found = view.without_mean(view.columns(some).T).T
    np.testing.assert_allclose(found, A[:, some], **close)
    np.testing.assert_allclose(view.gather(some).pull(residuals), residuals @ A[:, some], **close)
    np.testing.assert_allclose(view.single(), A, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(view.gram(moments), A.T @ A, **close)
    y = np.sqrt(s) * (np.arange(N) - (s @ np.arange(N) / s.sum() if intercept else 0))
    np.testing.assert_allclose(view.cross(moments), A.T @ y, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_intercept_is_projected_off(weighted):
    view, _, _, s = seen(weighted, True)
    vector = np.random.default_rng(2).normal(size=(2, N)) + 5.0
    root = np.sqrt(s)
    expected = vector - np.outer(vector @ root / s.sum(), root)
    np.testing.assert_allclose(view.without_mean(vector), expected, atol=1e-14)
    np.testing.assert_array_equal(view.weigh(vector[0]), root * vector[0])
    bare = seen(weighted, False)[0]
    assert bare.without_mean(vector) is vector


def test_a_constant_that_rounding_hides_is_asked_of_the_data():
    """About its rounded mean a constant has a spread that is not quite zero; one that is real is kept."""
    n, rounded = 30, 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X = np.full((n, 3), rng.random())
        X[7, 1], X[8, 2] = 5.0, X[8, 2] * (1.0 + 1e-8)
        s = rng.random(n) * (np.arange(n) != 7)  # the row in which column 1 differs is not there
        design = Dense(X)
        moments = design.moments(np.zeros(n), s)
        rounded += bool(moments.xx[0, 0] != 0)
        assert (Standardized.of(design, s, True, moments).norm == 0).tolist() == [True, True, False]
    assert rounded > 0
