"""LogisticRegressionCV: the scores, paths and choices of scikit-learn's, of both shapes."""

import pickle
import warnings

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import brentq
from sklearn import config_context, linear_model
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.metrics import accuracy_score, get_scorer, log_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn_logistic import OLD

import equipoise as eq

GRID = [0.1, 1.0, 10.0]


def made(seed=0, n=90, p=4):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.2) + 0.5
    eta = X @ np.array([1.2, -0.8, 0.0, 0.3]) - 0.2
    s = rng.uniform(0.2, 3.0, size=n)
    return X, np.where(rng.uniform(size=n) < 1 / (1 + np.exp(-eta)), "yes", "no"), s


def theirs_fitted(params, *given):
    """Theirs at its tightest; parameters that its version does not have yet are left out."""
    known = linear_model.LogisticRegressionCV().get_params()
    params = {name: value for name, value in params.items() if name in known}
    model = linear_model.LogisticRegressionCV(**params, tol=1e-11, max_iter=100_000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(*given)


# The array API is not offered: its check skips itself, and says so with a warning of its own.
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks([eq.LogisticRegressionCV(Cs=[0.1, 1.0], cv=3)])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("refit", [True, False])
@pytest.mark.parametrize("scoring", [None, "neg_log_loss", "roc_auc", "f1"])
def test_scikit_learns_choice_of_c(scoring, refit):
    X, y, s = made()
    params = {"Cs": GRID, "scoring": scoring, "refit": refit, "class_weight": "balanced"}
    theirs = theirs_fitted({**params, "solver": "newton-cholesky"}, X, y, s)
    ours = eq.LogisticRegressionCV(**params).fit(X, y, s)
    np.testing.assert_allclose(ours.scores_["yes"], theirs.scores_["yes"], atol=1e-9)
    np.testing.assert_allclose(ours.coefs_paths_["yes"], theirs.coefs_paths_["yes"], atol=1e-8)
    np.testing.assert_allclose(ours.C_, theirs.C_, rtol=1e-14)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-8)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-8)
    np.testing.assert_allclose(ours.Cs_, GRID)
    assert ours.n_iter_.shape == theirs.n_iter_.shape == (1, 5, 3)
    if scoring != "f1":  # which refuses such labels in theirs
        assert ours.score(X, y, sample_weight=s) == pytest.approx(theirs.score(X, y, sample_weight=s))


def test_scikit_learns_choice_of_the_share():
    X, y, s = made()
    shares = np.array([0.0, 0.5, 1.0])
    params = {"Cs": GRID, "l1_ratios": shares, "cv": 3, "scoring": "neg_log_loss"}
    extra = {"solver": "saga", "penalty": "elasticnet", "random_state": 0}
    theirs = theirs_fitted({**params, **extra}, X, y, s)
    ours = eq.LogisticRegressionCV(**params).fit(X, y, s)
    assert ours.scores_["yes"].shape == (3, 3, 3)
    np.testing.assert_allclose(ours.scores_["yes"], theirs.scores_["yes"], atol=1e-7)
    np.testing.assert_allclose(ours.coefs_paths_["yes"], theirs.coefs_paths_["yes"], atol=1e-6)
    assert ours.l1_ratio_[0] == theirs.l1_ratio_[0]
    assert ours.C_[0] == theirs.C_[0]
    new = clone(ours).set_params(use_legacy_attributes=False).fit(X, y, s)
    np.testing.assert_array_equal(new.scores_, ours.scores_["yes"].transpose(0, 2, 1))
    np.testing.assert_array_equal(new.coefs_paths_[:, 1, 2, 0], ours.coefs_paths_["yes"][:, 2, 1])
    assert (new.C_, new.l1_ratio_) == (ours.C_[0], ours.l1_ratio_[0])
    assert new.n_iter_.shape == (3, 3, 3)


def test_a_fold_without_a_feature_has_the_log_odds_of_its_rows():
    # At such a penalty scikit-learn's saga stops before the intercept, which it does not watch, has arrived.
    X, y, s = made()
    model = eq.LogisticRegressionCV(Cs=[1e-4], l1_ratios=[1.0], cv=3).fit(X, y, s)
    for k, (train, _) in enumerate(StratifiedKFold(3).split(X, y)):
        event = y[train] == "yes"
        expected = np.log(s[train][event].sum() / s[train][~event].sum())
        np.testing.assert_allclose(model.coefs_paths_["yes"][k, 0, 0], [0, 0, 0, 0, expected], rtol=1e-12)


