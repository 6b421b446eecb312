import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from equipoise.data.arguments.arrays import as_matrix, as_per_feature, as_vector, as_weights, default_names

TABLE = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize(
    "X",
    [
        TABLE,
        np.asfortranarray(TABLE),
        np.arange(20.0).reshape(4, 5)[:, 1:4],
        np.asfortranarray(np.arange(20.0).reshape(5, 4))[1:4],
        np.arange(20.0).reshape(4, 5)[::2],
        np.arange(20.0).reshape(4, 5)[:, 2:3],
        np.asfortranarray(TABLE)[1:2],
        TABLE[:1],
        TABLE[:, :1],
    ],
    ids=["C", "F", "C leading", "F leading", "every other row", "column of C", "row of F", "row", "column"],
)
def test_what_blas_reads_is_not_copied(X):
    X.flags.writeable = False
    assert as_matrix(X) is X


@pytest.mark.parametrize(
    "X",
    [
        np.arange(24.0).reshape(4, 6)[:, ::2],
        TABLE[::-1],
        TABLE[:, ::-1],
        np.broadcast_to(np.arange(3.0), (4, 3)),
        np.broadcast_to(np.arange(4.0)[:, None], (4, 3)),
        TABLE.astype(">f8"),
        np.lib.stride_tricks.sliding_window_view(np.arange(6.0), 3),
        np.frombuffer(b"\0" + TABLE.tobytes(), dtype=np.uint8)[1:].view(np.float64).reshape(4, 3),
    ],
    ids=[
        "strided",
        "rows back",
        "columns back",
        "rows repeat",
        "columns repeat",
        "swapped",
        "overlap",
        "unaligned",
    ],
)
def test_any_other_layout_is_copied_once_into_a_contiguous_array(X):
    matrix = as_matrix(X)
    assert not np.shares_memory(matrix, X)
    assert matrix.flags.forc
    assert matrix.flags.aligned
    assert matrix.dtype.isnative
    np.testing.assert_array_equal(matrix, X)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint64, np.int64, np.float16, np.float32, np.longdouble])
def test_every_real_type_becomes_float64(dtype):
    X = np.array([[0, 1], [1, 1]], dtype=dtype)
    matrix = as_matrix(X)
    assert matrix.dtype == np.float64
    np.testing.assert_array_equal(matrix, X.astype(float))


def test_lists_tuples_and_array_likes_are_read():
    class Table:
        def __array__(self, dtype=None, copy=None):
            return np.array([[1, 2], [3, 4]])

    for X in ([[1, 2], [3, 4]], ((1, 2), (3, 4)), [(True, 2.0), (3, 4)], Table(), memoryview(TABLE)):
        assert as_matrix(X).dtype == np.float64


def test_a_subclass_comes_back_as_a_plain_array():
    class Labelled(np.ndarray):
        pass

    assert type(as_matrix(TABLE.view(Labelled))) is np.ndarray


