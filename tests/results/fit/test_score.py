"""Scores: scikit-learn's numbers, by names and with weights, beside a null model of the training data."""

import json

import numpy as np
import pytest

import equipoise as eq
from equipoise.results.fit.score import ErrorSums

NULL = ("null_r2", "null_root_mean_squared_error", "null_mean_absolute_error")
OWN = ("r2", "root_mean_squared_error", "mean_absolute_error")


def data(seed: int = 0, n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(2.0, 1.0, size=(n, 3))
    return X, X @ [1.0, -2.0, 0.0] + 5.0 + rng.normal(size=n)


def by_sklearn(y, predicted, weights=None):
    metrics = pytest.importorskip("sklearn.metrics")
    return (
        metrics.r2_score(y, predicted, sample_weight=weights),
        np.sqrt(metrics.mean_squared_error(y, predicted, sample_weight=weights)),
        metrics.mean_absolute_error(y, predicted, sample_weight=weights),
    )


def measures(score, names):
    return [getattr(score, name) for name in names]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("standardize", [False, True])
def test_the_measures_are_those_of_scikit_learn(weighted, standardize):
    X, y = data()
    fit = eq.fit(X, y, l1=10.0, standardize=standardize)
    new, response = data(1, 25)
    weights = np.random.default_rng(2).integers(0, 4, 25) * 0.5 if weighted else None
    score = fit.score(new, response, sample_weight=weights)
    predicted = fit.intercept + new @ fit.coef
    assert measures(score, OWN) == pytest.approx(by_sklearn(response, predicted, weights), rel=1e-12)
    null = np.full(25, y.mean())
    assert measures(score, NULL) == pytest.approx(by_sklearn(response, null, weights), rel=1e-12)
    assert score.null_prediction == pytest.approx(y.mean(), rel=1e-14)
    assert score.rows == (25 if weights is None else np.count_nonzero(weights))
    assert float(score) == score.r2


@pytest.mark.parametrize("loss", ["squared", "poisson"])
def test_rows_that_miss_a_value_are_left_out_where_this_is_asked(loss):
    """A response, a weight, an offset and a feature are missing, in a row each."""
    pd, metrics = pytest.importorskip("pandas"), pytest.importorskip("sklearn.metrics")
    X, y = data()
    y = np.round(np.exp(y / 6.0))
    frame = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "o": 0.1 * X[:, 2], "w": 1.0 + (X[:, 2] > 2), "y": y})
    fit = eq.fit(frame, "y", l1=5.0, sample_weight="w", offset="o", loss=loss)
    gappy = frame.copy()
    for row, name in enumerate(("y", "w", "o", "a")):
        gappy.loc[row, name] = np.nan
    kept = frame[4:]
    power = {"squared": 0.0, "poisson": 1.0}[loss]
    mean = fit.intercept + kept[["a", "b"]].to_numpy() @ fit.coef + kept["o"]
    mean = np.exp(mean) if power else mean
    told = metrics.mean_tweedie_deviance(kept["y"], mean, sample_weight=kept["w"], power=power)
    score = fit.score(gappy, sample_weight="w", missing="drop")
    found = score.mean_deviance if power else score.root_mean_squared_error**2
    assert found == pytest.approx(told, rel=1e-12)
    assert (score.rows, score.dropped) == (36, 4)
    assert str(score).startswith("36 rows; 4 others left out for missing values\n")
    parts = gappy[["a", "b"]].to_numpy(), *(gappy[name].to_numpy() for name in "ywo")
    again = fit.score(parts[0], parts[1], sample_weight=parts[2], offset=parts[3], missing="drop")
    assert again.to_dict() == score.to_dict()
    for lost in "ywoa":
        one = frame.copy()
        one.loc[3, lost] = np.nan
        with pytest.raises(ValueError, match="missing='drop' to leave them out of the score"):
            fit.score(one, sample_weight="w")
    with pytest.raises(ValueError, match="missing is 'mean': pass 'error' or 'drop'"):
        fit.score(frame, missing="mean")
    with pytest.raises(ValueError, match="no row is complete"):
        fit.score(gappy[:4], sample_weight="w", missing="drop")


