"""Gathered columns give the products of the view's own, in either form."""

import numpy as np
import pytest
from scipy import sparse

from equipoise.design.columns import CompressedColumns, DenseColumns
from equipoise.design.dense import Dense
from equipoise.design.sparse import Sparse
from equipoise.design.standardized import Standardized


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_products_are_those_of_the_columns(weighted, intercept, compressed, seed):
    rng = np.random.default_rng(seed)
    n, p = 120, 900
    X = rng.normal(size=(n, p)) * (rng.random((n, p)) < 0.015)
    X[:, 3] = 1e6 + rng.normal(size=n)  # full and far from zero
    X[:, 5], X[:, 7] = 0.0, 2.0
    X[:100, 11] = rng.normal(size=100) + 30.0
    s = rng.uniform(0.1, 2.0, n) if weighted else None
    design = Sparse(sparse.csc_array(X), None, s) if compressed else Dense(X)
    moments = design.moments(rng.normal(size=n), s, gram=False)
    view = Standardized.of(design, s, intercept, moments)

    first, second = np.array([3, 8, 11, 40]), np.array([7, 5, 3, 100, 12, 11])
    columns = view.columns(np.concatenate([first, second]))
    held, more = view.gather(first[:0]), view.gather(second)
    assert isinstance(held, CompressedColumns if compressed else DenseColumns)
    assert not held.fitted(np.zeros((2, 0))).any()
    held.extend(view.gather(first))
    held.extend(more)
    close = {"rtol": 1e-12, "atol": 1e-14}  # columns are shorter than 1
    np.testing.assert_allclose(more.gram(held), columns[:, 4:].T @ columns, **close)
    coef = rng.normal(size=(3, 10)) * [[1.0], [0.0], [1.0]]
    np.testing.assert_allclose(held.fitted(coef), coef @ columns.T, **close)
    np.testing.assert_allclose(
        held.fitted(coef[:, 4:6], np.array([2, 0])), coef[:, 4:6] @ columns[:, [2, 0]].T, **close
    )
    vectors = rng.normal(size=(2, n))
    np.testing.assert_allclose(held.pull(vectors), vectors @ columns, **close)
    held.extend(view.gather(np.arange(200, 500)))
    assert held.pull(vectors).shape == (2, 310)


def test_many_entries_are_gathered_dense():
    X = sparse.random_array((50, 400), density=0.2, rng=np.random.default_rng(0), format="csc")
    design = Sparse(X)
    view = Standardized.of(design, None, True, design.moments(np.ones(50), None, gram=False))
    assert isinstance(view.gather(np.arange(3)), DenseColumns)
