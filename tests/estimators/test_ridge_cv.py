"""RidgeCV: what its scorer is passed, with and without metadata routing, and what leaves it no choice."""

import warnings

import numpy as np
import pytest
import sklearn
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.metrics import get_scorer, make_scorer, mean_absolute_error
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, LeaveOneOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import equipoise as eq

ALPHAS = np.logspace(-2, 3, 15)


def drawn(seed=0, n=20, p=5):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p))
    return X, X[:, 0] + rng.normal(size=n), rng.uniform(0.1, 5.0, size=n)


def predictions(X, y, s, alpha):
    """Each row's prediction by scikit-learn's ridge of the others."""
    models = [
        Ridge(alpha=alpha, solver="svd").fit(np.delete(X, i, 0), np.delete(y, i), np.delete(s, i))
        for i in range(len(y))
    ]
    return np.array([model.predict(row[None])[0] for model, row in zip(models, X, strict=True)])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("routing", [False, True])
def test_the_scorer_is_passed_the_weights(seed, routing):
    X, y, s = drawn(seed)
    s[3] = 0.0  # a row that is not there
    with sklearn.config_context(enable_metadata_routing=routing):
        scorer = get_scorer("neg_mean_absolute_error")
        if routing:
            scorer = scorer.set_score_request(sample_weight=True)
        model = eq.RidgeCV(ALPHAS, scoring=scorer).fit(X, y, sample_weight=s)
    there = s > 0
    scores = [
        -mean_absolute_error(y[there], predictions(X[there], y[there], s[there], a), sample_weight=s[there])
        for a in ALPHAS
    ]
    assert model.alpha_ == ALPHAS[np.argmax(scores)]
    assert model.best_score_ == pytest.approx(max(scores), rel=1e-9)


def test_with_routing_rows_may_be_scored_alike():
    X, y, s = drawn()
    with sklearn.config_context(enable_metadata_routing=True):
        scorer = get_scorer("neg_mean_absolute_error").set_score_request(sample_weight=False)
        model = eq.RidgeCV(ALPHAS, scoring=scorer).fit(X, y, sample_weight=s)
    scores = [-mean_absolute_error(y, predictions(X, y, s, a)) for a in ALPHAS]
    assert model.best_score_ == pytest.approx(max(scores), rel=1e-9)


@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize("params", [{}, {"cv": 3}, {"scoring": "r2", "cv": 4}, {"scoring": "r2"}])
def test_same_choice_and_same_refusals_as_scikit_learns(routing, params):
    X, y, s = drawn(1)
    with sklearn.config_context(enable_metadata_routing=routing):
        if routing and "scoring" in params:  # neither requested nor declined
            if sklearn.__version__.startswith(("1.7.", "1.8.")):
                pytest.skip("scikit-learn's routing takes the weights for requested before 1.9")
            for model in (RidgeCV(ALPHAS, **params), eq.RidgeCV(ALPHAS, **params)):
                with pytest.raises(UnsetMetadataPassedError):
                    model.fit(X, y, sample_weight=s)
            return
        theirs = RidgeCV(ALPHAS, **params).fit(X, y, sample_weight=s)
        ours = eq.RidgeCV(ALPHAS, **params).fit(X, y, sample_weight=s)
    assert ours.alpha_ == theirs.alpha_
    assert ours.best_score_ == pytest.approx(theirs.best_score_, rel=1e-9)


def test_a_number_of_folds_holds_out_whole_groups():
    rng = np.random.default_rng(1)
    groups = rng.permutation(np.repeat(np.arange(9), np.arange(2, 11)))  # none is as large as another
    X = rng.normal(size=(54, 5))
    y = X[:, 0] + 2.0 * rng.normal(size=9)[groups] + rng.normal(size=54)
    names = np.array(list("abcdefghi"))[groups]
    found = eq.RidgeCV(cv=3).fit(X, y, groups=names)
    # The groups are shared out as scikit-learn's splitter does: the largest first, to the smallest fold.
    expected = eq.RidgeCV(cv=GroupKFold(3)).fit(X, y, groups=names)
    assert found.best_score_ == pytest.approx(expected.best_score_, rel=1e-12)
    assert found.best_score_ < eq.RidgeCV(cv=3).fit(X, y).best_score_  # rows of a group are alike
    with pytest.raises(ValueError, match="there are 9 groups"):
        eq.RidgeCV(cv=12).fit(X, y, groups=names)


def test_it_routes_in_a_pipeline():
    X, y, s = drawn(2)
    groups = np.arange(20) % 4
    with sklearn.config_context(enable_metadata_routing=True):
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        scorer = get_scorer("r2").set_score_request(sample_weight=True)
        found = []
        for model in (RidgeCV, eq.RidgeCV):
            chooser = model(ALPHAS, scoring=scorer, cv=GroupKFold(4)).set_fit_request(sample_weight=True)
            fitted = make_pipeline(scaler, chooser).fit(X, y, sample_weight=s, groups=groups)
            found.append((fitted[-1].alpha_, fitted[-1].best_score_))
            with pytest.raises(TypeError, match="not routed to any object"):
                model().fit(X, y, colour=groups)
    assert found[1] == pytest.approx(found[0], rel=1e-9)


def test_what_a_scorer_requests_is_cut_to_the_rows_that_count():
    X, y, s = drawn(3)
    s[:5] = 0.0
    seen = []

    def loss(truth, prediction, cost):
        seen.append(cost)
        return np.mean(cost * (truth - prediction) ** 2)

    with sklearn.config_context(enable_metadata_routing=True):
        scorer = make_scorer(loss, greater_is_better=False)
        scorer = scorer.set_score_request(cost=True, sample_weight=False)
        eq.RidgeCV(scoring=scorer).fit(X, y, sample_weight=s, cost=np.arange(20.0))
    np.testing.assert_array_equal(seen[0], np.arange(5.0, 20.0))


