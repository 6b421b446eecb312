"""What LogisticRegression says of its penalty, in scikit-learn of all ages, and the solver that differs."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn_logistic import sklearn_logistic

import equipoise as eq

DATA = json.loads((Path(__file__).with_name("stored") / "glmnet.json").read_text())
X, BINARY = np.array(DATA["X"]), np.array(DATA["binary"])


def test_liblinear_penalises_its_intercept_as_a_column():
    with pytest.raises(ValueError, match="solver is 'liblinear', which penalises its intercept"):
        eq.strength.from_sklearn_logistic(0.7, 1.0, solver="liblinear")
    theirs = sklearn_logistic(C=5.0, l1_ratio=1.0, solver="liblinear", intercept_scaling=3.0, tol=1e-12)
    theirs.set_params(max_iter=100_000).fit(X, BINARY)
    strength = eq.strength.from_sklearn_logistic(5.0, 1.0, solver="liblinear", fit_intercept=False)
    fit = eq.fit(np.column_stack([X, np.full(len(X), 3.0)]), BINARY, loss="binomial", **strength)
    np.testing.assert_allclose(fit.coef, np.append(theirs.coef_, theirs.intercept_ / 3.0), atol=1e-7)
    assert theirs.intercept_ != 0


def test_the_penalties_of_earlier_scikit_learn():
    said = eq.strength.from_sklearn_logistic
    assert said(0.5, 0.3, penalty="l2") == said(0.5, 0.0)
    assert said(0.5, 0.3, penalty="l1") == said(0.5, 1.0)
    assert said(0.5, 0.3, penalty="elasticnet") == said(0.5, 0.3)
    assert said(0.5, 0.3, penalty=None) == said(np.inf) == eq.strength.Strength(0.0, 0.0)
