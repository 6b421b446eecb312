"""Pulls in single precision stay within the error they admit to, of exact sums."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from equipoise.design.dense import Dense
from equipoise.design.single_precision import Screen
from equipoise.design.sparse import Sparse
from equipoise.design.standardized import Standardized

N, P = 60, 8


def screened(X, stored=Dense):
    design = stored(X)
    return Screen(Standardized.of(design, None, False, design.moments(np.zeros(N), None, gram=False)))


@pytest.mark.parametrize("stored", [Dense, lambda X: Sparse(sparse.csc_array(X))], ids=["dense", "sparse"])
@pytest.mark.parametrize("size", [1.0, 1e-30, 1e-44, 1e30])
def test_no_pull_is_off_by_more_than_is_said(stored, size):
    rng = np.random.default_rng(0)
    X, residual = rng.normal(size=(N, P)), size * rng.normal(size=N)
    screen = screened(X, stored)
    found, error = screen.pull(residual)
    assert found.dtype == np.float32
    view = screen.view
    columns = X / view.scale
    largest = 0.0
    for j in range(P):
        exact = sum(Fraction(a) * Fraction(b) for a, b in zip(columns[:, j], residual, strict=True))
        off = float(abs(Fraction(float(found[j])) - exact))
        assert off <= error * view.norm[j]
        largest = max(largest, off / view.norm[j])
    assert largest > 0
    if size >= 1e-30:
        assert error < 1e-4 * np.linalg.norm(residual)  # and the bound is of use


def test_what_is_too_large_leaves_no_finite_pull():
    found, error = screened(np.ones((N, P))).pull(np.full(N, 1e39))
    assert not np.isfinite(found).any() or not np.isfinite(error)


def test_correlated_columns_share_a_direction_of_unit_length():
    rng = np.random.default_rng(0)
    common = rng.normal(size=N)
    X = common[:, None] + 0.3 * rng.normal(size=(N, P))
    direction = screened(X).shared_direction()
    assert np.linalg.norm(direction) == pytest.approx(1.0, rel=1e-6)
    assert direction @ common / np.linalg.norm(common) > 0.99
    sum_of_all = (X / screened(X).view.scale).sum(axis=1)
    np.testing.assert_allclose(direction, sum_of_all / np.linalg.norm(sum_of_all), atol=1e-6)


def test_columns_at_right_angles_share_none():
    X = np.linalg.qr(np.random.default_rng(0).normal(size=(N, 40)))[0]
    assert not screened(X).shared_direction().any()