@pytest.mark.parametrize(
    ("X", "error", "words"),
    [
        (np.zeros(3), ValueError, r"X is 1-D with 3 values: .*reshape\(-1, 1\)"),
        (np.zeros((2, 3, 4)), ValueError, r"X is 3-D with shape \(2, 3, 4\)"),
        (3.0, ValueError, "X is a single number"),
        (np.zeros((0, 3)), ValueError, r"X has no rows \(shape \(0, 3\)\)"),
        (np.zeros((3, 0)), ValueError, r"X has no columns \(shape \(3, 0\)\)"),
        ([], ValueError, "X is 1-D with 0 values"),
        ([[1, 2], [3]], ValueError, "X is ragged: give every row the same number of values"),
        (np.zeros((2, 2), complex), TypeError, "X holds complex numbers"),
        ([["a", "b"]], TypeError, "X is not numeric: it holds text such as 'a'; pass a data frame"),
        (np.array([["1"]]), TypeError, "X is not numeric: it holds text such as '1'"),
        (np.array([[1, 2]], dtype=object), TypeError, r"Python objects; .*np\.asarray\(X, dtype=float\)"),
        ([[1, None]], TypeError, "X is not numeric: it is an array of Python objects"),
        (None, TypeError, "X is not numeric: it is of type NoneType"),
        ({"a": [1]}, TypeError, "X is not numeric: it is of type dict"),
        ("abc", TypeError, "X is not numeric: it holds text such as 'abc'"),
        (np.zeros((2, 2), "M8[D]"), TypeError, "X is not numeric: it holds dates or durations"),
        (np.zeros(2, [("a", float)]), TypeError, "X is not numeric: its data type is"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused_in_a_sentence(X, error, words):
    with pytest.raises(error, match=words):
        as_matrix(X)


def test_sparse_matrices_are_refused_by_name():
    from scipy import sparse

    for X in (sparse.csr_matrix(np.eye(2)), sparse.coo_array(np.eye(2))):
        with pytest.raises(
            TypeError, match=r"X is sparse, but is needed as a dense array here: pass X\.toarray\(\)"
        ):
            as_matrix(X)


def test_masked_arrays_are_refused_only_if_something_is_masked():
    np.testing.assert_array_equal(as_matrix(np.ma.masked_array(TABLE)), TABLE)
    with pytest.raises(ValueError, match="X holds 2 masked values: drop or impute them first"):
        as_matrix(np.ma.masked_array(TABLE, mask=TABLE < 2))


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("rows", [20, 20_000])
def test_nan_names_column_count_and_first_row(order, rows):
    X = np.zeros((rows, 3), order=order)
    X[[17, 18, 19], 1] = np.nan
    expected = r"X column 'x2' holds 3 NaN \(first at row 17, counting from 0\): drop or impute them first"
    with pytest.raises(ValueError, match=f"^{expected}$"):
        as_matrix(X)
    X[17, 1] = -np.inf
    with pytest.raises(
        ValueError, match=r"Z column 'age' holds 2 NaN and 1 infinite value \(first at row 17"
    ):
        as_matrix(X, "Z", ["sex", "age", "bmi"])
    X[0, 2] = np.inf
    with pytest.raises(ValueError, match=r"'x2' holds .*, the first of 2 such columns: "):
        as_matrix(X)


@pytest.mark.parametrize("layout", [lambda X: X, np.asfortranarray, lambda X: np.c_[X, X][:, :3]])
@given(
    X=hnp.arrays(
        np.float64, st.tuples(st.integers(1, 5), st.just(3)), elements=st.floats(width=64, allow_nan=True)
    )
)
def test_an_array_passes_exactly_if_every_entry_is_finite(layout, X):
    X = layout(X)
    if np.isfinite(X).all():
        np.testing.assert_array_equal(as_matrix(X), X)
    else:
        with pytest.raises(ValueError, match=r"NaN|infinite"):
            as_matrix(X)


def test_finite_numbers_whose_squares_overflow_pass_without_a_warning():
    for X in (np.full((100, 10), 1e300), np.full((100, 12), -1.7e308)[:, :10]):
        assert as_matrix(X) is X
    assert as_vector(np.full(5, 1e300), "y", 5)[0] == 1e300


def test_a_long_double_beyond_float64_is_infinite_and_refused():
    huge = np.array([[np.longdouble("1e4000")]])
    if np.isinf(huge).any():
        pytest.skip("long double is float64 here")
    with pytest.raises(ValueError, match="X column 'x1' holds 1 infinite value"):
        as_matrix(huge)


def test_a_contiguous_vector_is_not_copied_and_any_other_is():
    y = np.arange(4.0)
    y.flags.writeable = False
    assert as_vector(y, "y", 4) is y
    back = as_vector(y[::-1], "y", 4)
    assert back.flags.c_contiguous
    np.testing.assert_array_equal(back, [3, 2, 1, 0])
    unaligned = np.frombuffer(b"\0" + y.tobytes(), dtype=np.uint8)[1:].view(np.float64)
    assert as_vector(unaligned, "y", 4).flags.aligned


def test_a_single_column_is_a_vector():
    np.testing.assert_array_equal(as_vector([[1], [2]], "y", 2), [1.0, 2.0])
    np.testing.assert_array_equal(as_vector(np.asfortranarray(TABLE)[:, 1:2], "y", 4), TABLE[:, 1])


def test_a_single_number_fills_weights_and_offset_but_not_y():
    np.testing.assert_array_equal(as_vector(2, "sample_weight", 3), [2.0, 2.0, 2.0])
    np.testing.assert_array_equal(as_vector(np.float32(0.5), "offset", 2), [0.5, 0.5])
    with pytest.raises(ValueError, match="y is a single number: pass one value for each of the 3 rows of X"):
        as_vector(2.0, "y", 3)
    with pytest.raises(ValueError, match="offset holds 3 NaN"):
        as_vector(np.nan, "offset", 3)


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (np.zeros(10), ValueError, "^y has 10 values but X has 12 rows: "),
        (np.zeros((12, 2)), ValueError, r"y has shape \(12, 2\): pass a single column"),
        (np.zeros((1, 12)), ValueError, r"y has shape \(1, 12\)"),
        (np.zeros((12, 1, 1)), ValueError, "y has shape"),
        ([], ValueError, "y has 0 values"),
        (["a"] * 12, TypeError, "y is not numeric: it holds text such as 'a'; encode it as numbers first"),
        ([None] * 12, TypeError, "y is not numeric: it is an array of Python objects"),
        (np.zeros(12, complex), TypeError, "y holds complex numbers"),
        (None, TypeError, "y is not numeric: it is of type NoneType"),
        (
            [0.0] * 10 + [np.nan, np.inf],
            ValueError,
            r"y holds 1 NaN and 1 infinite value \(first at row 10, ",
        ),
    ],
)
def test_what_is_no_vector_is_refused_in_a_sentence(value, error, words):
    with pytest.raises(error, match=words):
        as_vector(value, "y", 12)


def test_weights_may_be_absent_or_zero_somewhere():
    assert as_weights(None, 3) is None
    np.testing.assert_array_equal(as_weights([0, 1, 2], 3), [0.0, 1.0, 2.0])
    np.testing.assert_array_equal(as_weights(True, 2), [1.0, 1.0])


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([1, -2, -3], r"sample_weight is negative in 2 rows \(first -2 at row 1, counting from 0\)"),
        ([0, 0, 0], "sample_weight is 0 in every row"),
        ([-0.0, 0.0, 0.0], "sample_weight is 0 in every row"),
        ([1, np.nan, 1], r"sample_weight holds 1 NaN \(first at row 1, "),
        ([1, np.inf, 1], "sample_weight holds 1 infinite value"),
        ([1, 1], "sample_weight has 2 values but X has 3 rows"),
    ],
)
def test_weights_that_weigh_nothing_sensible_are_refused(weights, words):
    with pytest.raises(ValueError, match=words):
        as_weights(weights, 3)


