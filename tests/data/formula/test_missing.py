import json

import numpy as np
import pytest

import equipoise as eq
from equipoise.data.formula.missing import fill_means
from equipoise.data.frames.gaps import Missing

ROWS = 60


@pytest.fixture
def data():
    """X with holes in two columns, and y, weights and offset without."""
    rng = np.random.default_rng(3)
    X = rng.normal([0, 5, -3, 1e3], size=(ROWS, 4))
    y = X @ [1.0, 0.5, 0.0, -2.0] + rng.normal(size=ROWS)
    X[[3, 17, 40], 1] = np.nan
    X[[3, 8], 3] = np.nan
    return X, y, rng.integers(0, 3, ROWS).astype(float), rng.normal(size=ROWS)


def means_of(X, weights, rows=slice(None)):
    """Weighted means of what is there, column by column."""
    found = []
    for column in X[rows].T:
        there = ~np.isnan(column)
        found.append(np.average(column[there], weights=weights[rows][there]))
    return np.array(found)


def frames(columns):
    pandas, polars, pyarrow = map(pytest.importorskip, ("pandas", "polars", "pyarrow"))
    return {
        "pandas": pandas.DataFrame(columns),
        "polars": polars.DataFrame(columns),
        "pyarrow": pyarrow.table(columns),
    }


def test_missing_values_are_refused_by_default(data):
    X, y, _, _ = data
    with pytest.raises(ValueError, match="X column 'x2' holds 3 NaN"):
        eq.fit(X, y, l1=1)


@pytest.mark.parametrize("verb", ["fit", "path", "cross_validate", "trace", "audit"])
def test_a_refusal_names_the_policies_that_help(data, verb):
    sparse = pytest.importorskip("scipy.sparse")
    pyarrow = pytest.importorskip("pyarrow")
    X, y = data[0][:, :3], data[1]
    more = {"path": {}, "cross_validate": {}, "audit": {"l1": 1, "coef": [0.0] * 3}}.get(verb, {"l1": 1})
    verb = getattr(eq, verb)

    def told(X, y, **more):
        with pytest.raises(ValueError, match="holds") as caught:
            verb(X, y, **more)
        assert type(caught.value) is ValueError
        return str(caught.value)

    drop = "pass missing='drop' to leave out such rows"
    both = f"{drop}, or missing='mean' to put in the means of columns"
    frame = pyarrow.table({"a": X[:, 0], "b": [None if v != v else v for v in X[:, 1]], "y": y})
    if verb is eq.audit:
        more["coef"] = [0.0] * 2
        assert told(frame, "y", **more).endswith(both)
        more["coef"] = [0.0] * 3
    else:
        assert told(frame, "y", **more).endswith(both)
    for given in (X, np.ma.masked_invalid(X), *([] if verb is eq.trace else [sparse.csc_array(X)])):
        assert told(given, y, **more).endswith(both)
    whole, gone = np.nan_to_num(X), np.where(np.arange(ROWS) == 3, np.nan, y)
    assert told(whole, gone, **more) == f"y holds 1 NaN (first at row 3, counting from 0): {drop}"
    infinite = np.where(np.arange(ROWS) == 3, np.inf, y)
    assert told(whole, infinite, **more).endswith("drop or impute them first")  # no policy is for these
    X = X.copy()
    X[3, 1] = np.inf
    assert told(X, y, **more).endswith(
        "2 NaN and 1 infinite value (first at row 3, counting from 0): drop or impute them first"
    )


def test_what_is_on_disk_has_a_remedy_of_its_own(data, tmp_path):
    np.save(tmp_path / "X.npy", data[0])
    mapped = eq.Mapped(tmp_path / "X.npy")
    with pytest.raises(
        ValueError, match=r"holds 3 NaN .*: write it without .* np.asarray\(X\) with missing='drop'"
    ):
        eq.fit(mapped, data[1], l1=1.0)
    assert eq.fit(np.asarray(mapped), data[1], l1=1.0, missing="drop").missing.dropped == 4


def test_a_policy_that_is_none_is_refused(data):
    with pytest.raises(ValueError, match="missing is 'median': pass 'error', 'drop' or 'mean'"):
        eq.fit(*data[:2], l1=1, missing="median")