def test_a_feature_with_a_mean_leaves_no_row_out_of_a_score():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": [0.0, 1.0, 2.0, np.nan], "y": [0.0, 1.0, 2.0, 5.0]})
    fit = eq.fit(frame, "y", l1=0, missing="mean")
    frame.loc[0, "y"] = np.nan
    score = fit.score(frame, missing="drop")
    # The slope is 1 and the intercept 2 − 1 by hand, so that 1, 2 and the mean of 1 are missed by 1, 1 and 3.
    assert (score.rows, score.dropped) == (3, 1)
    assert score.mean_absolute_error == pytest.approx(5 / 3, rel=1e-12)


def test_by_hand():
    """ŷ = 2x − 1 at x = 1, 4: errors 0 and 1 beside y = 1, 8, whose mean is 4.5; the null model says 3."""
    fit = eq.fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 6.0], l1=1)
    score = fit.score([[1.0], [4.0]], [1.0, 8.0])
    assert measures(score, OWN) == pytest.approx([1 - 1 / 24.5, np.sqrt(0.5), 0.5])
    assert measures(score, NULL) == pytest.approx([1 - 29 / 24.5, np.sqrt(14.5), 3.5])


def test_weights_and_repeated_rows_are_one_thing():
    X, y = data()
    fit = eq.fit(X, y, l1=10.0)
    times = np.arange(40) % 3
    weighted = fit.score(X, y, sample_weight=times)
    repeated = fit.score(np.repeat(X, times, axis=0), np.repeat(y, times))
    assert measures(weighted, OWN + NULL) == pytest.approx(measures(repeated, OWN + NULL), rel=1e-12)
    assert (weighted.rows, repeated.rows) == (26, 39)


def test_the_null_model_is_that_of_the_training_data():
    X, y = data()
    weights, offset = np.arange(40) % 4, np.linspace(-3, 3, 40)
    mean = np.average(y - offset, weights=weights)
    fit = eq.fit(X, y, l1=10.0, sample_weight=weights, offset=offset)
    new, response = data(1, 25)
    more = np.linspace(0, 1, 25)
    score = fit.score(new, response, offset=more)
    assert score.null_prediction == pytest.approx(mean, rel=1e-13)
    assert measures(score, NULL) == pytest.approx(by_sklearn(response, mean + more), rel=1e-12)
    predicted = fit.intercept + new @ fit.coef + more
    assert measures(score, OWN) == pytest.approx(by_sklearn(response, predicted), rel=1e-12)
    assert "its offset plus" in str(score)
    without = eq.fit(X, y, l1=10.0, intercept=False).score(new, response)
    assert without.null_prediction == 0.0
    assert measures(without, NULL) == pytest.approx(by_sklearn(response, np.zeros(25)), rel=1e-12)


def test_the_null_model_of_gathered_data(tmp_path):
    pd = pytest.importorskip("pandas")
    pytest.importorskip("duckdb")
    X, y = data()
    frame = pd.DataFrame(X, columns=["a", "b", "c"]).assign(y=y)
    frame.to_csv(tmp_path / "rows.csv", index=False)
    fit = eq.fit(str(tmp_path / "rows.csv"), "y", l1=10.0)
    assert fit.score(frame, "y").null_prediction == pytest.approx(y.mean(), rel=1e-13)
    assert fit.score(tmp_path / "rows.csv", "y") == fit.score(frame, "y")
    with pytest.raises(TypeError, match="score needs the rows themselves"):
        fit.score(eq.gather(str(tmp_path / "rows.csv"), "y"), None)


