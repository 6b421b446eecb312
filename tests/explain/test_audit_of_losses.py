"""The audit of any loss: exact coefficients pass, others do not, and what they lose is what mpmath says."""

import exact_losses as exact
import numpy as np
import pytest
from mpmath import mp, mpf

import equipoise as eq

LOSSES = ["binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2.0)"]


def data(loss, n=60, p=6):
    rng = np.random.default_rng(3)
    X = rng.normal(size=(n, p)) + 0.5 * rng.normal(size=(n, 1)) + rng.normal(size=p)
    eta = X[:, 0] - 0.7 * X[:, 1]
    y = {
        "binomial": rng.uniform(size=n) < 1 / (1 + np.exp(-eta)),
        "gamma": np.exp(eta) * rng.gamma(2.0, size=n),
    }
    return X, y.get(loss, rng.poisson(np.exp(eta))).astype(float)


@mp.workdps(40)
def objective(loss, X, y, coef, intercept, l1, l2, s, o):
    rows = zip(X.tolist(), y.tolist(), s.tolist(), o.tolist(), strict=True)
    w, own = [mpf(v) for v in coef.tolist()], exact.phi(loss)
    total = sum(
        mpf(s_i) * own(mpf(y_i), mpf(o_i) + mpf(float(intercept)) + mp.fdot(map(mpf, x), w))
        for x, y_i, s_i, o_i in rows
    )
    return total + sum(mpf(l1) * abs(v) + mpf(l2) * v * v for v in w)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("size", [0.0, 1e-7, 1e-3, 1e-2, 1.0])
def test_what_is_lost(loss, size):
    X, y = data(loss)
    rng = np.random.default_rng(4)
    s, o = rng.integers(0, 3, 60).astype(float), rng.uniform(-0.3, 0.3, 60)
    asked = {"l1": 6.0, "l2": 0.5, "sample_weight": s, "offset": o, "loss": loss}
    fit = eq.fit(X, y, **asked)
    assert (fit.coef == 0).any()
    assert (fit.coef != 0).any()
    coef = np.where(fit.coef == 0, 0.0, fit.coef + size * rng.normal(size=6))
    intercept = fit.intercept + size * rng.normal()
    found = eq.audit(X, y, coef, intercept, **asked)
    assert found.optimal == (size == 0)
    assert found.verdict == ("the solution" if size == 0 else "not the solution")
    assert found.violating.any() == (size > 0)
    value, best = (
        objective(loss, X, y, *at, 6.0, 0.5, s, o) for at in ((coef, intercept), (fit.coef, fit.intercept))
    )
    assert found.lost == pytest.approx(float(value - best), rel=1e-6, abs=1e-18 * float(abs(best)))
    assert 0 <= found.lost <= found.gap
    assert found.wrong_zeros == found.wrong_nonzeros == ()
    np.testing.assert_allclose(found.exact.coef, fit.coef, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("standardize", [False, True])
def test_what_is_printed_is_as_good_as_its_digits(loss, standardize):
    X, y = data(loss)
    asked = {"l1": 3.0, "loss": loss, "standardize": standardize}
    fit = eq.fit(X, y, **asked)
    for digits in (4, 6, 9):
        coef = np.array([float(f"{value:.{digits}g}") for value in fit.coef])
        intercept = float(f"{fit.intercept:.{digits}g}")
        found = eq.audit(X, y, coef, intercept, **asked)
        assert found.status is eq.Status.ROUNDED
        assert set(found.verdicts) == {"right"}
        wrong = coef * (1 + 10.0 ** (2 - digits))
        assert eq.audit(X, y, wrong, intercept, **asked).verdict == "not the solution"
        off = intercept + 10.0 ** (2 - digits)
        assert eq.audit(X, y, coef, off, **asked).verdict == "not the solution"


@pytest.mark.parametrize("loss", LOSSES)
def test_wrong_zeros_and_wrong_nonzeros(loss):
    X, y = data(loss)
    fit = eq.fit(X, y, l1=3.0, loss=loss)
    active, idle = int(fit.support[0]), int(np.flatnonzero(fit.coef == 0)[0])
    coef = fit.coef.copy()
    coef[active], coef[idle] = 0.0, 0.1
    found = eq.audit(X, y, coef, fit.intercept, l1=3.0, loss=loss)
    assert found.wrong_zeros == (f"x{active + 1}",)
    assert found.wrong_nonzeros == (f"x{idle + 1}",)
    assert "Audit: not the solution" in str(found)


@pytest.mark.parametrize("loss", LOSSES)
def test_far_off_is_measured_without_a_crash(loss):
    X, y = data(loss)
    found = eq.audit(X, y, np.full(6, 1e9), 0.0, l1=3.0, loss=loss)
    assert found.verdict == "not the solution"
    assert found.lost > 0
    assert "Audit: not the solution" in str(found)


def test_a_coefficient_on_a_constant_column_costs_its_penalty():
    X, y = data("binomial")
    X[:, 5] = 2.0
    fit = eq.fit(X, y, l1=3.0, loss="binomial")
    coef = fit.coef.copy()
    coef[5] = 0.5
    found = eq.audit(X, y, coef, fit.intercept - 1.0, l1=3.0, loss="binomial")
    assert found.lost == pytest.approx(1.5, rel=1e-9)
    assert found.wrong_nonzeros == ("x6",)