def test_every_fold_is_the_model_of_its_rows():
    X, y, s = made()
    folds = list(StratifiedKFold(3).split(X, y))
    folds[0] = (np.concatenate([folds[0][0], folds[0][0][:9]]), folds[0][1])  # some rows twice
    model = eq.LogisticRegressionCV(
        Cs=GRID, l1_ratios=[1.0], cv=folds, fit_intercept=False, scoring="neg_log_loss", standardize=True
    ).fit(sparse.csr_array(X), y, s)
    for k, (train, test) in enumerate(folds):
        alone = eq.LogisticRegression(C=1.0, l1_ratio=1.0, fit_intercept=False, standardize=True)
        alone.fit(X[train], y[train], s[train])
        np.testing.assert_allclose(model.coefs_paths_["yes"][k, 1, 0], alone.coef_[0], atol=1e-9)
        lost = log_loss(y[test], alone.predict_proba(X[test]), sample_weight=s[test])
        assert model.scores_["yes"][k, 1, 0] == pytest.approx(-lost, abs=1e-9)


def test_the_one_standard_error_rule_by_hand():
    X, y, _ = made()
    both = [
        eq.LogisticRegressionCV(Cs=25, l1_ratios=[1.0], scoring="neg_log_loss", choice=choice).fit(X, y)
        for choice in ("best", "one_se")
    ]
    scores = both[0].scores_["yes"][:, :, 0]
    mean, error = scores.mean(axis=0), scores.std(axis=0, ddof=1) / np.sqrt(5)
    at = int(np.argmax(mean))
    expected = next(C for C, one in zip(both[0].Cs_, mean, strict=True) if one >= mean[at] - error[at])
    assert (both[0].C_[0], both[1].C_[0]) == (both[0].Cs_[at], expected)
    assert both[1].C_[0] < both[0].C_[0]


def test_a_fold_that_holds_out_one_class_is_scored_all_the_same():
    X, y, _ = made()
    order = np.argsort(y, kind="stable")
    X, y = X[order], y[order]
    test = np.arange(5)
    cv = [(np.arange(5, 90), test)]
    model = eq.LogisticRegressionCV(Cs=[1.0], cv=cv, scoring="neg_log_loss").fit(X, y)
    alone = eq.LogisticRegression().fit(X[5:], y[5:])
    expected = alone.predict_log_proba(X[:5])[:, 0].mean()
    np.testing.assert_allclose(model.scores_["yes"], [[expected]], rtol=1e-12)


def test_without_an_intercept_a_fold_may_be_fitted_to_one_class():
    x, y = np.array([1.0, 2.0, 4.0, 3.0, 5.0, 6.0]), np.array([0, 0, 0, 1, 1, 1])
    cv = [(np.arange(3), np.arange(3, 6)), (np.arange(3, 6), np.arange(3))]
    grid = {"Cs": GRID, "cv": cv, "scoring": "neg_log_loss"}
    model = eq.LogisticRegressionCV(**grid, fit_intercept=False).fit(x[:, None], y)
    for k, sign in ((0, -1.0), (1, 1.0)):
        for i, C in enumerate(GRID):  # C·Σx·(1 − μ) = |w| of the class that is there
            own = x[cv[k][0]]
            size = brentq(lambda w: w - C * np.sum(own / (1 + np.exp(own * w))), 0, 100, xtol=1e-14)  # noqa: B023
            np.testing.assert_allclose(model.coefs_paths_[1][k, i], [sign * size], rtol=1e-9)
            told = -np.mean(np.logaddexp(0, size * x[cv[k][1]]))
            np.testing.assert_allclose(model.scores_[1][k, i], told, rtol=1e-9)
    with pytest.raises(ValueError, match="cv: every row that fold 0 is fitted to holds y = 0"):
        eq.LogisticRegressionCV(**grid).fit(x[:, None], y)


