"""R² on the rows of a fit, and the errors beside it, against arithmetic by hand and scikit-learn."""

import json
from fractions import Fraction

import numpy as np
import pytest

import equipoise as eq

ROWS = 40


def data(far=0.0):
    rng = np.random.default_rng(11)
    X = rng.normal(1.0, 2.0, size=(ROWS, 6))
    y = X[:, :2] @ [2.0, -1.5] + far + rng.normal(size=ROWS)
    return X, y, rng.integers(0, 4, ROWS).astype(float), rng.normal(size=ROWS)


def by_hand(fit, X, y, weights=None, offset=None):
    """R² and both errors from predictions, and the best constant if there is an intercept."""
    weights = np.ones(len(y)) if weights is None else weights
    rest = y - (0.0 if offset is None else offset)
    error = rest - X @ fit.coef - fit.intercept
    null = rest - (np.average(rest, weights=weights) if fit.with_intercept else 0.0)
    own, bare = (np.average(e**2, weights=weights) for e in (error, null))
    return 1 - own / bare, np.sqrt(own), np.sqrt(bare)


def told(fit):
    return fit.r_squared, fit.root_mean_squared_error, fit.null_root_mean_squared_error


def test_three_rows_in_fractions():
    """y = (3, 2, 1) and ŷ = (7/3, 5/3, 2/3): 4/9 + 1/9 + 1/9 is left of 14."""
    fit = eq.fit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], l1=1, intercept=False)
    assert fit.r_squared == pytest.approx(float(1 - Fraction(2, 3) / 14), rel=1e-14)
    assert fit.root_mean_squared_error**2 == pytest.approx(float(Fraction(2, 9)), rel=1e-14)
    assert fit.null_root_mean_squared_error**2 == pytest.approx(float(Fraction(14, 3)), rel=1e-14)
    assert (
        "R² 0.9524 on its own rows; root mean squared error 0.471405, of the null model (0, no intercept) "
        "2.16025"
    ) in " ".join(str(fit).split())


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("roles", [(), ("weights",), ("offset",), ("weights", "offset")])
def test_it_is_what_the_predictions_say(roles, intercept, standardize):
    X, y, weights, offset = data()
    given = {name: values for name, values in (("weights", weights), ("offset", offset)) if name in roles}
    named = {"sample_weight" if name == "weights" else name: values for name, values in given.items()}
    for l2 in (0.0, 3.0):
        fit = eq.fit(X, y, l1=8.0, l2=l2, intercept=intercept, standardize=standardize, **named)
        np.testing.assert_allclose(told(fit), by_hand(fit, X, y, **given), rtol=1e-12)


def test_with_an_intercept_it_is_the_r_squared_of_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    X, y, weights, _ = data()
    fit = eq.fit(X, y, l1=8.0, sample_weight=weights)
    truth = metrics.r2_score(y, fit.predict(X), sample_weight=weights)
    assert fit.r_squared == pytest.approx(truth, rel=1e-13)
    assert fit.r_squared == pytest.approx(fit.score(X, y, sample_weight=weights).r2, rel=1e-13)


@pytest.mark.parametrize("intercept", [True, False])
def test_sums_a_file_on_disk_and_a_sparse_matrix_say_the_same(intercept, tmp_path):
    pa = pytest.importorskip("pyarrow")
    from scipy.sparse import csc_array

    X, y, weights, offset = data()
    names = [f"x{j + 1}" for j in range(6)]
    table = pa.table({**dict(zip(names, X.T, strict=True)), "y": y, "w": weights, "o": offset})
    sums = eq.gather(table, "y", sample_weight="w", offset="o")
    np.save(tmp_path / "X.npy", np.asfortranarray(X))
    asked = {"l1": 8.0, "intercept": intercept}
    roles = {"sample_weight": weights, "offset": offset}
    of_sums = eq.fit(sums, **asked)
    matrices = csc_array(X), eq.Mapped(tmp_path / "X.npy")
    for fit in (of_sums, *(eq.fit(matrix, y, **asked, **roles) for matrix in matrices)):
        np.testing.assert_allclose(told(fit), by_hand(fit, X, y, weights, offset), rtol=1e-11)
    assert f"({'offset plus a constant' if intercept else 'offset, no intercept'})" in str(of_sums)


def test_unpenalised_features_are_no_part_of_the_null_model():
    """Least squares explains what lstsq leaves; were its features in the null model, nothing."""
    X, y, _, _ = data()
    fit = eq.fit(X, y, l1=0.0)
    _, (left,), *_ = np.linalg.lstsq(np.column_stack([np.ones(ROWS), X]), y, rcond=None)
    assert fit.r_squared == pytest.approx(1 - left / np.sum((y - y.mean()) ** 2), rel=1e-12)


def test_far_from_zero_no_digit_is_lost():
    X, y, _, _ = data(far=2.0**33)
    near = y - 2.0**33  # exact
    far, close = eq.fit(X, y, l1=8.0), eq.fit(X, near, l1=8.0)
    np.testing.assert_allclose(told(far), told(close), rtol=1e-5)
    np.testing.assert_allclose(told(close), by_hand(close, X, near), rtol=1e-12)