def test_drop_is_a_fit_to_the_rows_that_are_whole(data):
    X, y, s, o = data
    y, s, o = y.copy(), s.copy(), o.copy()
    y[5], s[6], o[7] = np.nan, np.nan, np.nan
    whole = ~(np.isnan(X).any(axis=1) | np.isnan(y) | np.isnan(s) | np.isnan(o))
    asked = {"l1": 2.0, "standardize": True}
    found = eq.fit(X, y, sample_weight=s, offset=o, missing="drop", **asked)
    direct = eq.fit(X[whole], y[whole], sample_weight=s[whole], offset=o[whole], **asked)
    np.testing.assert_array_equal(found.coef, direct.coef)
    assert found.intercept == direct.intercept
    assert found.missing.dropped == 7
    assert "7 of 60 rows dropped for missing values (x2 3, x4 2, y 1, offset 1, sample_weight 1)" in str(
        found
    )
    assert direct.missing is None
    assert "missing" not in str(direct)


def test_mean_is_a_fit_to_what_a_person_would_fill_in(data):
    X, y, s, o = data
    filled = np.where(np.isnan(X), means_of(X, s), X)
    asked = {"l1": 2.0, "standardize": True, "sample_weight": s, "offset": o}
    found = eq.fit(X, y, missing="mean", **asked)
    direct = eq.fit(filled, y, **asked)
    np.testing.assert_allclose(found.coef, direct.coef, rtol=1e-9, atol=1e-12)
    assert found.certificate.optimal
    assert np.isnan(X).sum() == 5  # what was passed stays as it was
    mean = means_of(X, s)[1]
    assert f"x2: 3 missing values replaced by its mean {mean:.6g}" in str(found)


@pytest.mark.parametrize("missing", ["drop", "mean"])
def test_nothing_missing_changes_nothing_and_is_not_mentioned(data, missing):
    X, y = np.nan_to_num(data[0]), data[1]
    found, plain = eq.fit(X, y, l1=2, missing=missing), eq.fit(X, y, l1=2)
    np.testing.assert_array_equal(found.coef, plain.coef)
    assert str(found) == str(plain)


def test_a_constant_column_with_gaps_stays_constant():
    X = np.column_stack([np.arange(7.0), np.full(7, 0.1)])
    X[2, 1] = np.nan
    filled, means = fill_means(X, np.array([0.3, 0.7, 1, 0.1, 0.2, 0.9, 0.4]), ["a", "b"])
    assert np.all(filled[:, 1] == 0.1)
    assert means[1] == 0.1


def test_a_missing_response_weight_or_offset_is_an_error_unless_rows_are_dropped(data):
    X, y, s, o = np.nan_to_num(data[0]), *(v.copy() for v in data[1:])
    y[4], s[5], o[6] = np.nan, np.nan, np.nan
    for given, name in (
        ((y, None, None), "y"),
        ((y * 0, s, None), "sample_weight"),
        ((y * 0, None, o), "offset"),
    ):
        with pytest.raises(ValueError, match=f"{name} holds 1 NaN"):
            eq.fit(
                X,
                np.nan_to_num(given[0]) if name != "y" else y,
                l1=1,
                sample_weight=given[1],
                offset=given[2],
            )
    assert eq.fit(X, y, l1=1, missing="drop").missing.counts == (("y", 1),)


def test_means_are_taken_over_the_rows_that_have_a_response_a_weight_and_an_offset(data):
    X, y, s, o = (v.copy() for v in data)
    y[5], s[6], o[[7, 5]], X[5, 1] = np.nan, np.nan, np.nan, 1e6  # a value that no mean may see
    kept = ~(np.isnan(y) | np.isnan(s) | np.isnan(o))
    filled = np.where(np.isnan(X), means_of(X[kept], s[kept]), X)[kept]
    found = eq.fit(X, y, l1=2.0, sample_weight=s, offset=o, missing="mean")
    direct = eq.fit(filled, y[kept], l1=2.0, sample_weight=s[kept], offset=o[kept])
    np.testing.assert_allclose(found.coef, direct.coef, rtol=1e-9, atol=1e-12)
    assert found.missing.counts == (("x2", 3), ("x4", 2))
    assert found.missing.roles == (("y", 1), ("offset", 2), ("sample_weight", 1))
    assert (found.missing.rows, found.missing.dropped) == (60, 3)
    assert (
        "3 of 60 rows dropped for missing values (y 1, offset 2, sample_weight 1)\n"
        "x2: 3 missing values replaced by its mean "
    ) in str(found)
    ids = np.arange(ROWS) % 4
    cv = eq.cross_validate(X, y, folds=ids, strengths=[9.0], sample_weight=s, offset=o, missing="mean")
    for k in range(4):
        train, test = kept & (ids != k), kept & (ids == k)
        filled = np.where(np.isnan(X), means_of(X, s, train), X)
        share = s[train].sum() / s[kept].sum()
        fit = eq.fit(filled[train], y[train], l1=9.0 * share, sample_weight=s[train], offset=o[train])
        loss = np.average((y[test] - fit.predict(filled[test], offset=o[test])) ** 2, weights=s[test])
        np.testing.assert_allclose(cv.fold_loss[0, k], loss, rtol=1e-9)