NAMES = ("age", "sex", "bmi")


@pytest.mark.parametrize(
    "value", [2, 2.0, np.float32(2), np.array(2), [2, 2, 2], np.full(3, 2.0), (2.0, 2, True + 1)]
)
def test_a_penalty_is_one_number_or_one_per_feature(value):
    np.testing.assert_array_equal(as_per_feature(value, "l1", NAMES, minimum=0), [2.0, 2.0, 2.0])


def test_a_penalty_never_shares_memory_with_the_callers_array():
    l1 = np.ones(3)
    assert not np.shares_memory(as_per_feature(l1, "l1", NAMES), l1)


def test_infinite_penalties_and_bounds_pass_where_allowed():
    l1 = as_per_feature([0, np.inf, 1], "l1", NAMES, minimum=0, allow_infinite=True)
    np.testing.assert_array_equal(l1, [0.0, np.inf, 1.0])
    assert (as_per_feature(-np.inf, "lower", NAMES, allow_infinite=True) == -np.inf).all()


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (-1, ValueError, "^l2 is -1: pass 0 or more$"),
        ([1, -0.5, -2], ValueError, "^l2 of feature 'sex' is -0.5: pass 0 or more$"),
        (np.nan, ValueError, "^l2 is NaN: pass a number$"),
        ([1, 1, np.nan], ValueError, "^l2 of feature 'bmi' is NaN: pass a number$"),
        (np.inf, ValueError, "^l2 is inf: pass a finite number$"),
        ([np.inf, 1, 1], ValueError, "^l2 of feature 'age' is inf: pass a finite number$"),
        (-np.inf, ValueError, "^l2 is -inf: pass 0 or more$"),
        ([1, 2], ValueError, "^l2 has 2 values but X has 3 features: pass one number, or one per feature$"),
        ([[1, 2, 3]], ValueError, r"^l2 has shape \(1, 3\) but X has 3 features"),
        ("strong", TypeError, "l2 is not numeric: it holds text such as 'strong'"),
        ({"age": 1.0}, TypeError, "l2 is not numeric: it is of type dict"),
        (None, TypeError, "l2 is not numeric: it is of type NoneType"),
        (1j, TypeError, "l2 holds complex numbers"),
        ([1, None, 2], TypeError, "l2 is not numeric"),
    ],
)
def test_a_senseless_penalty_is_refused_by_feature(value, error, words):
    with pytest.raises(error, match=words):
        as_per_feature(value, "l2", NAMES, minimum=0)


def test_infinity_below_the_minimum_is_refused_although_infinity_is_allowed():
    with pytest.raises(ValueError, match="l1 is -inf"):
        as_per_feature(-np.inf, "l1", NAMES, minimum=0, allow_infinite=True)


def test_features_without_names_count_from_one():
    assert default_names(3) == ("x1", "x2", "x3")
    assert default_names(0) == ()


def test_arrays_imports_numpy_and_the_standard_library_only():
    code = """
import sys, numpy
before = set(sys.modules)
import equipoise.data.arguments.arrays
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(new - sys.stdlib_module_names - {"equipoise", "numpy"}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
