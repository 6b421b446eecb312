"""The null model against Newton's method in 40 digits."""

import exact_losses as exact
import mpmath as mp
import numpy as np
import pytest

from equipoise.objective.losses.registry import read_loss
from equipoise.objective.null_model import fit_unpenalised

LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2)")


def newton(loss, y, eta, u, s, start):
    """Coefficients of u that balance a loss, from a point nearby."""
    slope = exact.slope(loss)
    w = mp.matrix(start.tolist())
    u = mp.matrix(u.tolist())
    for _ in range(8):
        at = u * w
        parts = [slope(mp.mpf(a), mp.mpf(e) + at[i]) for i, (a, e) in enumerate(zip(y, eta, strict=True))]
        force = -u.T * mp.matrix([weight * first for weight, (first, _) in zip(s, parts, strict=True)])
        square = u.T * mp.diag([weight * second for weight, (_, second) in zip(s, parts, strict=True)]) * u
        step = mp.lu_solve(square, force)
        w += step
    assert max(abs(v) for v in step) < 1e-30
    return np.array([float(v) for v in w])


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("offset", [0.0, 60.0])
@pytest.mark.parametrize("intercept", [True, False])
def test_two_columns(name, offset, intercept):
    """With weights of 0, and offsets that put e^60 between rows."""
    rng, loss = np.random.default_rng(1), read_loss(name)
    n = 25
    x = rng.normal(size=(n, 2))
    eta = rng.normal(size=n) * 0.3 + (offset if intercept else 0.0)
    y = rng.choice([0.0, 0.5, 1.0], n) if name == "binomial" else rng.gamma(2, 1, n)
    y = np.floor(y * 2) if name in ("poisson", "negative_binomial(2)") else y
    s = np.where(rng.random(n) < 0.2, 0.0, rng.random(n) + 0.5)
    step = fit_unpenalised(loss, y, eta, x, s, intercept)
    u = np.column_stack([np.ones(n), x]) if intercept else x
    own = np.r_[step.level, step.coef] if intercept else step.coef
    with mp.workdps(60):
        true = newton(loss, y, eta, u, s, own)
    assert own == pytest.approx(true, rel=1e-10, abs=1e-10 * (1 + offset / 60))
    assert step.eta == pytest.approx(eta + u @ own, abs=1e-11)


def test_dependent_columns_take_the_shortest_step():
    """Two copies of a column share its coefficient."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=20), rng.poisson(2.0, 20).astype(float)
    alone = fit_unpenalised(read_loss("poisson"), y, np.zeros(20), x[:, None], None, True)
    both = fit_unpenalised(read_loss("poisson"), y, np.zeros(20), np.column_stack([x, x]), None, True)
    assert both.coef == pytest.approx(np.repeat(alone.coef / 2, 2), rel=1e-9)


def test_numbers_beyond_float64_end_it():
    """A predictor of 1e5 overflows: what was reached is returned."""
    y, x = np.ones(4), np.array([[1e5], [-1e5], [2e5], [0.0]])
    with np.errstate(all="ignore"):
        step = fit_unpenalised(read_loss("poisson"), y, x[:, 0], x, None, False)
    assert np.isfinite(step.coef).all()