def test_a_response_that_is_missing_everywhere_leaves_no_row(data):
    with pytest.raises(ValueError, match=r"missing='mean' leaves no row, .* \(y 60\): y, offset and"):
        eq.fit(data[0], np.full(ROWS, np.nan), l1=1, missing="mean")


def test_a_level_of_a_row_without_a_response_is_no_feature():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"x": [1.0, None, 2, 4, 3], "city": ["a", "b", "c", "a", "b"]})
    found = eq.fit(frame, [1.0, 3, np.nan, 2, 5], l1=0.1, missing="mean")
    assert found.features == ("x", "city=b")
    np.testing.assert_allclose(found.missing.means, [8 / 3, 0.5], rtol=1e-15)


def sparse_with_gaps(X, seed=0):
    """Sparse matrices in several formats, NaN stored, most zeros not stored; and the same, dense."""
    scipy_sparse = pytest.importorskip("scipy.sparse")
    rng = np.random.default_rng(seed)
    X = np.where(rng.random(X.shape) < 0.5, 0.0, np.nan_to_num(X, nan=7.0))
    X[[3, 17, 40], 1] = np.nan
    X[[3, 8], 3] = np.nan
    X[:, 0] = 1 + np.arange(ROWS) % 7 / 10  # all stored
    X[9, 0] = np.nan
    return X, [getattr(scipy_sparse, f"{kind}_array")(X) for kind in ("csc", "csr", "coo", "lil")]


@pytest.mark.parametrize("missing", ["drop", "mean"])
@pytest.mark.parametrize("weighted", [False, True])
def test_a_sparse_matrix_is_treated_as_the_dense_one(data, missing, weighted):
    _, y, s, o = data
    X, matrices = sparse_with_gaps(data[0])
    y = np.where(np.arange(ROWS) == 20, np.nan, y)
    there = ~np.isnan(y)
    if missing == "drop":
        kept = there & ~np.isnan(X).any(axis=1)
        filled = X[kept]
    else:
        kept = there
        filled = np.where(np.isnan(X), means_of(X[there], s[there] if weighted else np.ones(there.sum())), X)[
            kept
        ]
    more = {"sample_weight": s, "offset": o} if weighted else {}
    less = {name: value[kept] for name, value in more.items()}
    for standardize in (False, True):
        direct = eq.fit(filled, y[kept], l1=3.0, standardize=standardize, **less)
        for matrix in matrices:
            found = eq.fit(matrix, y, l1=3.0, standardize=standardize, missing=missing, **more)
            np.testing.assert_allclose(found.coef, direct.coef, rtol=1e-9, atol=1e-12)
            assert found.missing.dropped == ROWS - kept.sum()
            assert dict(found.missing.counts).items() >= {"x1": 1, "x2": 3, "x4": 2}.items()
            assert not hasattr(found.setup.matrix, "toarray") or found.setup.matrix.nnz <= matrix.nnz
    ids = np.arange(ROWS) % 3
    cv = eq.cross_validate(matrices[0], y, folds=ids, strengths=[3.0], missing=missing, **more)
    dense = eq.cross_validate(X, y, folds=ids, strengths=[3.0], missing=missing, **more)
    np.testing.assert_allclose(cv.fold_loss, dense.fold_loss, rtol=1e-9)


def test_means_of_a_sparse_matrix_count_its_zeros_and_leave_constants_constant(data):
    X, (matrix, *_) = sparse_with_gaps(data[0])
    found = eq.fit(matrix, data[1], l1=3.0, missing="mean")
    np.testing.assert_allclose(found.missing.means, np.nanmean(X, axis=0), rtol=1e-13)
    constant = matrix.copy()
    constant.data[1 : constant.indptr[1]] = 0.1
    constant.data[0] = np.nan
    assert fill_means(constant, data[2], ["a", "b", "c", "d"])[1][0] == 0.1
    filled, _ = fill_means(matrix, data[2], ["a", "b", "c", "d"])
    assert filled.format == "csc"
    assert filled.nnz == matrix.nnz
    new = np.where(np.isnan(X), found.missing.means, X)
    np.testing.assert_allclose(found.predict(matrix), new @ found.coef + found.intercept, rtol=1e-12)


