"""Criteria of every loss: likelihoods by scipy's distributions, traces by hand, dispersions, what is not."""

import math

import numpy as np
import pytest
from scipy import stats

import equipoise as eq


def data(n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    X = rng.normal(size=(n, 4))
    return X, np.exp(0.5 * X[:, 0] - 0.4 * X[:, 1])


def drawn(loss: str, mean: np.ndarray) -> np.ndarray:
    rng = np.random.default_rng(5)
    if loss == "binomial":
        return (rng.random(len(mean)) < mean / (1.0 + mean)).astype(float)
    return rng.poisson(mean).astype(float)


LIKELIHOODS = {
    "binomial": lambda y, m: stats.bernoulli.logpmf(y, m),
    "poisson": lambda y, m: stats.poisson.logpmf(y, m),
    "negative_binomial(2.0)": lambda y, m: stats.nbinom.logpmf(y, 2.0, 2.0 / (2.0 + m)),
}
HESSIANS = {
    "binomial": lambda y, m: m * (1.0 - m),
    "poisson": lambda y, m: m,
    "negative_binomial(2.0)": lambda y, m: (y + 2.0) * 2.0 * m / (2.0 + m) ** 2,
}


@pytest.mark.parametrize("loss", LIKELIHOODS)
@pytest.mark.parametrize("l2", [0.0, 0.7])
def test_criteria_are_those_of_the_likelihood(loss, l2):
    X, mean = data()
    y, s = drawn(loss, mean), np.random.default_rng(6).integers(1, 4, 60).astype(float)
    path = eq.path(X, y, loss=loss, l2=l2, sample_weight=s, strengths=[8.0, 2.0, 0.5])
    found = path.criteria(gamma=0.5)
    saturated = LIKELIHOODS[loss](y, np.where(y > 0, y, 1e-300))
    full = np.column_stack([np.ones(60), X])
    for i, t in enumerate(path.strengths):
        eta = path.intercept[i] + X @ path.coef[i]
        m = 1.0 / (1.0 + np.exp(-eta)) if loss == "binomial" else np.exp(eta)
        deviance = 2.0 * float(s @ (saturated - LIKELIHOODS[loss](y, m)))
        active = [0, *(1 + np.flatnonzero(path.coef[i]))]
        H = full[:, active].T @ ((s * HESSIANS[loss](y, m))[:, None] * full[:, active])
        shrunk = H + 2.0 * np.diag([0.0] + [t * l2] * (len(active) - 1))
        df, k = np.trace(np.linalg.solve(shrunk, H)), len(active) - 1
        n = s.sum()
        assert found.degrees_of_freedom[i] == pytest.approx(df, abs=1e-9)
        assert found.deviance[i] == pytest.approx(deviance, rel=1e-9)
        assert found.aic[i] == pytest.approx(deviance + 2.0 * df)
        assert found.bic[i] == pytest.approx(deviance + math.log(n) * df)
        assert found.ebic[i] == pytest.approx(deviance + math.log(n) * df + math.log(math.comb(4, k)))
    assert found.variance == 1.0
    assert found.best("aic").coef.shape == (4,)


def test_trials_are_repeated_rows():
    X, mean = data(20)
    rng = np.random.default_rng(7)
    trials = rng.integers(1, 5, 20)
    events = rng.binomial(trials, mean / (1.0 + mean))
    row = np.repeat(np.arange(20), trials)
    each = np.concatenate([[1.0] * a + [0.0] * (n - a) for a, n in zip(events, trials, strict=True)])
    grouped = eq.path(
        X, events / trials, loss="binomial", sample_weight=trials, strengths=[3.0, 1.0]
    ).criteria()
    single = eq.path(X[row], each, loss="binomial", strengths=[3.0, 1.0]).criteria()
    for name in ("aic", "bic", "ebic"):  # but for the constant of a perfect fit
        a, b = getattr(grouped, name), getattr(single, name)
        assert a[1] - a[0] == pytest.approx(b[1] - b[0], rel=1e-8)
    np.testing.assert_allclose(grouped.degrees_of_freedom, single.degrees_of_freedom, atol=1e-9)


def test_the_dispersion_of_amounts():
    """That of R's summary(glm(y ~ X, family = Gamma("log"))): Pearson's statistic ÷ (n − 5)."""
    X, mean = data()
    y = mean * np.random.default_rng(8).gamma(3.0, 1.0 / 3.0, 60)
    path = eq.path(X, y, loss="gamma", strengths=[8.0, 2.0, 1e-9])
    found = path.criteria()
    m = np.exp(path.intercept[-1] + X @ path.coef[-1])  # as good as without a penalty
    dispersion = float(np.sum((y / m - 1.0) ** 2)) / 55
    assert found.variance == pytest.approx(dispersion, rel=1e-6)
    # A gamma distribution of that dispersion has this likelihood, but for a constant.
    likelihood = [
        stats.gamma.logpdf(y, 1.0 / dispersion, scale=dispersion * np.exp(b + X @ w)).sum()
        for b, w in zip(path.intercept, path.coef, strict=True)
    ]
    aic = -2.0 * np.array(likelihood) + 2.0 * found.degrees_of_freedom
    np.testing.assert_allclose(np.diff(found.aic), np.diff(aic), rtol=1e-5)
    passed = path.criteria(variance=0.5)
    np.testing.assert_allclose(passed.aic, passed.deviance / 0.5 + 2.0 * passed.degrees_of_freedom)
    assert "dispersion 0.5 (as passed)" in str(passed)
    assert "Pearson's estimate" in str(found)


def test_what_there_is_not():
    X, mean = data(4)
    wide = eq.path(X, mean, loss="gamma", strengths=[1.0])
    with pytest.raises(ValueError, match=r"criteria\(\) of loss='gamma' needs the dispersion of y, and rows"):
        wide.criteria()
    found = wide.criteria(variance=1.0)
    assert found.names == ("aic", "bic", "ebic")
    with pytest.raises(ValueError, match="cp is of squared loss: of loss='gamma' take aic"):
        found.best("cp")
    with pytest.raises(ValueError, match="rss is of squared loss: of loss='gamma' take deviance"):
        _ = found.rss
    assert "cp" not in found.to_frame(dict)
    assert found.to_frame(dict)["deviance"] == found.deviance.tolist()
