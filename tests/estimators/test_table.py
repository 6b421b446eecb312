"""The table of docs/estimators.md, row by row: what the estimators and the functions call the same thing."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import equipoise as eq
from equipoise.estimators.explained import Explained

PAGE = Path(__file__).parents[2] / "docs" / "estimators.md"


def made():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 5)) + 1.0
    return X, X @ [2.0, -1.0, 0.0, 0.5, 0.0] + rng.normal(size=40)


X, Y = made()
N = 40
WEIGHTS = np.random.default_rng(1).uniform(0.5, 2.0, size=N)


def same(model, fit):
    np.testing.assert_allclose(model.coef_, fit.coef, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(model.intercept_, fit.intercept, rtol=1e-9, atol=1e-12)


def alpha():
    same(eq.Lasso(alpha=0.2).fit(X, Y), eq.fit(X, Y, l1=N * 0.2))


def l1_ratio():
    same(
        eq.ElasticNet(alpha=0.2, l1_ratio=0.3).fit(X, Y), eq.fit(X, Y, l1=N * 0.2 * 0.3, l2=N * 0.2 * 0.7 / 2)
    )


def alpha_of_ridge():
    same(eq.Ridge(alpha=3.0).fit(X, Y), eq.fit(X, Y, l1=0, l2=1.5))


def fit_intercept():
    same(eq.Lasso(alpha=0.2, fit_intercept=False).fit(X, Y), eq.fit(X, Y, l1=N * 0.2, intercept=False))


def standardize():
    model = eq.Lasso(alpha=0.2, standardize=True).fit(X, Y)
    same(model, eq.fit(X, Y, l1=N * 0.2, standardize=True))
    pipeline = make_pipeline(StandardScaler(), linear_model.Lasso(alpha=0.2, tol=1e-14)).fit(X, Y)
    np.testing.assert_allclose(model.predict(X), pipeline.predict(X), atol=1e-7)


def penalty_factor():
    factors = np.array([1.0, 2.0, 0.0, 0.5, 1.0])
    model = eq.ElasticNet(alpha=0.2, l1_ratio=0.5, penalty_factor=factors).fit(X, Y)
    same(model, eq.fit(X, Y, l1=N * 0.1 * factors, l2=N * 0.05 * factors))


def penalty_factor_of_infinity():
    factors = np.array([np.inf, 1.0, 1.0, 1.0, 1.0])
    model = eq.Lasso(alpha=0.2, penalty_factor=factors).fit(X, Y)
    same(model, eq.fit(X, Y, l1=np.where(np.isinf(factors), np.inf, N * 0.2)))
    assert model.coef_[0] == 0.0


def positive():
    same(eq.Lasso(alpha=0.2, positive=True).fit(X, Y), eq.fit(X, Y, l1=N * 0.2, lower=0.0))


def bounds():
    model = eq.Lasso(alpha=0.01, lower=-0.3, upper=[1.0, 1.0, 1.0, 0.2, 1.0]).fit(X, Y)
    same(model, eq.fit(X, Y, l1=N * 0.01, lower=-0.3, upper=[1.0, 1.0, 1.0, 0.2, 1.0]))
    assert model.coef_[3] == 0.2


def sample_weight():
    model = eq.Lasso(alpha=0.2).fit(X, Y, sample_weight=WEIGHTS)
    same(model, eq.fit(X, Y, l1=WEIGHTS.sum() * 0.2, sample_weight=WEIGHTS))


def offset():
    model = eq.Lasso(alpha=0.2).fit(X, Y, offset=WEIGHTS)
    fit = eq.fit(X, Y, l1=N * 0.2, offset=WEIGHTS)
    same(model, fit)
    np.testing.assert_allclose(model.predict(X, offset=WEIGHTS), fit.predict(X, offset=WEIGHTS))


def grid():
    model, path = eq.LassoCV(alphas=7, eps=0.01).fit(X, Y), eq.path(X, Y, l1=N, count=7, ratio=0.01)
    np.testing.assert_allclose(model.alphas_, path.strengths)
    np.testing.assert_array_equal(eq.LassoCV(n_alphas=7, eps=0.01).fit(X, Y).alphas_, model.alphas_)
    np.testing.assert_array_equal(eq.LassoCV(alphas=[0.1, 0.5]).fit(X, Y).alphas_, [0.5, 0.1])


def cross_validation():
    folds = KFold(4)
    return eq.LassoCV(cv=folds).fit(X, Y), eq.cross_validate(X, Y, folds=folds, l1=N, ratio=1e-3)


def cv():
    model, found = cross_validation()
    np.testing.assert_allclose(model.mse_path_.mean(axis=1), found.mean)


def groups():
    labels = np.repeat(np.arange(8), 5)
    model = eq.LassoCV(cv=4).fit(X, Y, groups=labels)
    found = eq.cross_validate(X, Y, folds=4, groups=labels, l1=N, ratio=1e-3)
    np.testing.assert_allclose(model.mse_path_, found.fold_loss, rtol=1e-10)


def chosen():
    model, found = cross_validation()
    assert model.alpha_ == pytest.approx(found.best_strength)
    same(model, found.best)


def one_se():
    _, found = cross_validation()
    model = eq.LassoCV(cv=KFold(4), choice="one_se").fit(X, Y)
    assert model.alpha_ == pytest.approx(found.one_se_strength)
    same(model, found.one_se)


def mse_path():
    model, found = cross_validation()
    np.testing.assert_allclose(model.mse_path_, found.fold_loss, rtol=1e-10)


def scoring():
    model = eq.LassoCV(cv=KFold(4), scoring="neg_mean_absolute_error").fit(X, Y)
    search = GridSearchCV(
        linear_model.Lasso(tol=1e-12, max_iter=10**5),
        {"alpha": model.alphas_},
        cv=KFold(4),
        scoring="neg_mean_absolute_error",
    ).fit(X, Y)
    np.testing.assert_allclose(
        -model.loss_path_.mean(axis=1), search.cv_results_["mean_test_score"], rtol=1e-6
    )
    assert model.alpha_ == search.best_params_["alpha"]
    assert not hasattr(model, "mse_path_")


def loss_path():
    model, found = cross_validation()
    np.testing.assert_allclose(model.loss_path_, found.fold_loss, rtol=1e-10)


def criterion():
    theirs = linear_model.LassoLarsIC("bic").fit(X, Y)
    model = eq.LassoIC("bic").fit(X, Y)
    assert model.alpha_ == pytest.approx(theirs.alpha_, rel=1e-9)
    at = np.argmin(np.abs(model.alphas_[:, None] - theirs.alphas_), axis=0)
    np.testing.assert_allclose(model.criterion_[at], theirs.criterion_, rtol=1e-9)


def select_nonzero():
    selector = eq.SelectNonzero(eq.Lasso(alpha=0.2)).fit(X, Y)
    np.testing.assert_array_equal(selector.get_support(indices=True), eq.fit(X, Y, l1=N * 0.2).support)


def without_effect():
    plain = eq.Lasso(alpha=0.2).fit(X, Y).coef_
    idle = {"tol": 0.5, "max_iter": 1, "selection": "random", "precompute": True, "warm_start": True}
    np.testing.assert_array_equal(plain, eq.Lasso(alpha=0.2, **idle).fit(X, -Y).fit(X, Y).coef_)
    np.testing.assert_array_equal(eq.Ridge().fit(X, Y).coef_, eq.Ridge(solver="saga").fit(X, Y).coef_)


ROWS = {
    "`alpha`": alpha,
    "`l1_ratio`": l1_ratio,
    "`alpha` of `Ridge`": alpha_of_ridge,
    "`fit_intercept`": fit_intercept,
    "`standardize`": standardize,
    "`penalty_factor`": penalty_factor,
    "`penalty_factor` of ∞": penalty_factor_of_infinity,
    "`positive`": positive,
    "`lower`, `upper`": bounds,
    "`sample_weight` in `fit`": sample_weight,
    "`offset` in `fit` and `predict`": offset,
    "`alphas` (older: `n_alphas`), `eps`": grid,
    "`cv`": cv,
    "`groups` in `fit` of the CV kin": groups,
    "`alpha_`": chosen,
    '`choice="one_se"`': one_se,
    "`scoring` of the CV kin": scoring,
    "`loss_path_`": loss_path,
    "`mse_path_`, of squared errors only": mse_path,
    "`criterion` of `LassoIC`": criterion,
    "`SelectNonzero`": select_nonzero,
    "`tol`, `max_iter`, `selection`, `precompute`, `solver`, `warm_start`": without_effect,
}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_table(row):
    ROWS[row]()


def rows_of(section):
    """The first cells of the rows of a section's table that begin with code."""
    if not PAGE.exists():
        pytest.skip("docs/ is not installed: the table can be read only where the source tree is")
    text = PAGE.read_text("utf-8").split(f"\n## {section}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [line.split(" | ")[0].removeprefix("| ") for line in lines]


def test_the_table_has_these_rows():
    assert rows_of("What each thing is called") == list(ROWS)


def test_what_a_model_says_of_itself_can_be_asked():
    model = eq.Lasso(alpha=0.2).fit(X, Y)
    names = [re.match(r"`(\w+)", row).group(1) for row in rows_of("What a model says of itself")]
    assert len(names) == 8
    for name in names:
        assert hasattr(model, name)
    public = {name for name in vars(Explained) if not name.startswith("_")}
    assert public == set(names) - {"fits_"}


CLASSES = (
    *("Lasso", "ElasticNet", "Ridge", "LassoCV", "ElasticNetCV", "RidgeCV", "LogisticRegression"),
    *("LogisticRegressionCV", "PoissonRegressor", "GammaRegressor", "TweedieRegressor"),
)
CHANGING = {
    "alphas",
    "store_cv_results",
    "l1_ratios",
    "scoring",
    "use_legacy_attributes",
    "penalty",
    "l1_ratio",
}
"""Parameters whose defaults differ from release to release."""


@pytest.mark.parametrize("name", CLASSES)
def test_parameters_and_defaults_are_scikit_learns(name):
    theirs = inspect.signature(getattr(linear_model, name)).parameters
    ours = inspect.signature(getattr(eq, name)).parameters
    own = {"standardize", "penalty_factor", "lower", "upper", "choice"}
    if name in {"PoissonRegressor", "GammaRegressor", "TweedieRegressor"}:
        own |= {"l1_ratio"}
    if "Logistic" in name:
        own |= {"multi_class", "use_legacy_attributes"} - {*theirs}  # of some releases
    if name in {"LassoCV", "ElasticNetCV"}:
        own |= {"scoring", "n_alphas"}  # a release of theirs has dropped n_alphas
    wanted = {k: v for k, v in theirs.items() if k != "n_alphas"}
    assert set(ours) - own == set(wanted)
    for parameter in wanted:
        assert ours[parameter].kind == theirs[parameter].kind
        if parameter not in CHANGING:
            assert ours[parameter].default == theirs[parameter].default
    assert all(ours[k].kind is inspect.Parameter.KEYWORD_ONLY for k in own & set(ours))
