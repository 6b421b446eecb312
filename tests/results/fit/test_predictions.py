"""Rows that miss a value are refused with what to do about them, or predicted as NaN if that is asked for."""

import numpy as np
import pytest

import equipoise as eq

pd = pytest.importorskip("pandas")

ROWS = 40


@pytest.fixture
def rows():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.normal(size=(ROWS, 3)), columns=["a", "b", "c"])
    frame["city"] = rng.choice(["Bonn", "Oslo", "Rome"], ROWS)
    frame["o"] = rng.normal(size=ROWS)
    frame["y"] = 2 * frame["a"] + (frame["city"] == "Rome") + frame["o"] + rng.normal(size=ROWS) / 4
    return frame


@pytest.fixture
def gappy(rows):
    """New rows: the third misses a, the fifth c, the seventh its city, the eighth its offset."""
    new = rows.head(10).copy()
    new.loc[2, "a"] = new.loc[4, "c"] = new.loc[7, "o"] = np.nan
    new.loc[6, "city"] = None
    return new


def by_hand(fit, new):
    """Intercept + Xw + o of complete rows, NaN for the others, without the reading of the model."""
    eta = np.full(len(new), fit.intercept)
    for feature, w in zip(fit.features, fit.coef, strict=True):
        name, _, level = feature.partition("=")
        eta += w * ((new[name] == level) if level else new[name]).to_numpy(float)
    eta += new["o"].to_numpy()
    eta[new.isna().any(axis=1)] = np.nan
    return eta


@pytest.mark.parametrize("library", ["pandas", "polars", "arrow"])
def test_a_row_that_misses_a_value_is_nan_on_request(rows, gappy, library):
    fit = eq.fit(rows, "y", l1=1.0, offset="o")
    assert fit.coef[fit.features.index("c")] == 0  # and yet a row without it is incomplete
    new = gappy.drop(columns="y")
    given = new
    if library != "pandas":
        given = pytest.importorskip("pyarrow").Table.from_pandas(new)
        given = given if library == "arrow" else pytest.importorskip("polars").from_arrow(given)
    expected = by_hand(fit, new)
    assert np.isnan(expected).nonzero()[0].tolist() == [2, 4, 6, 7]
    np.testing.assert_allclose(fit.predict(given, missing="nan"), expected, rtol=1e-12)
    again = fit.predict(given, missing="nan", offset=new["o"].to_numpy())
    np.testing.assert_array_equal(again, fit.predict(given, missing="nan"))
    without = fit.predict(given, missing="nan", offset=0)
    assert np.isnan(without).nonzero()[0].tolist() == [2, 4, 6]
    whole = gappy.dropna()
    np.testing.assert_allclose(fit.predict(whole, missing="nan"), fit.predict(whole), rtol=0)


def test_arrays_and_sparse_matrices(rows, gappy):
    sparse = pytest.importorskip("scipy.sparse")
    X, new = rows[["a", "b", "c"]].to_numpy(), gappy[["a", "b", "c"]].to_numpy()
    fit = eq.fit(X, rows["y"], l1=1.0)
    expected = new @ fit.coef + fit.intercept
    expected[[2, 4]] = np.nan
    masked = np.ma.masked_array(np.nan_to_num(new), np.isnan(new))
    for given in (new, sparse.csr_array(new), sparse.csc_matrix(new), masked, new.tolist()):
        np.testing.assert_allclose(fit.predict(given, missing="nan"), expected, rtol=1e-12)
    assert np.isnan(fit.predict(np.full((2, 3), np.nan), missing="nan")).all()
    with pytest.raises(ValueError, match="'x2' holds 1 infinite value"):
        fit.predict([[np.nan, 1.0, 1.0], [1.0, np.inf, 1.0]], missing="nan")
    with pytest.raises(ValueError, match=r"prediction of row 1, counting from 0, is beyond float64"):
        fit.predict([[np.nan, 1.0, 1.0], [1.7e308, -1.7e308, 1.0]], missing="nan", offset=[0.0, 1.7e308])


