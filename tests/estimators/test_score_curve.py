"""The picture of how LogisticRegressionCV chose: its curve is scikit-learn's mean score, C by C."""

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.preprocessing import StandardScaler
from sklearn_logistic import sklearn_logistic

import equipoise as eq

FIGURE = pytest.importorskip("matplotlib.figure").Figure
X, Y = load_breast_cancer(return_X_y=True)
X = StandardScaler().fit_transform(X)[:200, :6]
Y = Y[:200]
CS = [0.1, 0.5, 2.0]


@pytest.mark.parametrize("legacy", [True, False])
def test_the_curve_is_the_mean_score_over_one_over_c(legacy):
    model = eq.LogisticRegressionCV(Cs=CS, l1_ratios=[0.0, 1.0], use_legacy_attributes=legacy, cv=4).fit(X, Y)
    picture = model.plot(FIGURE().subplots())
    assert picture.strengths.tolist() == [10.0, 2.0, 0.5]
    ratio = float(np.ravel(model.l1_ratio_)[0])
    for C, mean, error, kept in zip(CS, picture.mean, picture.standard_error, picture.kept, strict=True):
        theirs = sklearn_logistic(C=C, l1_ratio=ratio, solver="saga", tol=1e-9, max_iter=100_000)
        scores = cross_val_score(theirs, X, Y, cv=StratifiedKFold(4))
        assert mean == pytest.approx(scores.mean())
        assert error == pytest.approx(scores.std(ddof=1) / 2.0)
        assert kept == np.count_nonzero(np.abs(theirs.fit(X, Y).coef_) > 1e-6)
    assert picture.chosen == {"best": pytest.approx(1.0 / np.ravel(model.C_)[0])}
    assert picture.ax_.get_ylabel() == "held-out accuracy"
    assert "1/C" in picture.ax_.get_xlabel()


def test_a_ridge_and_one_standard_error():
    model = eq.LogisticRegressionCV(Cs=CS, cv=4, choice="one_se", scoring="neg_log_loss").fit(X, Y)
    picture = model.plot(FIGURE().subplots(), folds=True)
    assert len(picture.fold_lines_) == 4
    assert list(picture.chosen) == ["one SE"]
    assert picture.kept.tolist() == [6, 6, 6]
    for C, mean in zip(CS, picture.mean, strict=True):
        theirs = sklearn_logistic(C=C, tol=1e-10, max_iter=1000)
        scores = cross_val_score(theirs, X, Y, cv=StratifiedKFold(4), scoring="neg_log_loss")
        assert mean == pytest.approx(scores.mean(), rel=1e-6)