def test_no_feature_explains_nothing_to_the_last_digit():
    X, y, weights, _ = data()
    fit = eq.fit(X, y, l1=1e6, sample_weight=weights)
    assert not fit.coef.any()
    assert (fit.r_squared, fit.root_mean_squared_error) == (0.0, fit.null_root_mean_squared_error)


def test_bounds_that_forbid_zero_may_explain_less_than_nothing():
    X, y, _, _ = data()
    fit = eq.fit(X, y, l1=8.0, lower=3.0, upper=4.0)
    np.testing.assert_allclose(told(fit), by_hand(fit, X, y), rtol=1e-12)
    assert fit.r_squared < 0


@pytest.mark.parametrize(("value", "intercept"), [(0.1, True), (1e9 / 3, True), (0.0, False)])
def test_where_y_never_changes_there_is_no_r_squared(value, intercept):
    X, *_ = data()
    fit = eq.fit(X, np.full(ROWS, value), l1=1.0, intercept=intercept)
    assert (fit.r_squared, fit.null_root_mean_squared_error) == (None, 0.0)
    assert "There is no R²: the null model (" in str(fit)
    assert json.loads(json.dumps(fit.to_dict()))["r_squared"] is None


def test_a_constant_y_without_an_intercept_has_one():
    X, *_ = data()
    fit = eq.fit(X, np.full(ROWS, 2.0), l1=1.0, intercept=False)
    np.testing.assert_allclose(told(fit), by_hand(fit, X, np.full(ROWS, 2.0)), rtol=1e-12)


def test_a_file_holds_it_and_a_path_of_a_file_does_not(tmp_path):
    X, y, _, _ = data()
    fit = eq.fit(X, y, l1=8.0)
    fit.save(tmp_path / "model.json")
    record = json.loads((tmp_path / "model.json").read_text())["model"]
    assert (record["r_squared"], record["root_mean_squared_error"]) == told(fit)[:2]
    loaded = eq.load(tmp_path / "model.json")
    assert told(loaded) == told(fit)
    assert str(loaded) == str(fit)
    path = eq.path(X, y, strengths=[20.0, 8.0])
    np.testing.assert_allclose(told(path.at(8.0)), told(fit), rtol=1e-12)
    path.save(tmp_path / "path.json")
    unknown = eq.load(tmp_path / "path.json").at(8.0)
    assert unknown.r_squared is None
    assert np.isnan(told(unknown)[1:]).all()
    assert "R²" not in str(unknown)
    unknown.save(tmp_path / "again.json")
    assert np.isnan(eq.load(tmp_path / "again.json").root_mean_squared_error)


