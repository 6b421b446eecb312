"""LogisticRegression: scikit-learn's numbers whatever solver is named, labels of any kind, class weights."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import brentq
from sklearn import config_context, linear_model
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError
from sklearn.feature_selection import SelectFromModel
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import equipoise as eq

WEIGHTS = {"none": None, "balanced": "balanced", "dict": {"no": 1.0, "yes": 0.5}}  # more, and saga diverges


def made(seed=0, n=90, p=5):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.2) + 0.5
    eta = X @ np.array([1.2, -0.8, 0.0, 0.0, 0.3]) - 0.2
    s = rng.uniform(0.2, 3.0, size=n)
    s[7] = 0.0
    return X, np.where(rng.uniform(size=n) < 1 / (1 + np.exp(-eta)), "yes", "no"), s


def quietly(model, *args):
    """Their fit; `penalty` makes them warn, as do tolerances that they reach without knowing it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return model.fit(*args)


# The array API is not offered: its check skips itself, and says so with a warning of its own.
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
@parametrize_with_checks([eq.LogisticRegression(), eq.LogisticRegression(l1_ratio=1.0)])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("weights", WEIGHTS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("penalty", "params", "solver"),
    [
        ("l2", {"C": 0.3}, "newton-cholesky"),
        ("l2", {"C": 30.0, "fit_intercept": False}, "lbfgs"),
        ("l1", {"C": 0.3}, "saga"),
        ("l1", {"C": 0.8, "fit_intercept": False}, "liblinear"),  # which penalises an intercept
        ("elasticnet", {"C": 0.5, "l1_ratio": 0.4}, "saga"),
        (None, {}, "newton-cholesky"),
    ],
)
def test_scikit_learns_numbers(penalty, params, solver, weighted, weights):
    X, y, s = made()
    given = (X, y, s) if weighted else (X, y)
    params = {"penalty": penalty, "class_weight": WEIGHTS[weights], "solver": solver, **params}
    theirs = linear_model.LogisticRegression(**params, tol=1e-13, max_iter=200_000, random_state=0)
    quietly(theirs, *given)
    close = 1e-6 if solver in ("lbfgs", "liblinear") else 1e-9
    for matrix in (X, sparse.csc_array(X)):
        ours = eq.LogisticRegression(**params).fit(matrix, *given[1:])
        np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=close)
        np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=close)
        np.testing.assert_allclose(ours.predict_proba(matrix), theirs.predict_proba(X), atol=close)
        np.testing.assert_array_equal(ours.predict(matrix), theirs.predict(X))
        assert ours.score(matrix, y, s) == pytest.approx(theirs.score(X, y, s), abs=1e-12)
        assert ours.certificate_.optimal
        assert (ours.coef_.shape, ours.intercept_.shape, ours.n_iter_.shape) == ((1, 5), (1,), (1,))


def test_the_intercept_is_never_penalised_as_liblinears_is():
    X, y = np.zeros((10, 1)), np.repeat([0, 1], [2, 8])
    theirs = quietly(linear_model.LogisticRegression(solver="liblinear", tol=1e-10), X, y)
    ours = eq.LogisticRegression(solver="liblinear").fit(X, y)
    assert ours.intercept_[0] == pytest.approx(np.log(4.0), abs=1e-12)
    assert theirs.intercept_[0] < 1.2 < np.log(4.0)


def test_the_default_kills_nothing_and_the_lasso_does():
    X, y, _ = made()
    assert np.all(eq.LogisticRegression(C=1e-3).fit(X, y).coef_ != 0)
    lasso = eq.LogisticRegression(C=0.1, l1_ratio=1.0).fit(X, y)
    assert 0 < np.count_nonzero(lasso.coef_) < 5
    assert lasso.certificate_.zeros_proved.sum() == 5 - np.count_nonzero(lasso.coef_)


def test_names_of_the_penalty_of_all_versions_agree():
    X, y, _ = made()
    lasso = eq.LogisticRegression(C=0.2, l1_ratio=1.0).fit(X, y)
    for same in (eq.LogisticRegression("l1", C=0.2), eq.LogisticRegression("l1", C=0.2, l1_ratio=None)):
        np.testing.assert_array_equal(same.fit(X, y).coef_, lasso.coef_)
    free = eq.LogisticRegression(C=np.inf).fit(X, y)
    np.testing.assert_array_equal(eq.LogisticRegression(penalty=None).fit(X, y).coef_, free.coef_)
    with pytest.warns(UserWarning, match="penalty=None will ignore the C"):
        eq.LogisticRegression(penalty=None, C=2.0).fit(X, y)
    with pytest.warns(UserWarning, match="l1_ratio parameter is only used when penalty is 'elasticnet'"):
        found = eq.LogisticRegression(penalty="l1", C=0.2, l1_ratio=0.5).fit(X, y)
    np.testing.assert_array_equal(found.coef_, lasso.coef_)
    with pytest.warns(UserWarning, match="Inconsistent values: penalty=l2 with l1_ratio=1"):
        found = eq.LogisticRegression(penalty="l2", C=0.2, l1_ratio=1).fit(X, y)
    np.testing.assert_array_equal(found.coef_, eq.LogisticRegression(C=0.2).fit(X, y).coef_)