def test_a_loaded_model_and_a_point_of_a_path_score_the_same(tmp_path):
    X, y = data()
    path = eq.path(X, y, strengths=[20.0, 10.0])
    new = data(1, 25)
    here = path.at(10.0).score(*new)
    path.at(10.0).save(tmp_path / "model.json")
    assert eq.load(tmp_path / "model.json").score(*new) == here
    assert measures(eq.fit(X, y, l1=10.0).score(*new), OWN) == pytest.approx(measures(here, OWN), rel=1e-9)


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_columns_by_name(library):
    pytest.importorskip(library)
    frames = pytest.importorskip("narwhals")
    X, y = data()
    columns = {"c": X[:, 2], "w": np.arange(40) % 3, "y": y, "a": X[:, 0], "o": X[:, 1] / 7, "b": X[:, 1]}
    frame = frames.from_dict(columns, backend=library).to_native()
    fitted_on = frames.from_dict({name: columns[name] for name in "abc"}, backend=library).to_native()
    fit = eq.fit(fitted_on, y, l1=10.0)
    assert fit.features == ("a", "b", "c")
    named = fit.score(frame, "y", sample_weight="w", offset="o")
    assert named == fit.score(X, y, sample_weight=columns["w"], offset=columns["o"])
    predicted = fit.intercept + X @ fit.coef + columns["o"]
    assert measures(named, OWN) == pytest.approx(by_sklearn(y, predicted, columns["w"]), rel=1e-12)


def test_a_category_that_the_fit_did_not_see():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"city": ["Oslo", "Oslo", "Rome", "Rome", "Bern", "Bern"], "y": range(6)})
    fit = eq.fit(frame, "y", l1=0.1)
    new = pd.DataFrame({"city": ["Lima", "Oslo"], "y": [4.0, 2.0]})
    with pytest.raises(ValueError, match="'Lima'"):
        fit.score(new, "y")
    predicted = fit.predict(new[["city"]], unseen="zero")
    assert predicted[0] == fit.intercept
    score = fit.score(new, "y", unseen="zero")
    assert measures(score, OWN) == pytest.approx(by_sklearn(new["y"], predicted), rel=1e-12)


# ---- what has no R² ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "y", "weights"),
    [
        ([[1.0]], [4.0], None),
        ([[1.0], [2.0], [5.0]], [0.1, 0.1, 0.1], None),  # whose mean is not 0.1 to the last digit
        ([[1.0], [2.0], [5.0]], [0.1, 0.1, 0.2], [1.0, 3.0, 0.0]),
    ],
)
def test_a_response_that_never_changes_has_no_r2(rows, y, weights):
    fit = eq.fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 6.0], l1=1)  # 2x − 1
    score = fit.score(rows, y, sample_weight=weights)
    assert score.r2 is None
    assert score.null_r2 is None
    error = np.abs(2 * np.array(rows)[:, 0] - 1 - y)
    assert score.mean_absolute_error == pytest.approx(np.average(error, weights=weights))
    assert score.root_mean_squared_error == pytest.approx(np.sqrt(np.average(error**2, weights=weights)))
    assert "There is no R²: y is the same in all rows" in str(score)
    assert json.loads(json.dumps(score.to_dict(), allow_nan=False))["r2"] is None
    with pytest.raises(ValueError, match="there is no R², for y is the same in all rows"):
        float(score)


def test_perfect_predictions_of_a_response_that_changes():
    fit = eq.fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 6.0], l1=1)
    score = fit.score([[1.0], [2.0]], [1.0, 3.0])
    assert measures(score, OWN) == pytest.approx([1.0, 0.0, 0.0], abs=1e-14)


@pytest.mark.parametrize("size", [1e-170, 1e170])
def test_what_cannot_be_squared_gives_no_wrong_number(size):
    fit = eq.fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 6.0], l1=1)
    y = np.array([1.0, 2.0, 3.0]) * size
    if size > 1:
        with pytest.raises(ValueError, match="too large to be squared"):
            fit.score([[1.0], [2.0], [3.0]], y)
    else:
        assert fit.score([[1.0], [2.0], [3.0]], y).r2 is None


# ---- mistakes ------------------------------------------------------------------------------------


def test_mistakes_are_sentences():
    pd = pytest.importorskip("pandas")
    X, y = data()
    fit = eq.fit(X, y, l1=10.0)
    frame = pd.DataFrame(X, columns=["x1", "x2", "x3"]).assign(y=y)
    with pytest.raises(ValueError, match="y 'z' is not a column of the table"):
        fit.score(frame, "z")
    with pytest.raises(TypeError, match="X has no column names"):
        fit.score(X, "y")
    with pytest.raises(TypeError, match="y is missing: name the column"):
        fit.score(frame, None)
    with pytest.raises(ValueError, match="y has 39"):
        fit.score(X, y[:-1])
    with pytest.raises(ValueError, match="y 'y' holds 1 "):
        fit.score(frame.assign(y=frame["y"].where(frame["y"] != frame["y"].max())), "y")
    with pytest.raises(ValueError, match="sample_weight is 0 in every row"):
        fit.score(X, y, sample_weight=np.zeros(40))
    with pytest.raises(ValueError, match="named both as"):
        fit.score(frame, "y", offset="y")