@pytest.mark.parametrize(
    ("entry", "value", "message"),
    [
        ("r_squared", 0.99, "'r_squared' is not that of its errors"),
        ("r_squared", None, "'r_squared' is not that of its errors"),
        ("root_mean_squared_error", -1.0, "where a number of at least 0 stands"),
        ("root_mean_squared_error", None, "one of its errors is null"),
        ("null_root_mean_squared_error", "3", "where a number of at least 0 stands"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(entry, value, message, tmp_path):
    from equipoise.data.files.documents import checksum_of

    X, y, _, _ = data()
    eq.fit(X, y, l1=8.0).save(tmp_path / "model.json")
    document = json.loads((tmp_path / "model.json").read_text())
    document["model"][entry] = value
    document["checksum"] = checksum_of(document["model"])
    (tmp_path / "model.json").write_text(json.dumps(document))
    with pytest.raises(ValueError, match=message):
        eq.load(tmp_path / "model.json")


def test_a_fit_that_nobody_asks_computes_none(monkeypatch):
    from equipoise.objective.squares_points import SquaresPoints

    def refuse(*_):
        raise AssertionError("the residual's norm was asked for")

    monkeypatch.setattr(SquaresPoints, "loss", refuse)
    X, y, _, _ = data()
    fit = eq.fit(X, y, l1=8.0)
    with pytest.raises(AssertionError, match="asked for"):
        _ = fit.r_squared


def test_it_takes_no_pass_over_the_data(tmp_path):
    X, y, _, _ = data()
    np.save(tmp_path / "X.npy", np.asfortranarray(X))
    mapped = eq.Mapped(tmp_path / "X.npy")
    fit = eq.fit(mapped, y, l1=8.0)
    before = mapped.passes
    assert fit.r_squared > 0.5
    assert mapped.passes == before


def test_the_report_says_it():
    X, y, _, _ = data()
    fit = eq.fit(X, y, l1=8.0)
    share, own, null = by_hand(fit, X, y)
    words = (
        f"R² {share:.4g} on its own rows; root mean squared error {own:.6g}, of the null model (mean of y) "
    )
    assert f"{words}{null:.6g}." in fit.report()


# ---- other losses: deviances of R 4's glm, at control = list(epsilon = 1e-15, maxit = 100) ----------

OF_GLM = np.column_stack([np.arange(1.0, 9.0), [0, 1, 1, 0, 1, 0, 0, 1]])
TRIALS, HITS = np.array([3.0, 1, 2, 5, 4, 1, 2, 3]), np.array([0, 0, 1, 2, 3, 1, 1, 3])
COUNTS, TIME = [0, 3, 1, 4, 2, 7, 5, 9], [1, 2, 1, 3, 0.5, 2, 1.5, 4]
AMOUNTS = [0.5, 1.2, 0.7, 3, 2.2, 4.1, 0.9, 6]
GLM = {
    # glm(y ~ x + z, family = binomial)
    "yes or no": ([0, 0, 1, 0, 1, 1, 0, 1], {"loss": "binomial"}, 6.08563071398481, 11.0903548889591),
    # glm(cbind(k, n - k) ~ x + z, family = binomial)
    "trials": (
        HITS / TRIALS,
        {"loss": "binomial", "sample_weight": TRIALS},
        3.06712505548631,
        12.2905692514161,
    ),
    # glm(k ~ x + z + offset(log(e)), family = poisson)
    "exposure": (COUNTS, {"loss": "poisson", "exposure": TIME}, 5.33593882564419, 9.44648395708918),
    # glm(g ~ x + z, family = Gamma(link = "log"), weights = n)
    "amounts": (AMOUNTS, {"loss": "gamma", "sample_weight": TRIALS}, 5.71227939694495, 12.6965131605385),
}


@pytest.mark.parametrize("case", GLM)
def test_deviances_are_those_of_glm(case, tmp_path):
    y, given, own, null = GLM[case]
    fit = eq.fit(OF_GLM, y, l1=0.0, **given)
    np.testing.assert_allclose([fit.deviance, fit.null_deviance], [own, null], rtol=1e-9)
    np.testing.assert_allclose(fit.deviance_explained, 1 - own / null, rtol=1e-9)
    fit.save(tmp_path / "model.json")
    loaded = eq.load(tmp_path / "model.json")
    assert (loaded.deviance, loaded.null_deviance) == (fit.deviance, fit.null_deviance)
    assert str(loaded) == str(fit)
    assert loaded.to_dict() == fit.to_dict()


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("yes or no", "null model (share of events) 11.0904; 4 events in 8 rows"),
        ("trials", "null model (share of events) 12.2906; 11 events in 21 trials in 8 rows"),
        ("exposure", "(logarithm of the exposure plus a constant) 9.44648; a total count of 31 in 8 rows"),
        ("amounts", "null model (mean of y) 12.6965; a total of 49 in 8 rows of weight 21"),
    ],
)
def test_the_print_says_it_in_the_words_of_the_loss(case, told):
    y, given, *_ = GLM[case]
    if case == "amounts":
        told = told.replace("49", f"{TRIALS @ AMOUNTS:.6g}")
    printed = " ".join(str(eq.fit(OF_GLM, y, l1=0.0, **given)).split())
    assert told in printed
    assert "Deviance explained" in printed
    assert "squared" not in printed
    assert "R²" not in printed


def test_a_null_model_that_explains_all_leaves_nothing():
    """Two counts in proportion to their exposure: the constant rate has no deviance."""
    fit = eq.fit([[0.0], [1.0]], [2, 4], l1=1.0, loss="poisson", exposure=[1.0, 2.0])
    assert fit.deviance_explained is None or fit.null_deviance < 1e-15


def test_squared_loss_has_a_deviance_too():
    X, y, _, _ = data()
    fit = eq.fit(X, y, l1=8.0)
    np.testing.assert_allclose(fit.deviance, ((y - fit.predict(X)) ** 2).sum(), rtol=1e-12)
    np.testing.assert_allclose(fit.null_deviance, ((y - y.mean()) ** 2).sum(), rtol=1e-12)
    assert fit.deviance_explained == fit.r_squared


@pytest.mark.parametrize("name", ["r_squared", "root_mean_squared_error", "null_root_mean_squared_error"])
def test_a_count_has_no_squared_error(name):
    fit = eq.fit(OF_GLM, COUNTS, l1=1.0, loss="poisson")
    with pytest.raises(ValueError, match=f"{name} is of squared loss: of loss='poisson' read deviance and"):
        getattr(fit, name)


def test_ratios_are_e_to_the_coefficients():
    fit = eq.fit(OF_GLM, COUNTS, l1=1.0, loss="poisson", standardize=True)
    table = fit.to_frame(dict)
    assert list(table) == ["feature", "coef", "rate ratio", "limit"]
    assert table["rate ratio"] == np.exp(fit.coef).tolist()
    assert fit.for_paper()["rate ratio"] == [None, *np.exp(fit.coef).tolist()]
    ratio = np.exp(fit.coef[0] * OF_GLM[:, 0].std())
    row = next(line.split() for line in str(fit).splitlines() if line.startswith("x1"))
    assert row == ["x1", *(f"{value:.6g}" for value in (fit.coef[0], np.exp(fit.coef[0]), ratio))]
    assert eq.fit(OF_GLM, COUNTS, l1=1.0).ratios is None
    assert "odds ratio" in eq.fit(OF_GLM, GLM["yes or no"][0], l1=0.1, loss="binomial").to_markdown()