def test_the_weight_of_a_gap_does_not_swallow_the_others():
    sparse = pytest.importorskip("scipy.sparse")
    X = sparse.csc_array(np.array([[np.nan, 1.0], [3.0, 0.0], [5.0, 2.0], [0.0, 1.0]]))
    _, means = fill_means(X, np.array([1e17, 1.0, 3.0, 2.0]), ["a", "b"])
    assert means[0] == (3 + 15) / 6  # 1e17 + 6 - 1e17 is 0 or 16
    assert means[1] == 1.0


@pytest.mark.parametrize("missing", ["error", "drop", "mean"])
def test_what_a_sparse_matrix_may_not_hold_is_said(data, missing):
    _, (matrix, *_) = sparse_with_gaps(data[0])
    matrix.data[matrix.indptr[2]] = np.inf
    asked = {"names": ["age", "bmi", "s1", "s2"], "missing": missing}
    with pytest.raises(
        ValueError, match="'age' holds 1 NaN" if missing == "error" else "'s1' holds 1 infinite"
    ):
        eq.fit(matrix, data[1], l1=1, **asked)
    matrix.data[matrix.indptr[2] : matrix.indptr[3]] = 1.0
    matrix.data[: matrix.indptr[1]] = np.nan
    said = {"error": "'age' holds 60 NaN", "drop": r"leaves no row, .* \(age 60, bmi 3, s2 2\)"}
    with pytest.raises(
        ValueError, match=said.get(missing, "'age' has no value in any row of positive weight")
    ):
        eq.fit(matrix, data[1], l1=1, **asked)


@pytest.mark.parametrize("missing", ["drop", "mean"])
def test_infinite_values_are_never_missing(data, missing):
    X, y, _, _ = data
    X = X.copy()
    X[0, 2] = np.inf
    with pytest.raises(ValueError, match=r"X column 'x3' holds 1 infinite value"):
        eq.fit(X, y, l1=1, missing=missing)


def test_a_column_with_nothing_in_it_has_no_mean_and_leaves_no_row(data):
    X, y, _, _ = data
    X = X.copy()
    X[:, 2] = np.nan
    with pytest.raises(ValueError, match="'x3' has no value in any row of positive weight"):
        eq.fit(X, y, l1=1, missing="mean")
    with pytest.raises(
        ValueError, match=r"leaves no row, for every one misses a value \(x2 3, x3 60, x4 2\)"
    ):
        eq.fit(X, y, l1=1, missing="drop")


def test_masked_values_are_missing(data):
    X, y, _, _ = data
    masked = np.ma.masked_array(np.nan_to_num(X), np.isnan(X))
    for missing in ("drop", "mean"):
        found, direct = (eq.fit(given, y, l1=1, missing=missing) for given in (masked, X))
        np.testing.assert_array_equal(found.coef, direct.coef)
    np.testing.assert_array_equal(found.predict(masked), found.predict(X))


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_frames_are_treated_as_arrays_are(data, library):
    X, y, _, _ = data
    names = ["age", "bmi", "s1", "s2"]
    values = {name: [None if np.isnan(v) else v for v in X[:, j]] for j, name in enumerate(names)}
    frame = frames(values)[library]
    for missing in ("drop", "mean"):
        found, direct = eq.fit(frame, y, l1=1, missing=missing), eq.fit(X, y, l1=1, missing=missing)
        np.testing.assert_allclose(found.coef, direct.coef, rtol=1e-12)
        assert dict(found.missing.counts) == {"bmi": 3, "s2": 2}
    np.testing.assert_allclose(found.predict(frame), direct.predict(X), rtol=1e-12)
    assert type(found.to_frame()) is type(frame)


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_a_missing_category_is_dropped_or_given_the_shares_of_its_levels(library):
    rng = np.random.default_rng(0)
    city = ["Oslo", "Rome", None, "Oslo", "Oslo", "Rome", "Bern", "Oslo"]
    x, y = rng.normal(size=8), rng.normal(size=8)
    frame = frames({"x": x, "city": city})[library]
    found = eq.fit(frame, y, l1=0.1, missing="mean")
    shares = {"city=Bern": 1 / 7, "city=Oslo": 4 / 7, "city=Rome": 2 / 7}
    filled = np.column_stack(
        [
            x,
            *(
                [shares[f"city={at}"] if c is None else float(c == at) for c in city]
                for at in ("Bern", "Oslo", "Rome")
            ),
        ]
    )
    direct = eq.fit(filled, y, l1=0.1)
    np.testing.assert_allclose(found.coef, direct.coef, atol=1e-12)
    assert "city: 1 missing value replaced by the shares of its levels" in str(found)
    np.testing.assert_allclose(found.predict(frame), direct.predict(filled), atol=1e-12)
    # A level that only a dropped row has is no feature.
    city[1:3] = "Pisa", None
    frame = frames({"x": [*x[:6], None, x[7]], "city": city})[library]
    dropped = eq.fit(frame, y, l1=0.1, missing="drop")
    assert dropped.features == ("x", "city=Oslo", "city=Pisa", "city=Rome")
    assert dropped.missing.counts == (("x", 1), ("city", 1))


