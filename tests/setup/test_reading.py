"""X of any kind is read to float64 columns with names, and data that come later to the columns of a model."""

import numpy as np
import pytest
from scipy import sparse

import equipoise as eq
from equipoise.setup.reading import read, read_matrix, read_new, read_rows, read_weights

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

X = np.arange(12.0).reshape(4, 3)
NAMES = ("a", "b", "c")


@pytest.fixture(params=["list", "integers", "pandas", "polars", "csr", "coo", "npy", "Mapped"])
def of_any_kind(request, tmp_path):
    np.save(tmp_path / "x.npy", X)
    made = {
        "list": lambda: X.tolist(),
        "integers": lambda: X.astype("int16"),
        "pandas": lambda: pd.DataFrame(X, columns=list(NAMES)),
        "polars": lambda: pl.DataFrame(X, schema=list(NAMES)),
        "csr": lambda: sparse.csr_array(X),
        "coo": lambda: sparse.coo_matrix(X),
        "npy": lambda: np.load(tmp_path / "x.npy", mmap_mode="r"),
        "Mapped": lambda: eq.Mapped(tmp_path / "x.npy"),
    }
    return request.param, made[request.param]()


def test_the_numbers_and_the_names(of_any_kind):
    kind, given = of_any_kind
    matrix, names, encoding = read_matrix(given)
    framed = kind in ("pandas", "polars")
    assert tuple(names) == (NAMES if framed else ("x1", "x2", "x3"))
    assert (encoding is not None) == framed
    assert sparse.issparse(matrix) == (kind in ("csr", "coo"))
    values = matrix.toarray() if sparse.issparse(matrix) else np.asarray(matrix)
    assert values.dtype == np.float64 or isinstance(matrix, eq.Mapped)
    np.testing.assert_array_equal(values, X)


def test_later_data_are_read_by_name_or_by_place(of_any_kind):
    kind, given = of_any_kind
    features = NAMES if kind in ("pandas", "polars") else ("x1", "x2", "x3")
    found = read_new(given, None, features, None, "error")
    np.testing.assert_array_equal(found.toarray() if sparse.issparse(found) else np.asarray(found), X)


@pytest.mark.parametrize("made", [lambda f: f, lambda f: pl.DataFrame(f.to_dict("list"))])
def test_a_frame_is_put_in_the_order_of_the_model(made):
    frame = made(pd.DataFrame(X[:, [2, 0, 1]], columns=["c", "a", "b"]))
    np.testing.assert_array_equal(read_new(frame, None, NAMES, None, "error"), X)
    _, _, encoding = read_matrix(pd.DataFrame(X, columns=list(NAMES)))
    np.testing.assert_array_equal(read_new(frame, encoding, NAMES, None, "error"), X)


def test_means_stand_in_for_what_is_missing():
    gappy = X.copy()
    gappy[1, 2] = np.nan
    found = read_new(gappy, None, NAMES, (10.0, 20.0, 30.0), "error")
    assert found[1].tolist() == [3.0, 4.0, 30.0]
    with pytest.raises(ValueError, match=r"X column 'x3' holds 1 NaN \(first at row 1"):
        read_new(gappy, None, NAMES, None, "error")


def test_what_does_not_fit_the_model_is_said():
    with pytest.raises(
        ValueError, match=r"X has 3 columns but the model has 2 features: pass a, b in this order"
    ):
        read_new(X, None, ("a", "b"), None, "error")
    _, _, encoding = read_matrix(pd.DataFrame(X, columns=list(NAMES)))
    with pytest.raises(TypeError, match="X is sparse but the model was fitted on a data frame"):
        read_matrix(sparse.csc_array(X), encoding)


def test_rows_and_weights():
    for given in (
        [1, 2, 3],
        (1.0, 2.0, 3.0),
        np.array([1, 2, 3]),
        pd.Series([1, 2, 3]),
        pl.Series([1, 2, 3]),
    ):
        found = read_rows(given, "y", 3)
        assert found.dtype == np.float64
        assert found.tolist() == [1.0, 2.0, 3.0]
        assert read_weights(given, 3).tolist() == [1.0, 2.0, 3.0]
    assert read_weights(None, 3) is None
    with pytest.raises(ValueError, match="sample_weight"):
        read_weights(pd.Series([1.0, -1.0, 1.0]), 3)
    with pytest.raises(ValueError, match="offset has 2"):
        read_rows([1.0, 2.0], "offset", 3)


def test_each_policy_for_missing_values_leaves_its_trace():
    gappy, y = X.copy(), np.array([1.0, 2.0, 3.0, 4.0])
    gappy[1, 2] = np.nan
    dropped = read(gappy, y, y, y, "drop", None)
    assert dropped.kept.tolist() == [True, False, True, True]
    np.testing.assert_array_equal(dropped.matrix, X[[0, 2, 3]])
    for rows in (dropped.y, dropped.offset, dropped.weights):
        assert list(rows) == [1.0, 3.0, 4.0]
    filled = read(gappy, y, None, y, "mean", None)
    assert filled.kept is None
    assert filled.matrix[1, 2] == pytest.approx((2 * 1 + 8 * 3 + 11 * 4) / 8)  # weighted by 1, 3 and 4
    assert np.isnan(filled.gappy[1, 2])
    whole = read(X, y, None, None, "mean", None)
    assert whole.gappy is None


@pytest.mark.parametrize(
    ("given", "missing", "error", "said"),
    [
        ((X, None, None, None), "error", TypeError, "y is missing: pass the response"),
        ((X, X[:, 0], None, None), "guess", ValueError, "missing is 'guess'"),
        (
            (eq.gather(X, X[:, 0], folds=None), X[:, 0], None, None),
            "error",
            TypeError,
            "y was given, but X holds",
        ),
        (
            (eq.gather(X, X[:, 0], folds=None), None, None, X[:, 0]),
            "error",
            TypeError,
            "sample_weight was given",
        ),
    ],
)
def test_what_does_not_go_together_is_said(given, missing, error, said):
    X, y, offset, weights = given
    with pytest.raises(error, match=said):
        read(X, y, offset, weights, missing, None)