def test_no_iteration_is_as_many_as_any():
    X, y, _ = made()
    same = eq.LogisticRegression(max_iter=0).fit(X, y)
    np.testing.assert_array_equal(same.coef_, eq.LogisticRegression().fit(X, y).coef_)
    assert same.n_iter_[0] == 1


@pytest.mark.parametrize("of_X", [np.asarray, sparse.csr_matrix, sparse.coo_array])
def test_a_sparse_coef_predicts_and_explains_as_before(of_X):
    X, y, _ = made()
    model = eq.LogisticRegression(C=0.2, l1_ratio=1.0).fit(X, y)
    odds, told, coef = X @ model.coef_[0] + model.intercept_, model.explain("x1"), model.coef_
    assert model.sparsify() is model
    assert sparse.issparse(model.coef_)
    assert (model.coef_.nnz, model.coef_.shape) == (np.count_nonzero(coef), (1, 5))
    np.testing.assert_allclose(model.decision_function(of_X(X)), odds, rtol=1e-12)
    assert (model.explain("x1"), model.certificate_.optimal) == (told, True)
    np.testing.assert_array_equal(clone(model).fit(X, y).coef_, coef)
    np.testing.assert_array_equal(model.densify().densify().coef_, coef)
    with pytest.raises(NotFittedError):
        eq.LogisticRegression().sparsify()


def test_one_feature_of_two_groups_by_hand():
    # Groups of 10 rows with 2 and 7 events: Σ(y − μ)x = 1/C, and Σ(y − μ) = 0 move one event between them.
    X, y = np.repeat([[0.0], [1.0]], 10, axis=0), np.repeat([1, 0, 1, 0], [2, 8, 7, 3])
    model = eq.LogisticRegression(C=1.0, l1_ratio=1.0).fit(X, y)
    np.testing.assert_allclose(model.intercept_, np.log(0.3 / 0.7), rtol=1e-9)
    np.testing.assert_allclose(model.coef_[0], np.log(0.6 / 0.4) - np.log(0.3 / 0.7), rtol=1e-9)
    np.testing.assert_allclose(model.predict_proba([[1.0]]), [[0.4, 0.6]], rtol=1e-9)
    sheet = model.what_if(C=0.25)  # three and a half would have to move, and there are two and a half
    assert sheet.left == ("x1",)
    assert "with 1/C = 4 in place of 1" in str(sheet)


@pytest.mark.parametrize("labels", [(0, 1), (-1, 1), (False, True), ("b", "a"), (2.0, 5.0)])
def test_labels_of_any_kind(labels):
    X, y, _ = made()
    low, high = sorted(labels)
    named = np.where(y == "yes", high, low)
    model = eq.LogisticRegression().fit(X, named)
    np.testing.assert_allclose(model.coef_, eq.LogisticRegression().fit(X, y).coef_, atol=1e-12)
    assert model.classes_.tolist() == [low, high]
    assert set(model.predict(X).tolist()) == {low, high}
    assert model.fits_[0].setup.levels == (low, high)


