"""Sparse matrices as they are read: every format and index width, and what is refused."""

import numpy as np
import pytest
from scipy import sparse

import equipoise as eq
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
        pytest.param(
            sparse.coo_array(np.ones(3)),
            ValueError,
            "X is sparse and 1-D",
            marks=pytest.mark.skipif(
                sparse.coo_array(np.ones(3)).ndim == 2, reason="before SciPy 1.13 a sparse array is 2-D"
            ),
        ),
    ],
)
def test_what_cannot_be_used(given, error, said):
    with pytest.raises(error, match=said):
        as_csc(given)


def made(kind, **arrays):
    """DENSE in one of the formats, some of the arrays replaced after SciPy checked them."""
    matrix = sparse.csr_array(DENSE).asformat(kind)
    for name, values in arrays.items():
        setattr(matrix, name, np.asarray(values))
    return matrix


def lists(i, indices, values):
    matrix = sparse.lil_array(DENSE)
    matrix.rows[i], matrix.data[i] = indices, values
    return matrix


def keyed(key):
    matrix = sparse.dok_array(DENSE)
    dict.__setitem__(getattr(matrix, "_dict", matrix), key, 1.0)  # before SciPy 1.12 the matrix was the dict
    return matrix


INVALID = [
    (made("csr", indices=[1, 0, 3]), "indices hold 3, which is not from 0 to 2"),
    (made("csr", indices=[1, 0, -1]), "indices hold -1, which is not from 0 to 2"),
    (made("csr", indices=[1, 0, 2**40]), "indices hold 1099511627776, which is not from 0 to 2"),
    (made("csr", indices=[1.0, 0.0, 1.0]), "indptr and indices hold int32 and float64, not integers"),
    (made("csr", indices=[1, 0]), "there are 2 indices but 3 values"),
    (made("csr", data=[1.0, 2.0]), "there are 3 indices but 2 values"),
    (made("csr", indices=[[1, 0, 1]]), "indptr, indices and data are 1-, 2- and 1-D"),
    (made("csr", indptr=[0, 2, 1, 3]), "indptr falls from 2 to 1 at position 2"),
    (made("csr", indptr=[0, 1, 2]), "indptr has 3 entries where 4 are needed"),
    (made("csr", indptr=[0, 1, 2, 9]), "indptr goes from 0 to 9, but there are 3 values"),
    (made("csr", indptr=[1, 1, 2, 3]), "indptr goes from 1 to 3, but there are 3 values"),
    (made("csr", indptr=[0, -5, 2, 3]), "indptr falls from 0 to -5 at position 1"),
    (made("csc", indices=[1, 0, 5]), "indices hold 5, which is not from 0 to 2"),
    (made("bsr", indices=[7, 0, 1]), "indices hold 7, which is not from 0 to 2"),
    (made("bsr", data=np.ones((3, 2, 1))), "its blocks are 2 × 1, which does not divide 3 × 3"),
    (made("coo", row=[0, 1, 3]), "a row index is 3, which is not from 0 to 2"),
    (made("coo", col=[0, 1, -1]), "a column index is -1, which is not from 0 to 2"),
    (made("coo", data=np.ones(2)), "there are 3 row and 3 column indices but 2 values"),
    (made("dia", offsets=[0]), "it has 1 different offsets for 2 diagonals"),
    (made("dia", offsets=[1, 1]), "it has 1 different offsets for 2 diagonals"),
    (lists(2, [1, 9], [-1.0, 1.0]), "a column index in row 2 is 9, which is not from 0 to 2"),
    (lists(2, [1, 2], [-1.0]), "row 2 has 2 indices but 1 values"),
    (keyed((0, 3)), "a column index is 3, which is not from 0 to 2"),
    (keyed((-1, 0)), "a row index is -1, which is not from 0 to 2"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "said"), INVALID)
def test_arrays_that_contradict_each_other_are_refused_by_every_verb(given, said):
    fit = eq.fit(DENSE, [1.0, 2.0, 3.0], l1=0.1)
    lasso = eq.Lasso(alpha=0.1).fit(DENSE, [1.0, 2.0, 3.0])
    y = [1.0, 2.0, 3.0]
    for verb in (
        lambda: as_csc(given),
        lambda: eq.fit(given, y, l1=0.1),
        lambda: eq.path(given, y),
        lambda: eq.cross_validate(given, y, folds=2),
        lambda: eq.audit(given, y, np.zeros(3), None, l1=0.1),
        lambda: fit.predict(given),
        lambda: fit.explain(X=given, y=y),
        lambda: lasso.predict(given),
        lambda: eq.Lasso(alpha=0.1).fit(given, y),
        lambda: eq.LassoCV(cv=2).fit(given, y),
    ):
        with pytest.raises(ValueError, match=f"X is no valid sparse matrix: {said}; build it anew, scipy.sp"):
            verb()


@pytest.mark.parametrize("kind", ["coo", "csr", "csc", "bsr"])
@pytest.mark.parametrize(
    ("dtype", "expected"), [(float, 200.0), (np.int8, 200.0), (np.float32, 200.0), (bool, 1.0)]
)
def test_entries_given_twice_add_up_in_float64(kind, dtype, expected):
    values = np.array([100, 100, 7]).astype(dtype)
    rows, columns = np.array([1, 1, 0]), np.array([2, 2, 0])
    given = sparse.coo_array((values, (rows, columns)), shape=(2, 3))
    if kind in ("csr", "bsr"):
        given = sparse.csr_array((values[[2, 0, 1]], [0, 2, 2], [0, 1, 3]), shape=(2, 3)).asformat(kind)
    elif kind == "csc":
        given = sparse.csc_array((values[[2, 0, 1]], [0, 1, 1], [0, 1, 1, 3]), shape=(2, 3))
    assert given.nnz == 3
    np.testing.assert_array_equal(as_csc(given).toarray(), [[float(values[2]), 0, 0], [0, 0, expected]])
    y = np.array([1.0, 2.0])
    dense = np.array([[float(values[2]), 0, 0], [0, 0, expected]])
    np.testing.assert_allclose(
        eq.fit(given, y, l1=0.5).predict(given), eq.fit(dense, y, l1=0.5).predict(dense)
    )


def test_what_scipy_remembers_of_arrays_that_were_changed_is_not_believed():
    given = sparse.csc_array((np.array([1.0, 2.0]), np.array([0, 1]), np.array([0, 2])), shape=(2, 1))
    assert given.has_canonical_format
    given.indices[:] = [1, 1]
    np.testing.assert_array_equal(as_csc(given).toarray(), [[0.0], [3.0]])
    coo = sparse.coo_array((np.array([1.0, 2.0]), (np.array([0, 1]), np.array([0, 0]))), shape=(2, 1))
    coo.has_canonical_format = True
    coo.row[:] = [1, 1]
    np.testing.assert_array_equal(as_csc(coo).toarray(), [[0.0], [3.0]])