def test_the_event_of_a_score_is_the_second_class():
    X, y, _ = made()
    number = np.where(y == "yes", 2, 1)  # 1 is the event to scikit-learn's F1 itself
    model = eq.LogisticRegressionCV(Cs=GRID, scoring="f1").fit(X, number)
    theirs = theirs_fitted({"Cs": GRID, "scoring": "f1", "solver": "newton-cholesky"}, X, number)
    np.testing.assert_allclose(model.scores_[2], theirs.scores_[2], atol=1e-12)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"Cs": 0}, "Cs is 0"),
        ({"Cs": []}, "Cs is empty"),
        ({"Cs": [1.0, 0.0]}, r"Cs\[1\] is 0"),
        ({"Cs": ["a", 1.0]}, r"Cs\[0\] is 'a'"),
        ({"Cs": [1.0, "a"]}, r"Cs\[1\] is 'a': pass a number"),
        ({"l1_ratios": []}, "l1_ratios is empty"),
        ({"l1_ratios": [0.5, 2.0]}, r"l1_ratios\[1\] is 2"),
        ({"penalty": "elasticnet"}, "l1_ratios must be an array-like of numbers between 0 and 1"),
        ({"penalty": None}, r"penalty is None, .* pass Cs=\[np.inf\]"),
        ({"refit": "no"}, "refit is 'no'"),
        ({"choice": "two_se"}, "choice is 'two_se'"),
        ({"choice": "one_se", "refit": False}, "choice is 'one_se' and refit is False"),
        ({"scoring": "loss"}, "loss"),
        (
            {"cv": [(np.arange(4), np.arange(4, 90))]},
            "cv: every row that fold 0 is fitted to holds y = 'no', .* rows of both",
        ),
        ({"cv": []}, "cv holds no split: pass a number of folds"),
        ({"cv": [(np.arange(80), [])]}, "cv: fold 0 has no row of positive weight to score on"),
        ({"cv": [([], np.arange(80))]}, "cv: fold 0 has no row of positive weight to fit on"),
        ({"cv": [(np.arange(80), [90])]}, "cv: fold 0 asks for rows that are not there: row 90 of 90"),
    ],
)
def test_what_cannot_be_meant_is_refused(params, message):
    X, y, _ = made()
    order = np.argsort(y, kind="stable")
    with pytest.raises((ValueError, TypeError), match=message):
        eq.LogisticRegressionCV(**params).fit(X[order], y[order])


def test_an_average_of_folds_proves_nothing_and_says_so():
    X, y, _ = made()
    model = eq.LogisticRegressionCV(Cs=GRID, refit=False).fit(X, y)
    with pytest.raises(NotFittedError, match="refit=False averages the models of the folds"):
        _ = model.certificate_
    assert model.predict(X).shape == (90,)


def test_groups_are_kept_together_and_other_words_refused():
    X, y, _ = made()
    groups = np.arange(90) // 6
    by_number = eq.LogisticRegressionCV(Cs=GRID, cv=3).fit(X, y, groups=groups)
    with config_context(enable_metadata_routing=True):
        routed = eq.LogisticRegressionCV(Cs=GRID, cv=GroupKFold(3)).fit(X, y, groups=groups)
    assert by_number.scores_["yes"].shape == routed.scores_["yes"].shape == (3, 3)
    for train, test in GroupKFold(3).split(X, y, groups):
        assert not set(groups[train]) & set(groups[test])
    with pytest.raises(ValueError, match="fit has no parameter 'weights'"):
        eq.LogisticRegressionCV().fit(X, y, weights=np.zeros(90))
    with pytest.raises(ValueError, match="exposure was given, but loss='binomial' has no logarithm"):
        eq.LogisticRegressionCV().fit(X, y, exposure=np.ones(90))
    with pytest.raises(ValueError, match="score has no parameter 'groups': the parameters"):
        by_number.score(X, y, groups=groups)


@pytest.mark.parametrize("scoring", [None, "neg_log_loss", "roc_auc"])
def test_an_offset_is_a_known_part_of_fitting_and_of_scoring(scoring):
    X, y, s = made()
    offset = np.random.default_rng(5).normal(size=90)
    model = eq.LogisticRegressionCV(Cs=GRID, cv=3, scoring=scoring).fit(X, y, s, offset=offset)
    event = y == "yes"

    def scored(odds, at):
        of = {
            None: lambda: accuracy_score(event[at], odds > 0, sample_weight=s[at]),
            "neg_log_loss": lambda: -log_loss(event[at], 1 / (1 + np.exp(-odds)), sample_weight=s[at]),
            "roc_auc": lambda: roc_auc_score(event[at], odds, sample_weight=s[at]),
        }
        return of[scoring]()

    for k, (train, test) in enumerate(StratifiedKFold(3).split(X, y)):
        for i, C in enumerate(GRID):
            w, b = model.coefs_paths_["yes"][k, i, :4], model.coefs_paths_["yes"][k, i, 4]
            lost = s * (event - 1 / (1 + np.exp(-(X @ w + b + offset))))
            np.testing.assert_allclose(X[train].T @ lost[train], w / C, atol=1e-8)
            assert abs(lost[train].sum()) < 1e-8
            expected = scored((X @ w + b + offset)[test], test)
            assert model.scores_["yes"][k, i] == pytest.approx(expected, abs=1e-12)
    odds = X @ model.coef_[0] + model.intercept_[0] + offset
    assert model.score(X, y, s, offset=offset) == pytest.approx(scored(odds, slice(None)))
    for ask in (model.predict, model.predict_proba, lambda X: model.score(X, y)):
        with pytest.raises(ValueError, match="fitted with an offset: pass offset=, or offset=0 on purpose"):
            ask(X)
    again = pickle.loads(pickle.dumps(model))
    given = {"X": X, "y": y, "sample_weight": s, "offset": offset}
    assert again.explain("x1", **given) == model.explain("x1")