FORMS = {
    "text in objects": lambda y: np.array(y, dtype=object),
    "a list": list,
    "categories": lambda y: pd.Series(y).astype("category"),
    "categories in another order": lambda y: pd.Series(
        pd.Categorical(y, ["yes", "maybe", "no"], ordered=True)
    ),
    "text of pandas": lambda y: pd.Series(y).astype("string"),
    "truth values": lambda y: y == "yes",
    "truth values of pandas": lambda y: pd.Series(y == "yes").astype("boolean"),
    "integers of pandas": lambda y: pd.Series(2 * (y == "yes") - 1).astype("Int64"),
    "-1 and 1": lambda y: 2 * (y == "yes") - 1,
    "large integers": lambda y: 2**60 + (y == "yes"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_model_of_any_labels_explains_itself_after_pickling(form):
    X, y, s = made()
    labels = FORMS[form](y)
    theirs = linear_model.LogisticRegression(solver="newton-cholesky", tol=1e-13).fit(X, labels, s)
    ours = eq.LogisticRegression().fit(X, labels, s)
    assert ours.classes_.tolist() == theirs.classes_.tolist()
    assert ours.classes_.dtype == theirs.classes_.dtype
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-9)
    lasso = eq.LogisticRegression(C=0.1, l1_ratio=1.0, class_weight="balanced").fit(X, labels, s)
    again, data = pickle.loads(pickle.dumps(lasso)), {"X": X, "y": labels, "sample_weight": s}
    for name in ("x1", "x3"):
        assert again.explain(name, **data) == lasso.explain(name)
    assert again.what_if(without=["x1"], **data).entered == lasso.what_if(without=["x1"]).entered
    assert again.what_if(C=1.0, **data).entered == lasso.what_if(C=1.0).entered != ()


@pytest.mark.parametrize(
    "y",
    [
        np.array(["a", "b", None, "a"], dtype=object),
        ["a", "b", None, "a"],
        pd.Series(["a", "b", None, "a"], dtype="string"),
        pd.Series(["a", "b", None, "a"], dtype="category"),
        pd.Series([0, 1, None, 0], dtype="Int64"),
        pd.Series([False, True, None, False], dtype="boolean"),
        np.array([0.0, 1.0, np.nan, 0.0]),
        np.ma.masked_array([0, 1, 1, 0], mask=[0, 0, 1, 0]),
    ],
)
def test_a_missing_label_is_told_with_its_row(y):
    with pytest.raises(ValueError, match=r"Input y contains NaN: 1 missing value, first in row 2 \(counting"):
        eq.LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], y)
    if not isinstance(y, list):
        whole = y[np.array([True, True, False, True])]
        assert len(eq.LogisticRegression().fit([[0.0], [1.0], [3.0]], whole).classes_) == 2


@pytest.mark.parametrize("y", [[0, 1, 1, 0], [False, True, True, False], [0, "a", "a", 0]])
def test_objects_that_scikit_learn_takes_for_no_labels_are_refused_with_a_remedy(y):
    told = "Unknown label type: unknown. y holds objects that are not all text, .*: convert them"
    with pytest.raises(ValueError, match=told):
        eq.LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], np.array(y, dtype=object))


def test_coefficients_kept_as_a_sparse_matrix_predict_and_explain():
    X, y, _ = made()
    model = eq.LogisticRegression(C=0.1, l1_ratio=1.0).fit(X, y)
    coef, odds, told = model.coef_.copy(), model.decision_function(X), model.explain("x3")
    theirs = linear_model.LogisticRegression().fit(X, y).sparsify()
    assert model.sparsify() is model
    assert type(model.coef_) is type(theirs.coef_)
    assert model.coef_.shape == (1, 5)
    assert model.coef_.nnz == np.count_nonzero(coef)
    np.testing.assert_array_equal(model.decision_function(X), odds)
    assert pickle.loads(pickle.dumps(model)).predict(X).tolist() == model.predict(X).tolist()
    assert (model.explain("x3"), model.certificate_.optimal) == (told, True)
    assert model.sparsify().densify() is model
    np.testing.assert_array_equal(model.densify().coef_, coef)
    with pytest.raises(NotFittedError):
        eq.LogisticRegression().sparsify()


def test_probabilities_add_up_and_their_logarithms_stay_finite():
    X, y, _ = made()
    model = eq.LogisticRegression(C=np.inf).fit(X, y)
    far = np.array([[1e4, 0, 0, 0, 0], [-1e4, 0, 0, 0, 0]])
    assert np.isfinite(model.predict_log_proba(far)).all()
    np.testing.assert_allclose(model.predict_proba(X).sum(axis=1), 1.0, rtol=1e-15)
    np.testing.assert_allclose(model.predict_log_proba(X), np.log(model.predict_proba(X)), rtol=1e-12)
    odds = model.decision_function(X)
    np.testing.assert_allclose(np.log(model.predict_proba(X)[:, 1] / model.predict_proba(X)[:, 0]), odds)


def test_an_offset_is_a_known_part_of_the_log_odds():
    X, y, _ = made()
    offset = np.where(y == "yes", 0.5, -0.25)
    given = eq.LogisticRegression(C=0.5).fit(X, y, offset=offset)
    gradient = X.T @ ((y == "yes") - given.predict_proba(X, offset)[:, 1])
    np.testing.assert_allclose(given.coef_[0], 0.5 * gradient, atol=1e-9)
    with pytest.raises(ValueError, match="fitted with an offset"):
        given.predict(X)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"C": 0}, "C is 0: pass a number above 0"),
        ({"C": -1}, "C is -1"),
        ({"C": "big"}, "C is 'big'"),
        ({"penalty": "l3"}, "penalty is 'l3'"),
        ({"penalty": "elasticnet", "l1_ratio": None}, "l1_ratio must be specified"),
        ({"l1_ratio": 2}, "l1_ratio is 2"),
        ({"solver": "svd"}, "solver is 'svd'"),
        ({"dual": "no"}, "dual is 'no'"),
        ({"intercept_scaling": 0}, "intercept_scaling is 0: pass a number above 0"),
        ({"multi_class": "multinomial"}, "multi_class is 'multinomial', .* twice the C"),
        ({"class_weight": "even"}, "class_weight is 'even': pass 'balanced'"),
        ({"class_weight": {"maybe": 1.0}}, "class_weight names 'maybe', and the classes are 'no' and 'yes'"),
        ({"class_weight": {"yes": -1.0}}, r"class_weight\['yes'\] is -1"),
        ({"class_weight": {"yes": 0.0}}, "every row of class 'yes' has weight 0"),
    ],
)
def test_what_cannot_be_meant_is_refused(params, message):
    X, y, _ = made()
    with pytest.raises((ValueError, TypeError), match=message):
        eq.LogisticRegression(**params).fit(X, y)