@pytest.mark.parametrize("missing", ["drop", "mean"])
def test_predictions_impute_by_the_training_means_or_refuse(data, missing, tmp_path):
    X, y, s, _ = data
    found = eq.fit(X, y, l1=2, sample_weight=s, missing=missing)
    found.save(tmp_path / "model.json")
    new = np.array([[np.nan, 5.0, np.nan, 1e3], [1.0, np.nan, 0.0, 1e3]])
    for model in (found, eq.load(tmp_path / "model.json")):
        if missing == "drop":
            with pytest.raises(ValueError, match="X column 'x1' holds 1 NaN"):
                model.predict(new)
        else:
            filled = np.where(np.isnan(new), means_of(X, s), new)
            np.testing.assert_allclose(model.predict(new), filled @ found.coef + found.intercept, rtol=1e-12)
            with pytest.raises(ValueError, match="'x2' holds 1 infinite value"):
                model.predict([[1.0, np.inf, 1.0, 1.0]])


@pytest.mark.parametrize("missing", ["drop", "mean"])
def test_a_loaded_model_is_explained_by_its_data_with_gaps(data, missing, tmp_path):
    X, y, s, o = data
    found = eq.fit(X, y, l1=20, sample_weight=s, offset=o, missing=missing)
    found.save(tmp_path / "model.json")
    sheet = eq.load(tmp_path / "model.json").explain(X, y, sample_weight=s, offset=o)
    np.testing.assert_allclose(sheet["x1"].pull, found.explain()["x1"].pull, rtol=1e-9)


def test_the_record_survives_json(data):
    X, y, *_ = data
    record = eq.fit(X, np.where(np.arange(ROWS) == 1, np.nan, y), l1=1, missing="mean").missing
    assert record.roles == (("y", 1),)
    assert Missing.from_dict(json.loads(json.dumps(record.to_dict()))) == record
    earlier = {name: value for name, value in record.to_dict().items() if name != "roles"}
    assert Missing.from_dict(earlier) == Missing("mean", 60, 1, record.counts, record.means)


@pytest.mark.parametrize("early_stop", [False, True])
def test_cross_validation_fills_a_fold_with_the_means_of_its_training_rows(data, early_stop):
    X, y, s, o = data
    ids = np.arange(ROWS) % 4
    strengths = np.array([30.0, 10.0, 3.0, 1.0])
    asked = {"standardize": True, "l2": 0.1}
    cv = eq.cross_validate(
        X,
        y,
        folds=ids,
        strengths=strengths,
        sample_weight=s,
        offset=o,
        missing="mean",
        early_stop=early_stop,
        **asked,
    )
    for k in range(4):
        train, test = ids != k, ids == k
        filled = np.where(np.isnan(X), means_of(X, s, train), X)
        share = s[train].sum() / s.sum()
        for i, t in enumerate(strengths * share):
            fit = eq.fit(
                filled[train],
                y[train],
                l1=t,
                sample_weight=s[train],
                offset=o[train],
                standardize=True,
                l2=0.1 * t,
            )
            loss = np.average((y - fit.predict(filled, offset=o))[test] ** 2, weights=s[test])
            np.testing.assert_allclose(cv.fold_loss[i, k], loss, rtol=1e-9)
    # and not with those of all rows
    leaky = eq.cross_validate(
        np.where(np.isnan(X), means_of(X, s), X),
        y,
        folds=ids,
        strengths=strengths,
        sample_weight=s,
        offset=o,
        **asked,
    )
    assert np.abs(cv.fold_loss / leaky.fold_loss - 1).max() > 1e-6
    assert "x2: 3 missing values replaced by its mean" in str(cv)


