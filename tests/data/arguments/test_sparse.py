"""Sparse matrices as they are read: every format and index width, and what is refused."""

import numpy as np
import pytest
from scipy import sparse

from equipoise.data.arguments.sparse import as_csc, is_sparse

DENSE = np.array([[0.0, 1.5, 0.0], [2.0, 0.0, 0.0], [0.0, -1.0, 0.0]])


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "lil", "dok", "bsr", "dia"])
@pytest.mark.parametrize("make", [sparse.csr_matrix, sparse.csr_array])
def test_every_format_becomes_the_same_columns(kind, make):
    given = make(DENSE).asformat(kind)
    assert is_sparse(given)
    found = as_csc(given)
    assert found.format == "csc"
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found.toarray(), DENSE)


@pytest.mark.parametrize("width", [np.int32, np.int64])
@pytest.mark.parametrize("dtype", [np.float32, np.int8, bool])
def test_indices_of_any_width_and_numbers_of_any_type(width, dtype):
    given = sparse.csc_array(DENSE.astype(dtype))
    given.indices, given.indptr = given.indices.astype(width), given.indptr.astype(width)
    np.testing.assert_array_equal(as_csc(given).toarray(), DENSE.astype(dtype))


def test_what_is_right_already_is_not_copied():
    given = sparse.csc_array(DENSE)
    assert np.shares_memory(as_csc(given).data, given.data)


def test_entries_given_twice_add_up_and_the_caller_keeps_them_apart():
    given = sparse.csc_array((np.array([1.0, 2.0]), np.array([1, 1]), np.array([0, 2])), shape=(2, 1))
    np.testing.assert_array_equal(as_csc(given).toarray(), [[0.0], [3.0]])
    assert given.nnz == 2


def test_entries_out_of_order_are_sorted():
    given = sparse.csc_array((np.array([1.0, 2.0]), np.array([1, 0]), np.array([0, 2])), shape=(2, 1))
    found = as_csc(given)
    assert found.indices.tolist() == [0, 1]
    assert given.indices.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        (
            sparse.csr_array([[0.0, np.nan], [0.0, np.nan]]),
            ValueError,
            r"column 'x2' holds 2 NaN \(first at row 0",
        ),
        (sparse.csr_array([[0.0, 0.0], [-np.inf, 1.0]]), ValueError, "column 'x1' holds 1 infinite value"),
        (sparse.csr_array([[1j, 0.0]]), TypeError, "holds complex128: pass real numbers"),
        (sparse.csr_array((0, 3)), ValueError, r"X has no rows \(shape \(0, 3\)\)"),
        (sparse.csr_array((3, 0)), ValueError, r"X has no columns"),
        (sparse.coo_array(np.ones(3)), ValueError, "X is sparse and 1-D"),
    ],
)
def test_what_cannot_be_used(given, error, said):
    with pytest.raises(error, match=said):
        as_csc(given)
