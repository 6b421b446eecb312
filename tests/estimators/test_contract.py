"""The contract of scikit-learn's estimators, checked by itself and by what people do with them."""

import pickle
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.feature_selection import SelectFromModel
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import equipoise as eq

ALL = [eq.Lasso(), eq.ElasticNet(), eq.Ridge(), eq.LassoCV(), eq.ElasticNetCV(), eq.RidgeCV()]
ALL += [eq.LassoIC(noise_variance=1.0)]  # some checks have more columns than rows: nothing tells it there
SINGLE = ALL[:3]
NAMES = [f"feature {j}" for j in range(8)]


def made(seed=0, n=60, p=8):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + 3.0
    return X, X[:, 0] - 2.0 * X[:, 1] + 0.5 * X[:, 2] + rng.normal(size=n)


# The array API is not offered: its check skips itself, and says so with a warning of its own.
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks(ALL)
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("model", ALL, ids=lambda model: type(model).__name__)
def test_in_a_pipeline_a_clone_and_a_cross_validation(model):
    X, y = made()
    pipeline = make_pipeline(StandardScaler(), clone(model)).fit(X, y)
    assert pipeline[-1].certificate_.optimal
    scores = cross_val_score(clone(model), X, y, cv=4)
    assert scores.shape == (4,)
    assert np.all(np.isfinite(scores))


@pytest.mark.parametrize("model", SINGLE, ids=lambda model: type(model).__name__)
def test_a_grid_search_finds_the_smallest_loss(model):
    X, y = made()
    alphas = [1e-3, 1e-2, 1e-1, 1.0, 10.0]
    search = GridSearchCV(clone(model), {"alpha": alphas}, cv=4, scoring="neg_mean_squared_error").fit(X, y)
    fold = np.arange(60) // 15
    losses = [
        np.mean(
            [
                np.mean(
                    (
                        y[fold == k]
                        - clone(model)
                        .set_params(alpha=a)
                        .fit(X[fold != k], y[fold != k])
                        .predict(X[fold == k])
                    )
                    ** 2
                )
                for k in range(4)
            ]
        )
        for a in alphas
    ]
    assert search.best_params_["alpha"] == alphas[int(np.argmin(losses))]


def test_selection_from_a_model_keeps_what_is_not_zero():
    X, y = made()
    frame = pd.DataFrame(X, columns=NAMES)
    selector = SelectFromModel(eq.Lasso(alpha=0.3)).set_output(transform="pandas").fit(frame, y)
    kept = [name for name, coef in zip(NAMES, selector.estimator_.coef_, strict=True) if coef != 0]
    assert 0 < len(kept) < 8
    assert list(selector.transform(frame).columns) == kept


def test_names_of_a_frame_are_remembered_and_checked():
    X, y = made()
    model = eq.Lasso(alpha=0.1).fit(pd.DataFrame(X, columns=NAMES), y)
    assert list(model.feature_names_in_) == NAMES
    assert model.explain("feature 1").startswith("feature 1 ")
    with pytest.raises(ValueError, match="feature names"):
        model.predict(pd.DataFrame(X, columns=NAMES[::-1]))


@pytest.fixture(scope="module")
def read_elsewhere(tmp_path_factory):
    """Each estimator, fitted, as its pickle, and as it predicts once another process has read that."""
    folder = tmp_path_factory.mktemp("pickles")
    X, y = made(n=2000)
    fitted = {type(model).__name__: clone(model).fit(X, y) for model in ALL}
    frozen = {name: pickle.dumps(model) for name, model in fitted.items()}
    np.save(folder / "X.npy", X)
    for name, pickled in frozen.items():
        (folder / f"{name}.pickle").write_bytes(pickled)
    script = (
        "import pickle, sys, numpy as np, pathlib; folder = pathlib.Path(sys.argv[1])\n"
        "for file in folder.glob('*.pickle'):\n"
        "    model = pickle.loads(file.read_bytes())\n"
        "    np.save(file.with_suffix('.npy'), model.predict(np.load(folder / 'X.npy')))"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True)
    return X, {name: (fitted[name], frozen[name], np.load(folder / f"{name}.npy")) for name in fitted}