def test_a_small_alpha_on_wide_data_of_large_spread():
    rng = np.random.default_rng(4)
    X = 100.0 * rng.normal(size=(15, 40))
    y = X[:, 0] + rng.normal(size=15)
    alphas = np.logspace(-6, 6, 13)
    model = eq.RidgeCV(alphas, store_cv_results=True).fit(X, y)
    for k in (0, 6, 12):
        left = (y - predictions(X, y, np.ones(15), alphas[k])) ** 2
        np.testing.assert_allclose(model.cv_results_[:, k], left, rtol=1e-9)


def quiet(truth, prediction):
    return float(np.median(truth - prediction))


@pytest.mark.parametrize(
    ("model", "arguments", "message"),
    [
        (eq.RidgeCV(), {"sample_weight": -np.ones(20)}, "sample_weight is negative in 20 rows"),
        (eq.RidgeCV(scoring="r2"), {"sample_weight": -1.0}, "sample_weight is negative in 20 rows"),
        (eq.RidgeCV(cv=3), {"sample_weight": -np.ones(20)}, "sample_weight is negative in 20 rows"),
        (
            eq.RidgeCV(),
            {"groups": np.arange(20)},
            "groups is for a scorer or a splitter",
        ),
        (
            eq.RidgeCV(scoring=make_scorer(quiet)),
            {"sample_weight": np.ones(20)},
            "takes no sample_weight: pass a scorer that does",
        ),
        (eq.RidgeCV([]), {}, "alphas is empty"),
        (eq.RidgeCV([], cv=3), {}, "alphas is empty"),
        (eq.RidgeCV(scoring=lambda model, X, y: np.nan), {}, "gave nan for the predictions of rows left out"),
        (eq.RidgeCV(scoring=lambda model, X, y: y), {}, "has to give one finite number"),
        (eq.RidgeCV(scoring=lambda model, X, y: None), {}, "gave None for the predictions of rows left out"),
    ],
)
def test_mistakes_are_answered_in_a_sentence(model, arguments, message):
    X, y, _ = drawn()
    with pytest.raises(ValueError, match=message):
        model.fit(X, y, **arguments)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_scores_of_folds_that_are_no_numbers_choose_nothing():
    X, y, _ = drawn()
    with pytest.raises(ValueError, match="gave nan for every alpha: it has to give one finite number"):
        eq.RidgeCV(cv=3, scoring=lambda model, X, y: np.nan).fit(X, y)


def test_folds_of_single_rows_compare_nothing_and_say_so():
    X, y, s = drawn()
    for folds in (LeaveOneOut(), KFold(7)):  # 20 rows in 7 folds have at least 2 each
        search = GridSearchCV(Ridge(), {"alpha": ALPHAS}, cv=folds)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = search.fit(X, y, sample_weight=s)
        single = isinstance(folds, LeaveOneOut)
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            found = eq.RidgeCV(ALPHAS, cv=folds).fit(X, y, sample_weight=s)
        said = [str(w.message) for w in seen if "no alphas were compared" in str(w.message)]
        assert len(said) == single
        assert all("pass scoring='neg_mean_squared_error', or cv=None" in sentence for sentence in said)
        assert found.alpha_ == wanted.best_params_["alpha"]
        assert np.isnan(found.best_score_) == np.isnan(wanted.best_score_) == single
        np.testing.assert_allclose(found.coef_, wanted.best_estimator_.coef_, rtol=1e-9)
    squared = eq.RidgeCV(ALPHAS, cv=LeaveOneOut(), scoring="neg_mean_squared_error").fit(X, y)
    assert squared.alpha_ == eq.RidgeCV(ALPHAS).fit(X, y).alpha_ != ALPHAS[0]


def test_what_is_chosen_is_a_scalar_of_numpy():
    X, y, _ = drawn()
    for model in (eq.RidgeCV(), eq.RidgeCV(cv=3), eq.RidgeCV(alphas=np.array(3.0)), eq.RidgeCV(alphas=3)):
        model.fit(X, y)
        assert type(model.alpha_) is type(model.best_score_) is np.float64
    assert model.alpha_.item() == 3.0


@pytest.mark.parametrize(
    ("params", "kind", "message"),
    [
        ({"alphas": (1, 1.0, "1")}, TypeError, r"alphas\[2\] is '1': pass a number at least 0"),
        ({"alphas": (1, -1)}, ValueError, r"alphas\[1\] is -1: pass a number at least 0"),
        ({"alphas": None}, TypeError, "alphas is None: pass numbers at least 0"),
        ({"gcv_mode": "wrong"}, ValueError, "gcv_mode is 'wrong': the choices are 'auto', 'svd', 'eigen'"),
        ({"store_cv_results": "yes"}, TypeError, "store_cv_results is 'yes': pass True or False"),
        ({"alpha_per_target": 2}, TypeError, "alpha_per_target is 2: pass True or False"),
    ],
)
@pytest.mark.parametrize("cv", [None, 3])
def test_mistakes_about_parameters_are_answered_in_a_sentence(params, kind, message, cv):
    X, y, _ = drawn()
    with pytest.raises(kind, match=message):
        eq.RidgeCV(cv=cv, **params).fit(X, y)


def test_a_fold_that_cannot_be_fitted_says_why():
    X, y, s = drawn()
    s[10:] = 0.0
    with pytest.raises(ValueError, match="sample_weight is zero in every row"):
        eq.RidgeCV(cv=KFold(2)).fit(X, y, sample_weight=s)