def test_a_formula_explains_its_own_response():
    pytest.importorskip("formulaic")
    pd = pytest.importorskip("pandas")
    X, y = data()
    table = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "size of it": np.exp(y / 4)})
    logged = eq.fit(*eq.formula("log(`size of it`) ~ a + b", table), l1=0.1)
    with pytest.raises(ValueError, match=r"explains 'log\(`size of it`\)', not the column 'size of it'"):
        logged.score(table, "size of it")
    predicted = logged.intercept + X[:, :2] @ logged.coef
    own = logged.score(table, y / 4)
    assert measures(own, OWN) == pytest.approx(by_sklearn(y / 4, predicted), rel=1e-12)
    plain = eq.fit(*eq.formula("`size of it` ~ a + b", table), l1=0.1)
    assert plain.score(table, "size of it") == plain.score(table, table["size of it"])


# ---- sums ----------------------------------------------------------------------------------------


def test_sums_of_parts_are_those_of_the_whole():
    rng = np.random.default_rng(3)
    y = 1e6 + rng.normal(size=500)  # a mean beside which the spread is small
    predicted, null = y + rng.normal(size=500), np.full(500, 1e6)
    weights = rng.integers(0, 3, 500).astype(float)
    weights[100:200] = 0.0
    cuts = [slice(0, 1), slice(1, 100), slice(100, 200), slice(200, 500)]
    total = ErrorSums()
    for part in cuts:
        total = total + ErrorSums.of(y[part], predicted[part], null[part], weights[part])
    score = total.score(1e6, with_offset=False)
    assert measures(score, OWN) == pytest.approx(by_sklearn(y, predicted, weights), rel=1e-9)
    assert measures(score, NULL) == pytest.approx(by_sklearn(y, null, weights), rel=1e-9, abs=1e-9)
    assert score.rows == np.count_nonzero(weights)


def test_nothing_to_score():
    with pytest.raises(ValueError, match="no row has a positive weight"):
        ErrorSums().score(0.0, with_offset=False)


# ---- what the model remembers --------------------------------------------------------------------


def test_columns_of_the_fit_are_found_by_their_names(tmp_path):
    pd = pytest.importorskip("pandas")
    X, y = data()
    frame = pd.DataFrame(X, columns=["a", "b", "c"]).assign(y=y, w=np.arange(40) % 3, o=X[:, 0] / 7)
    eq.fit(frame, "y", l1=10.0, sample_weight="w", offset="o").save(tmp_path / "model.json")
    fit = eq.load(tmp_path / "model.json")
    assert fit.score(frame.drop(columns="w")) == fit.score(frame)  # weights are those that are asked for
    score = fit.score(frame, sample_weight="w")
    predicted = fit.intercept + X @ fit.coef + frame["o"]
    assert measures(score, OWN) == pytest.approx(by_sklearn(y, predicted, frame["w"]), rel=1e-12)
    null = np.average(y - frame["o"], weights=frame["w"]) + frame["o"]
    assert measures(score, NULL) == pytest.approx(by_sklearn(y, null, frame["w"]), rel=1e-12)
    plain = fit.score(frame.drop(columns=["w", "o"]), offset=0)
    predicted = fit.intercept + X @ fit.coef
    assert measures(plain, OWN) == pytest.approx(by_sklearn(y, predicted), rel=1e-12)
    assert "its offset" not in str(plain)
    with pytest.raises(ValueError, match=r"fitted with an offset \(column 'o', which X lacks\)"):
        fit.score(frame.drop(columns="o"))
    with pytest.raises(TypeError, match="y is missing"):
        fit.score(frame.drop(columns="y"))
    with pytest.raises(TypeError, match="y is missing: pass the response"):
        fit.score(X, offset=0)
    with pytest.raises(ValueError, match="fitted with an offset"):
        fit.score(X, y)