@pytest.mark.parametrize("model", ALL, ids=lambda model: type(model).__name__)
def test_pickled_without_the_data_and_bit_for_bit_the_same(model, read_elsewhere):
    X, found = read_elsewhere
    fitted, frozen, predicted = found[type(model).__name__]
    assert len(frozen) < X.nbytes / 4
    np.testing.assert_array_equal(predicted, fitted.predict(X))


def test_an_explanation_after_pickling_needs_the_data():
    X, y = made()
    fitted = eq.Lasso(alpha=0.2).fit(X, y)
    loaded = pickle.loads(pickle.dumps(fitted))
    with pytest.raises(ValueError, match="explain"):
        loaded.explain()
    assert loaded.explain("x1", X, y) == fitted.explain("x1")


def test_weights_and_offsets_are_routed():
    X, y = made()
    rng = np.random.default_rng(1)
    s, o = rng.uniform(0.5, 2.0, size=60), rng.normal(size=60)
    direct = eq.Lasso(alpha=0.1).fit(StandardScaler().fit_transform(X), y, sample_weight=s, offset=o)
    with config_context(enable_metadata_routing=True):
        lasso = eq.Lasso(alpha=0.1).set_fit_request(sample_weight=True, offset=True)
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        routed = make_pipeline(scaler, lasso).fit(X, y, sample_weight=s, offset=o)
    np.testing.assert_allclose(routed[-1].coef_, direct.coef_, rtol=1e-12)


@pytest.mark.parametrize("routing", [False, True])
def test_groups_reach_the_splitter(routing):
    X, y = made()
    groups = np.arange(60) % 7
    pairs = list(GroupKFold(4).split(X, y, groups))
    wanted = eq.LassoCV(cv=pairs).fit(X, y).mse_path_
    splitter = GroupKFold(4)
    with config_context(enable_metadata_routing=routing):
        if routing:
            splitter.set_split_request(groups=True)
        found = eq.LassoCV(cv=splitter).fit(X, y, groups=groups).mse_path_
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@pytest.mark.parametrize("model", [eq.Lasso(alpha=0.1), eq.RidgeCV(alphas=[1.0, 9.0]), eq.LassoCV(cv=3)])
def test_a_model_with_an_offset_does_not_predict_without(model):
    X, y = made()
    o = np.random.default_rng(1).normal(size=60)
    model.fit(X, y, offset=o)
    bare = X @ model.coef_ + model.intercept_
    for again in (model, pickle.loads(pickle.dumps(model))):
        for call in (lambda m=again: m.predict(X), lambda m=again: m.score(X, y)):
            with pytest.raises(ValueError, match=r"offset=0 on purpose; .* set_predict_request\(off"):
                call()
        np.testing.assert_allclose(again.predict(X, offset=0), bare)
        np.testing.assert_allclose(again.predict(X, offset=2.5), bare + 2.5)
        np.testing.assert_allclose(again.predict(X, offset=o), bare + o)
    with pytest.raises(ValueError, match="offset holds values that are not finite"):
        model.predict(X, offset=np.nan)
    np.testing.assert_allclose(model.fit(X, y).predict(X), X @ model.coef_ + model.intercept_)


def test_a_search_passes_the_offset_on_to_predict_and_score():
    X, y = made()
    o = np.random.default_rng(1).normal(size=60) * 5
    with config_context(enable_metadata_routing=True):
        lasso = eq.Lasso().set_fit_request(offset=True).set_score_request(offset=False)
        search = GridSearchCV(lasso, {"alpha": [0.05, 0.5]}, cv=3, error_score="raise")
        with pytest.raises(ValueError, match=r"set_score_request\(offset=True\)"):
            search.fit(X, y + o, offset=o)
        lasso.set_score_request(offset=True)
        found = GridSearchCV(lasso, {"alpha": [0.05, 0.5]}, cv=3).fit(X, y + o, offset=o)
        plain = GridSearchCV(eq.Lasso(), {"alpha": [0.05, 0.5]}, cv=3).fit(X, y)
        np.testing.assert_allclose(found.best_estimator_.coef_, plain.best_estimator_.coef_, atol=1e-9)
        pipe = make_pipeline(StandardScaler(), eq.Lasso(alpha=0.1).set_fit_request(offset=True))
        pipe[-1].set_predict_request(offset=True)
        pipe.fit(X, y + o, offset=o)
        np.testing.assert_allclose(pipe.predict(X, offset=o), pipe.predict(X, offset=np.zeros(60)) + o)