def test_an_average_of_folds_asks_for_the_offset_too():
    X, y, _ = made()
    model = eq.LogisticRegressionCV(Cs=GRID, cv=3, refit=False).fit(X, y, offset=np.ones(90))
    with pytest.raises(ValueError, match="fitted with an offset"):
        model.predict(X)
    shifted = model.decision_function(X, offset=2.0) - model.decision_function(X, offset=0)
    np.testing.assert_allclose(shifted, 2.0, rtol=1e-12)


def test_an_offset_is_routed_through_a_pipeline():
    X, y, _ = made()
    offset = np.random.default_rng(5).normal(size=90)
    with config_context(enable_metadata_routing=True):
        model = eq.LogisticRegressionCV(Cs=GRID, cv=3).set_fit_request(offset=True)
        model.set_predict_request(offset=True).set_score_request(offset=True)
        pipeline = make_pipeline(StandardScaler(), model).fit(X, y, offset=offset)
        predicted, found = pipeline.predict(X, offset=offset), pipeline[-1]
        # Before 1.8 a pipeline routes weights to the score even where there are none.
        score = np.mean(predicted == y) if OLD else pipeline.score(X, y, offset=offset)
        w, b = found.coef_[0], found.intercept_[0]
    Z = StandardScaler().fit_transform(X)
    lost = (y == "yes") - 1 / (1 + np.exp(-(Z @ w + b + offset)))
    np.testing.assert_allclose(Z.T @ lost, w / found.C_[0], atol=1e-8)
    assert predicted.tolist() == np.where(Z @ w + b + offset > 0, "yes", "no").tolist()
    assert score == pytest.approx(np.mean(predicted == y))


def test_an_infinite_c_is_no_penalty():
    X, y, s = made()
    model = eq.LogisticRegressionCV(Cs=[np.inf, 1.0], cv=3).fit(X, y, s)
    train, _ = next(iter(StratifiedKFold(3).split(X, y)))
    free = linear_model.LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-13)
    free.fit(X[train], y[train], s[train])
    found = model.coefs_paths_["yes"][0, 0]
    np.testing.assert_allclose(found, [*free.coef_[0], *free.intercept_], atol=1e-7)


def test_weights_are_routed_to_the_scorer_that_asks_for_them():
    X, y, s = made()
    with config_context(enable_metadata_routing=True):
        scorer = get_scorer("neg_log_loss").set_score_request(sample_weight=True)
        model = eq.LogisticRegressionCV(Cs=GRID, cv=3, scoring=scorer).set_fit_request(sample_weight=True)
        model.fit(X, y, sample_weight=s)
        score = model.score(X, y, sample_weight=s)
        deaf = clone(model).set_params(scoring=scorer.set_score_request(sample_weight=False))
        deaf.fit(X, y, sample_weight=s)
        with pytest.raises(TypeError, match=r"score got unexpected argument\(s\) {'sample_weight'}"):
            deaf.score(X, y, sample_weight=s)
    assert score == pytest.approx(-log_loss(y, model.predict_proba(X), sample_weight=s))
    plain = eq.LogisticRegressionCV(Cs=GRID, cv=3, scoring="neg_log_loss").fit(X, y, s)
    np.testing.assert_allclose(model.scores_["yes"], plain.scores_["yes"], rtol=1e-12)


def test_a_clone_and_a_pickle():
    X, y, _ = made()
    model = clone(eq.LogisticRegressionCV(Cs=GRID, cv=3)).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    assert model.certificate_.optimal
    assert model.what_if(C=float(model.C_[0])).entered == ()
