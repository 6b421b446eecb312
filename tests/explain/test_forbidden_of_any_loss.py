"""Forbidding features, and importance, under smooth losses: objectives by SciPy, entries by bisection."""

import numpy as np
import pytest
from loss_oracle import LONG, slopes
from scipy.optimize import minimize

import equipoise as eq

LOSSES = ("binomial", "poisson")


def data(loss):
    rng = np.random.default_rng(5)
    X = rng.standard_normal((80, 5)) + 0.7 * rng.standard_normal((80, 1))
    eta = X[:, :2] @ [0.9, -0.7]
    if loss == "binomial":
        return X, (rng.random(80) < 1 / (1 + np.exp(-eta))) * 1.0
    return X, rng.poisson(np.exp(0.6 * eta)) * 1.0


def deviance(loss, y, eta):
    """Half the deviance, with y log y = 0 at 0."""
    if loss == "binomial":
        return np.sum(np.logaddexp(0, eta) - y * eta)
    return np.sum(np.exp(eta) - y * eta + np.where(y > 0, y * np.log(np.where(y > 0, y, 1)) - y, 0))


def objective(loss, X, y, l1):
    """The least objective, in split variables by L-BFGS-B."""
    p = X.shape[1]

    def value(v):
        w = v[1 : p + 1] - v[p + 1 :]
        eta = v[0] + X @ w
        r = slopes(loss, y, eta)[0]
        down = -X.T @ r
        slope = np.concatenate([[-r.sum()], down + l1, l1 - down])
        return deviance(loss, y, eta) + l1 * v[1:].sum(), slope

    bounds = [(None, None)] + [(0, None)] * (2 * p)
    options = {"maxiter": 20000, "ftol": 1e-16, "gtol": 1e-10}
    return minimize(
        value, np.zeros(2 * p + 1), jac=True, method="L-BFGS-B", bounds=bounds, options=options
    ).fun


@pytest.mark.parametrize("loss", LOSSES)
def test_costs_and_shares_are_those_of_problems_without_the_feature(loss):
    X, y = data(loss)
    fit = eq.fit(X, y, loss=loss, l1=5.0)
    whole, null = objective(loss, X, y, 5.0), objective(loss, X[:, :0], y, 5.0)
    rows, importance = fit.survivors(), fit.importance()
    assert {row.feature for row in rows} == set(importance.features) >= {"x1", "x2"}
    for row in rows:
        j = fit.features.index(row.feature)
        cost = objective(loss, np.delete(X, j, axis=1), y, 5.0) - whole
        assert row.cost == pytest.approx(cost, rel=1e-6, abs=1e-7)
        share = importance.share[importance.features.index(row.feature)]
        assert row.relative_cost == pytest.approx(share, rel=1e-9)
        assert share == pytest.approx(cost / (null - whole), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_feature_is_killed_by_the_limit_told(loss):
    X, y = data(loss)
    for row in eq.fit(X, y, loss=loss, l1=5.0).survivors():
        j = int(row.feature[1:]) - 1
        for factor, zero in ((1 + 1e-7, True), (1 - 1e-7, False)):
            l1 = np.where(np.arange(5) == j, row.killed_by * factor, 5.0)
            assert (eq.fit(X, y, loss=loss, l1=l1).coef[j] == 0) == zero


def test_effects_are_ratios_of_one_standard_deviation():
    X, y = data("binomial")
    fit = eq.fit(X, y, loss="binomial", l1=5.0)
    found = fit.importance()
    sd = X[:, [fit.features.index(name) for name in found.features]].std(axis=0)
    np.testing.assert_allclose(found.ratio, np.exp(found.coef * sd), rtol=1e-12)
    assert found.response_sd is None
    np.testing.assert_array_equal(found.standardized, found.effect)
    assert "odds ratio per sd" in str(found)
    assert "standard deviation of y" not in str(found)
    assert found.to_dict()["ratio"] == found.ratio.tolist()
    assert found.to_frame(dict)["ratio"] == found.ratio.tolist()
    plain = eq.fit(X, y, l1=5.0).importance()
    assert plain.ratio is None
    assert "ratio" not in plain.to_dict()


def test_what_if_is_the_problem_without_the_feature():
    X, y = data("poisson")
    found = eq.fit(X, y, loss="poisson", l1=5.0).what_if(without="x1")
    left = np.delete(X, 0, axis=1)
    assert found.objective_after == pytest.approx(objective("poisson", left, y, 5.0), rel=1e-9)
    eta = (LONG(found.after.intercept) + X.astype(LONG) @ found.after.coef.astype(LONG)).astype(float)
    assert found.loss_after == pytest.approx(deviance("poisson", y, eta), rel=1e-10)
    assert "half the deviance rises from" in str(found)
