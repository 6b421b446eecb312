"""Each kind of matrix gets its design, and gives up the same rows, columns and contents."""

import numpy as np
import pytest
from scipy import sparse

from equipoise.data.disk.mapped import Mapped
from equipoise.design.choose_design import contents_of, design_of, fitted, part_of, reordered
from equipoise.design.dense import Dense
from equipoise.design.mapped import OnDisk
from equipoise.design.sparse import Sparse

N, P = 9, 6
NAMES = ["x1", "x2", "x3", "x4", "x5", "x6"]


@pytest.fixture
def X():
    return np.arange(1.0, 1 + N * P).reshape(N, P)


@pytest.fixture(params=["array", "sparse", "disk"])
def matrix(request, X, tmp_path):
    if request.param == "array":
        return X
    if request.param == "sparse":
        return sparse.csc_array(X)
    np.save(tmp_path / "x.npy", X)
    return Mapped(tmp_path / "x.npy")


def test_the_design_is_that_of_the_kind(matrix, X):
    rows = np.arange(N) % 2 == 0
    design = design_of(matrix, rows, np.ones(int(rows.sum())))
    kinds = {np.ndarray: Dense, sparse.csc_array: Sparse, Mapped: OnDisk}
    assert type(design) is kinds[type(matrix)]
    np.testing.assert_array_equal(design.columns(np.arange(P)), X[rows])


def test_a_part_is_rows_of_columns_in_the_order_asked_for(matrix, X):
    rows, columns = np.array([7, 0, 3]), np.array([5, 1])
    found = part_of(matrix, rows, columns)
    assert isinstance(found, np.ndarray)
    np.testing.assert_array_equal(found, [[X[i, j] for j in columns] for i in rows])


def test_columns_are_put_in_order_by_name(matrix, X):
    assert reordered(matrix, NAMES, tuple(NAMES)) is matrix
    wanted = ["x5", "x1", "x6"]
    np.testing.assert_array_equal(
        design_of(reordered(matrix, NAMES, wanted)).columns(np.arange(3)), X[:, [4, 0, 5]]
    )


@pytest.mark.parametrize("used", [[], [3], list(range(P))])
def test_fitted_values_are_the_sum_over_columns(matrix, X, used):
    coef = np.zeros(P)
    coef[used] = np.arange(1.0, 1 + len(used))
    np.testing.assert_array_equal(
        fitted(matrix, coef), [sum(X[i, j] * coef[j] for j in used) for i in range(N)]
    )


def test_a_checksum_sees_every_number_in_the_order_that_is_said(matrix, X):
    told, parts = contents_of(matrix)
    found = np.concatenate([np.ravel(part) for part in parts])
    if "row by row" in told:
        np.testing.assert_array_equal(found, X.ravel())
    elif "column by column" in told:
        np.testing.assert_array_equal(found, X.T.ravel())
    else:
        places = [np.arange(0, N * P + 1, N), np.tile(np.arange(N), P), X.T.ravel()]
        assert told.startswith("indptr, indices and data")
        np.testing.assert_array_equal(found, np.concatenate(places))
