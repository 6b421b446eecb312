"""Calls that do not fit an estimator's methods: a sentence with the remedy, and nothing else changes."""

import inspect
import warnings

import numpy as np
import pytest
from sklearn import linear_model

import equipoise as eq

X = np.random.default_rng(0).normal(size=(40, 3))
COUNTS = np.arange(40) % 4
YES = np.array(["no", "yes"])[COUNTS % 2]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: eq.LogisticRegression().fit(X, YES).what_if(alpha=2), "Regression.what_if .*: pass C"),
        (lambda: eq.LogisticRegression(alpha=2), "LogisticRegression has no argument 'alpha': pass C, "),
        (lambda: eq.LogisticRegressionCV(alphas=[2]), "CV has no argument 'alphas': pass Cs"),
        (lambda: eq.Lasso(C=2), "Lasso has no argument 'C': pass alpha, a penalty, of which C is the"),
        (lambda: eq.Ridge(lam=2), "Ridge has no argument 'lam': it is called alpha here"),
        (lambda: eq.PoissonRegressor(positive=True), "PoissonRegressor has no .* 'positive': pass lower=0"),
        (lambda: eq.LogisticRegression().fit(X, YES, exposure=1), "loss='binomial' models no logarithm"),
        (lambda: eq.Lasso().fit(X, COUNTS, sample_weights=1), "Lasso.fit .* it is called sample_weight here"),
        (lambda: eq.Lasso().fit(X, COUNTS).predict(X, ofset=1), "Lasso.predict .* did you mean 'offset'"),
        (lambda: eq.Lasso().fit(X), "Lasso.fit needs y: write Lasso.fit"),
        (lambda: eq.GammaRegressor(1.0), "GammaRegressor takes only  by place|by name|needs"),
    ],
)  # fmt: skip
def test_a_call_that_does_not_fit_is_refused_with_the_remedy(call, told):
    with pytest.raises(TypeError, match=told):
        call()


@pytest.mark.parametrize("name", ["Lasso", "LogisticRegression", "PoissonRegressor"])
def test_signatures_are_those_of_scikit_learn_still(name):
    ours, theirs = getattr(eq, name), getattr(linear_model, name)
    for method in ("fit", "predict", "score"):
        known = [*inspect.signature(getattr(theirs, method)).parameters]
        found = [*inspect.signature(getattr(ours, method)).parameters]
        assert [one for one in found if one in known] == known
    assert ours().get_params().keys() >= {"fit_intercept", "max_iter"}


def test_an_error_inside_a_method_keeps_its_own_words():
    def broken(*_, **__):
        return len(3)

    model = eq.Lasso()
    model._read = broken
    with pytest.raises(TypeError, match="has no len"):
        model.fit(X, COUNTS)


def test_a_warning_is_that_of_the_line_that_called():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        eq.LogisticRegression(penalty=None, C=3.0).fit(X, YES)
        eq.LogisticRegression(penalty="l1", l1_ratio=0.5).fit(X, YES)
        eq.LogisticRegressionCV(penalty="l1", l1_ratios=[0.5], Cs=2, cv=2).fit(X, YES)
    assert {one.filename for one in caught} == {__file__}
    assert len(caught) >= 3


@pytest.mark.parametrize("labels", [YES, YES.tolist(), YES.astype(object)])
@pytest.mark.parametrize("name", ["Lasso", "Ridge", "LassoCV", "PoissonRegressor"])
def test_labels_are_refused_by_a_regressor(name, labels):
    with pytest.raises(ValueError, match=rf"y holds 'no' in row 0 .*, and {name} takes numbers: Logistic"):
        getattr(eq, name)().fit(X, labels)


def test_numbers_written_as_text_are_a_response_still():
    texts = np.array([str(one) for one in COUNTS], dtype=object)
    np.testing.assert_array_equal(eq.Lasso(0.1).fit(X, texts).coef_, eq.Lasso(0.1).fit(X, COUNTS).coef_)