def test_an_offset_is_a_known_part_of_the_prediction():
    X, y = made()
    o = np.random.default_rng(1).normal(size=60)
    model = eq.Lasso(alpha=0.1).fit(X, y, offset=o)
    np.testing.assert_allclose(model.coef_, eq.Lasso(alpha=0.1).fit(X, y - o).coef_, atol=1e-12)
    np.testing.assert_allclose(model.predict(X, offset=o), X @ model.coef_ + model.intercept_ + o)
    residual = y - model.predict(X, o)
    assert model.score(X, y, offset=o) == pytest.approx(
        1 - residual @ residual / ((y - y.mean()) @ (y - y.mean()))
    )


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (eq.Lasso(alpha=-1.0), "alpha is -1.0: pass a number at least 0"),
        (eq.Lasso(alpha=np.nan), "alpha is nan"),
        (eq.ElasticNet(l1_ratio=1.5), "l1_ratio is 1.5: pass a number from 0 to 1"),
        (eq.Lasso(penalty_factor=[1.0]), "penalty_factor has shape"),
        (eq.Lasso(penalty_factor=[-1.0] + [1.0] * 7), r"penalty_factor\[0\] is -1.0"),
        (eq.Lasso(lower=1.0, upper=0.0), "lower .* exceeds upper"),
        (eq.Ridge(alpha=[1.0, 2.0]), "alpha has 2 entries but y has 1 targets"),
        (eq.LassoCV(alphas=0), "alphas is 0: pass how many"),
        (eq.LassoCV(alphas=[]), "alphas is empty"),
        (eq.ElasticNetCV(l1_ratio=0), "l1_ratio is 0"),
        (eq.ElasticNetCV(l1_ratio=[]), "l1_ratio is empty"),
        (eq.LassoCV(choice="worst"), "choice is 'worst'"),
        (eq.LassoIC("hqic"), "criterion is 'hqic': the choices are 'aic', 'bic'"),
        (eq.LassoIC(noise_variance=0.0), "noise_variance is 0: pass a positive number"),
        (eq.LassoIC(noise_variance=-1.0), "noise_variance is -1.0"),
        (eq.LassoIC("ebic", gamma=-1.0), "gamma is -1.0: pass a number at least 0"),
        (eq.RidgeCV(alphas=[0.0]), r"alphas\[0\] is 0"),
        (eq.RidgeCV(lower=0.0), "bounds have no closed form"),
        (eq.RidgeCV(standardize=True), "pass folds, cv=5"),
        (eq.RidgeCV(cv=3, store_cv_results=True), "drop cv"),
    ],
)
def test_mistakes_are_answered_in_a_sentence(model, message):
    X, y = made()
    with pytest.raises(ValueError, match=message):
        model.fit(X, y)


def test_bounds_and_factors_by_name():
    X, y = made()
    frame = pd.DataFrame(X, columns=NAMES)
    boxes = {"lower": {"feature 1": -0.5}, "upper": {"feature 0": 0.3}}
    named = eq.Lasso(0.1, penalty_factor={"feature 2": 0}, **boxes)
    lower, upper, factor = np.full(8, -np.inf), np.full(8, np.inf), np.ones(8)
    lower[1], upper[0], factor[2] = -0.5, 0.3, 0.0
    listed = eq.Lasso(0.1, lower=lower, upper=upper, penalty_factor=factor)
    np.testing.assert_allclose(named.fit(frame, y).coef_, listed.fit(X, y).coef_, rtol=1e-12)
    assert named.coef_[1] == -0.5
    with pytest.raises(ValueError, match="lower names 'feature 9', which is no feature"):
        eq.Lasso(lower={"feature 9": 0.0}).fit(frame, y)


def test_text_for_a_number_is_a_type_error():
    X, y = made()
    with pytest.raises(TypeError, match="penalty_factor is not numeric"):
        eq.Lasso(penalty_factor="big").fit(X, y)


def test_no_warning_asks_for_more_iterations():
    X, y = made()
    X[:, 1] = X[:, 0] + 1e-7 * X[:, 2]
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        eq.Lasso(alpha=1e-12, tol=1e-16, max_iter=1).fit(X, y)
    assert not any("max_iter" in str(warning.message) for warning in seen)