@pytest.mark.parametrize("given", ["sample_weight", "class_weight", "balanced"])
def test_without_an_intercept_one_class_may_have_all_the_weight(given):
    x, y = np.array([1.0, 2.0, 4.0, 3.0]), np.array([1, 1, 1, 0])
    params = {"fit_intercept": False, "C": 0.5}
    s = None if given == "class_weight" else y
    params["class_weight"] = {"class_weight": {0: 0.0}, "balanced": "balanced"}.get(given)
    model = eq.LogisticRegression(**params).fit(x[:, None], y, s)
    # C·Σx·(1 − μ) = w, in which "balanced" halves the weights of the only class that has any.
    C = 0.25 if given == "balanced" else 0.5
    expected = brentq(lambda w: w - C * np.sum(x[:3] / (1 + np.exp(x[:3] * w))), 0, 100, xtol=1e-14)
    np.testing.assert_allclose(model.coef_, [[expected]], rtol=1e-9)
    with pytest.raises(ValueError, match="every row of class 0 has weight 0"):
        eq.LogisticRegression(**params | {"fit_intercept": True}).fit(x[:, None], y, s)


def test_several_classes_are_refused_and_one_against_the_rest_works():
    X, y, _ = made()
    several = np.where(X[:, 1] > 1, "maybe", y)
    with pytest.raises(ValueError, match=r"Only binary .* y holds 3 classes \('maybe', 'no', 'yes'\): keep"):
        eq.LogisticRegression().fit(X, several)
    with pytest.raises(ValueError, match="y holds only one class, 'no'"):
        eq.LogisticRegression().fit(X, np.full(len(X), "no"))
    rest = OneVsRestClassifier(eq.LogisticRegression()).fit(X, several)
    assert rest.predict_proba(X).shape == (90, 3)


def test_in_a_pipeline_a_search_a_clone_and_a_pickle():
    X, y, s = made()
    frame = pd.DataFrame(X, columns=list("abcde"))
    assert is_classifier(eq.LogisticRegression())
    pipeline = make_pipeline(StandardScaler(), eq.LogisticRegression(l1_ratio=1.0))
    grid = {"logisticregression__C": [0.03, 0.3, 3.0]}
    search = GridSearchCV(pipeline, grid, cv=StratifiedKFold(3), scoring="roc_auc").fit(frame, y)
    assert search.best_score_ > 0.7
    selector = SelectFromModel(eq.LogisticRegression(C=0.1, l1_ratio=1.0), threshold=1e-9).set_output(
        transform="pandas"
    )
    selected = selector.fit(frame, y).transform(frame)
    assert list(selected.columns) == [
        name for name, w in zip("abcde", selector.estimator_.coef_[0], strict=True) if w
    ]
    model = clone(eq.LogisticRegression(C=0.3, l1_ratio=1.0, class_weight="balanced")).fit(frame, y, s)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict_proba(frame), model.predict_proba(frame))
    with pytest.raises(ValueError, match="y holds 'x', and the classes are 'no' and 'yes'"):
        again.what_if(without=["a"], X=frame, y=np.full(len(frame), "x"))


def test_weights_are_routed_through_a_search():
    X, y, s = made()
    with config_context(enable_metadata_routing=True):
        model = eq.LogisticRegression().set_fit_request(sample_weight=True)
        model.set_score_request(sample_weight=True)
        routed = cross_val_score(model, X, y, cv=3, params={"sample_weight": s})
    folds = StratifiedKFold(3).split(X, y)
    by_hand = [eq.LogisticRegression().fit(X[a], y[a], s[a]).score(X[b], y[b], s[b]) for a, b in folds]
    np.testing.assert_allclose(routed, by_hand, rtol=1e-12)


def test_a_model_without_a_penalty_has_no_other_c():
    X, y, _ = made()
    model = eq.LogisticRegression(C=np.inf).fit(X, y)
    with pytest.raises(ValueError, match=r"fitted without a penalty, .* with C=2"):
        model.what_if(C=2)
    assert model.what_if(C=np.inf).entered == ()