def test_cross_validation_drops_rows_with_their_folds_and_groups(data):
    from sklearn.model_selection import GroupKFold

    X, y, s, _ = data
    whole = ~np.isnan(X).any(axis=1)
    ids = np.arange(ROWS) % 5
    pairs = [(np.flatnonzero(ids != k), np.flatnonzero(ids == k)) for k in range(5)]
    asked = {"sample_weight": s, "missing": "drop", "count": 6}
    direct = {"sample_weight": s[whole], "count": 6}
    expected = eq.cross_validate(X[whole], y[whole], folds=ids[whole], **direct).fold_loss
    for folds in (ids, pairs):
        np.testing.assert_array_equal(eq.cross_validate(X, y, folds=folds, **asked).fold_loss, expected)
    grouped = eq.cross_validate(X, y, folds=GroupKFold(3), groups=ids, **asked)
    expected = eq.cross_validate(X[whole], y[whole], folds=GroupKFold(3), groups=ids[whole], **direct)
    np.testing.assert_array_equal(grouped.fold_loss, expected.fold_loss)
    shuffled = eq.cross_validate(X, y, folds=4, **asked)
    np.testing.assert_array_equal(
        shuffled.fold_loss, eq.cross_validate(X[whole], y[whole], folds=4, **direct).fold_loss
    )
    assert "4 of 60 rows dropped for missing values (x2 3, x4 2)" in str(shuffled)


@pytest.mark.parametrize("missing", ["drop", "mean"])
def test_a_row_that_is_dropped_needs_no_fold_and_no_group(data, missing):
    from sklearn.model_selection import GroupKFold

    pandas = pytest.importorskip("pandas")
    X, y = data[0], data[1].copy()
    y[[2, 8]] = np.nan
    gone = np.isnan(y) | (np.isnan(X).any(axis=1) if missing == "drop" else False)
    ids = (np.arange(ROWS) % 5).astype(float)
    lacking = np.where(gone, np.nan, ids)
    texts = np.array([None if g else f"site {i:g}" for g, i in zip(gone, ids, strict=True)], dtype=object)
    asked = {"strengths": [3.0], "missing": missing}
    expected = eq.cross_validate(X, y, folds=ids, **asked).fold_loss
    by_group = eq.cross_validate(X, y, folds=GroupKFold(3), groups=ids, **asked).fold_loss
    frame = pandas.DataFrame(X, columns=list("abcd")).assign(y=y)
    for labels in (lacking, texts, pandas.array(np.where(gone, None, ids), dtype="Int64")):
        np.testing.assert_array_equal(eq.cross_validate(X, y, folds=labels, **asked).fold_loss, expected)
        named = eq.cross_validate(frame.assign(k=labels), "y", folds="k", **asked).fold_loss
        np.testing.assert_allclose(named, expected, rtol=1e-12)
        grouped = eq.cross_validate(X, y, folds=GroupKFold(3), groups=labels, **asked)
        np.testing.assert_array_equal(grouped.fold_loss, by_group)
        named = eq.cross_validate(frame.assign(k=labels), "y", folds=GroupKFold(3), groups="k", **asked)
        np.testing.assert_allclose(named.fold_loss, by_group, rtol=1e-12)
        # but a row that is left needs both
        some = labels.copy()
        some[~gone] = np.where(np.arange((~gone).sum()) == 0, None, labels[~gone])
        with pytest.raises(ValueError, match=r"folds: row \d+ .* is no fold id: give each row one"):
            eq.cross_validate(X, y, folds=some, **asked)
        with pytest.raises(ValueError, match=r"groups: row \d+ .* is no group: give each row one"):
            eq.cross_validate(X, y, folds=GroupKFold(3), groups=some, **asked)


def test_a_path_says_what_was_done(data):
    X, y, _, _ = data
    path = eq.path(X, y, count=5, missing="drop")
    assert "4 of 60 rows dropped" in str(path)
    assert path.to_dict()["missing"]["dropped"] == 4
    assert path.at(1.0).missing == path.missing


def test_an_audit_reads_gaps_as_the_fit_did(data):
    X, y, _, _ = data
    for missing in ("drop", "mean"):
        found = eq.fit(X, y, l1=2, missing=missing)
        audit = eq.audit(X, y, found.coef, found.intercept, l1=2, missing=missing)
        assert audit.optimal
        assert "missing value" in str(audit)