def test_a_mapped_file_that_holds_nan_is_told_so(rows, gappy, tmp_path):
    fit = eq.fit(rows[["a", "b", "c"]].to_numpy(), rows["y"], l1=1.0)
    np.save(tmp_path / "new.npy", gappy[["a", "b", "c"]].to_numpy())
    with pytest.raises(ValueError, match=r"row 2, counting from 0, is not a number: X holds NaN"):
        fit.predict(eq.Mapped(tmp_path / "new.npy"))


def test_a_mean_stands_in_where_there_is_one(rows, gappy):
    fit = eq.fit(rows, "y", l1=1.0, offset="o", missing="mean")
    found = fit.predict(gappy, missing="nan")
    assert np.isnan(found).nonzero()[0].tolist() == [7]  # an offset has no mean
    filled = gappy.assign(o=gappy["o"].fillna(0.0))
    np.testing.assert_array_equal(np.delete(found, 7), np.delete(fit.predict(filled), 7))
    with pytest.raises(ValueError, match=r"offset 'o' holds 1 missing .*: leave out such rows, or pass miss"):
        fit.predict(gappy)


def test_formulas_paths_and_choices(rows, gappy):
    pytest.importorskip("formulaic")
    X, y = eq.formula("y ~ a*b + city", rows)
    fit = eq.fit(X, y, l1=0.5)
    found = fit.predict(gappy, missing="nan")
    assert np.isnan(found).nonzero()[0].tolist() == [2, 6]
    whole = gappy.dropna(subset=["a", "city"])
    np.testing.assert_allclose(found[~np.isnan(found)], fit.predict(whole), rtol=1e-14)
    features = rows.drop(columns="o")
    cv = eq.cross_validate(features, "y", folds=3, count=6)
    path = cv.path
    all_of_them = path.predict(gappy, missing="nan")
    assert all_of_them.shape == (10, 6)
    for k, strength in enumerate(path.strengths):
        one = path.at(strength).predict(gappy, missing="nan")
        np.testing.assert_allclose(all_of_them[:, k], one, rtol=1e-9, atol=1e-12)
        assert np.isnan(one).nonzero()[0].tolist() == [2, 4, 6]
    np.testing.assert_array_equal(cv.predict(gappy, missing="nan"), cv.one_se.predict(gappy, missing="nan"))
    assert np.isnan(eq.relax(features, "y", folds=3, count=6).best.predict(gappy, missing="nan")).sum() == 3


def test_the_refusal_says_what_can_be_done(rows, gappy):
    fit = eq.fit(rows.drop(columns="o"), "y", l1=1.0)
    ways = "leave out such rows, or pass missing='nan' to predict NaN for them, or fit with missing='mean'"
    for predict in (fit.predict, eq.path(rows.drop(columns="o"), "y", count=3).predict):
        with pytest.raises(ValueError, match=f"X column 'a' holds 1 missing value .*: {ways}") as caught:
            predict(gappy)
        assert type(caught.value) is ValueError
    with pytest.raises(
        ValueError,
        match=r"X column 'a' holds .*: pass missing='drop' to leave them out of .*, or fit with missing=",
    ):
        fit.score(gappy)
    with pytest.raises(ValueError, match=r"X column 'a' holds 1 infinite .*: drop or impute them first$"):
        fit.predict(gappy.assign(a=np.where(gappy["a"].isna(), np.inf, 1.0)))
    with pytest.raises(ValueError, match="missing is 'drop': pass 'error' or 'nan'"):
        fit.predict(gappy, missing="drop")
    pytest.importorskip("formulaic")
    X, y = eq.formula("y ~ a + b", rows)
    with pytest.raises(ValueError, match=r"X column 'a' holds .*: leave out .* to predict NaN for them$"):
        eq.fit(X, y, l1=1.0).predict(gappy)
