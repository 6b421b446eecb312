"""Estimators in the hands of others: coefficients set by hand, subclasses, methods that are replaced."""

import numpy as np
import pytest
from sklearn import linear_model
from sklearn.model_selection import cross_val_score

import equipoise as eq

RNG = np.random.default_rng(6)
X = RNG.normal(size=(60, 4))
Y = X[:, 0] - X[:, 1] + RNG.normal(size=60)
KINDS = ["Lasso", "ElasticNet", "Ridge", "LassoCV", "ElasticNetCV", "RidgeCV"]


@pytest.mark.parametrize("targets", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_coefficients_set_by_hand_predict(kind, targets):
    coef, intercept = np.arange(4.0 * targets).reshape(targets, 4).squeeze(), np.arange(1.0, 1.0 + targets)
    ours, theirs = getattr(eq, kind)(), getattr(linear_model, kind)()
    for model in (ours, theirs):
        model.coef_, model.intercept_ = coef, intercept if targets > 1 else intercept[0]
    y = Y if targets == 1 else np.column_stack((Y, -Y))
    np.testing.assert_allclose(ours.predict(X), theirs.predict(X), rtol=1e-14)
    assert ours.score(X, y) == pytest.approx(theirs.score(X, y), rel=1e-12)
    for ask in (ours.explain, ours.survivors, ours.importance, ours.report, lambda: ours.certificate_):
        with pytest.raises(ValueError, match="coef_ was set by hand, so that nothing is proved"):
            ask()


def test_an_edit_of_the_coefficients_ends_the_proof_and_not_the_predictions():
    model = eq.Lasso(0.1).fit(X, Y)
    assert model.certificate_.optimal
    model.coef_[2] += 1.0
    np.testing.assert_allclose(model.predict(X), X @ model.coef_ + model.intercept_)
    with pytest.raises(ValueError, match=r"pass the coefficients to equipoise\.audit"):
        model.explain("x1")
    with pytest.raises(ValueError, match="coef_ was set by hand"):
        _ = model.certificate_
    assert model.fit(X, Y).certificate_.optimal


class Clipped(eq.Ridge):
    def predict(self, X):
        return np.clip(super().predict(X), 0.0, None)


class TheirClipped(linear_model.Ridge):
    def predict(self, X):
        return np.clip(super().predict(X), 0.0, None)


class ByNormalEquations(eq.Ridge):
    def fit(self, X, y):
        self.coef_ = np.linalg.solve(X.T @ X + self.alpha * np.eye(X.shape[1]), X.T @ y)
        self.intercept_ = 0.0
        return self


def test_a_predict_of_ones_own_is_scored():
    found = cross_val_score(Clipped(), X, Y, cv=3)
    np.testing.assert_allclose(found, cross_val_score(TheirClipped(), X, Y, cv=3), rtol=1e-10)


def test_a_fit_of_ones_own_is_scored():
    expected = cross_val_score(linear_model.Ridge(fit_intercept=False), X, Y, cv=3)
    np.testing.assert_allclose(cross_val_score(ByNormalEquations(), X, Y, cv=3), expected, rtol=1e-10)


def test_a_score_passes_an_offset_on_by_name():
    class Told(eq.Lasso):
        def predict(self, X, *, offset=None):
            return super().predict(X, offset=offset)

    model = Told(0.1).fit(X, Y, offset=np.ones(60))
    assert model.score(X, Y, offset=np.ones(60)) == eq.Lasso(0.1).fit(X, Y - 1.0).score(X, Y - 1.0)


class WithSolver(eq.Lasso):
    def __init__(self, alpha=1.0, solver="mine", eps="tiny"):
        super().__init__(alpha)
        self.solver, self.eps = solver, eps


def test_parameters_of_a_subclass_are_its_own():
    np.testing.assert_array_equal(WithSolver(0.1).fit(X, Y).coef_, eq.Lasso(0.1).fit(X, Y).coef_)


@pytest.mark.parametrize("alpha", [[2.0], np.array([2.0]), np.array(2.0)])
def test_one_penalty_is_that_of_every_target(alpha):
    y = np.column_stack((Y, Y**2, -Y))
    expected = linear_model.Ridge(alpha=np.ravel(alpha)).fit(X, y)
    np.testing.assert_allclose(eq.Ridge(alpha=alpha).fit(X, y).coef_, expected.coef_, rtol=1e-10)


def test_folds_are_called_cv():
    weights = np.ones(60)
    weights[:20] = 0.0
    with pytest.raises(ValueError, match=r"^cv: fold 0 has no row of positive weight"):
        eq.LassoCV(cv=3).fit(X, Y, sample_weight=weights)


def test_several_targets_of_one_are_answered_with_the_remedy():
    for kind in (eq.LassoCV, eq.ElasticNetCV, eq.LassoIC):
        with pytest.raises(ValueError, match="fit one model for each column"):
            kind().fit(X, np.column_stack((Y, Y)))


def test_dates_are_no_response():
    days = np.arange(60).astype("datetime64[D]")
    for kind in (eq.Lasso, eq.RidgeCV):
        with pytest.raises(TypeError, match="y holds dates or durations"):
            kind().fit(X, days)


@pytest.mark.parametrize("kind", [eq.Lasso, eq.LassoCV, eq.RidgeCV])
def test_the_name_of_a_file_is_no_table(kind, tmp_path):
    for name in ("diabetes.csv", tmp_path / "diabetes.csv"):
        with pytest.raises(TypeError, match="X is the name of a file"):
            kind().fit(name, Y)
        with pytest.raises(TypeError, match="X is the name of a file"):
            kind().fit(X, Y).predict(name)
