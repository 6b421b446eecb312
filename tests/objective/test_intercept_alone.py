"""The intercept alone against closed forms and the sign of the balance in mpmath."""

import exact_losses as exact
import mpmath as mp
import numpy as np
import pytest

from equipoise.objective.intercept_alone import fit_intercept
from equipoise.objective.losses.registry import read_loss

LOSSES = ("binomial", "poisson", "gamma", "tweedie(1.5)", "negative_binomial(2)")


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("offset", [0.0, 30.0, 800.0, -800.0, -1e4])
@pytest.mark.parametrize("spread", [0.0, 3.0, 800.0])
def test_the_balance_changes_its_sign_there(name, offset, spread):
    """Within a few roundings of b and of the predictors, however far the offsets."""
    rng, loss = np.random.default_rng(4), read_loss(name)
    y = np.array([0.0, 1, 1, 0, 1, 0, 1, 1]) if name == "binomial" else rng.gamma(2, 1, 8) + 0.1
    eta = offset + rng.normal(size=8) + spread * rng.choice([-1, 1], 8)
    s = np.array([0.0, 1, 2, 1, 0.5, 1, 1, 3])
    b = fit_intercept(loss, y, eta, s)
    away = 2.0**-48 * (8 + abs(b) + np.abs(eta).max())
    with mp.workdps(1000):
        slope = exact.slope(loss)

        def force(at):
            return -sum(
                mp.mpf(w) * slope(mp.mpf(a), mp.mpf(e) + at)[0] for w, a, e in zip(s, y, eta, strict=True)
            )

        if spread < 800 or name not in ("binomial", "negative_binomial(2)"):
            assert force(mp.mpf(b) - away) > 0 > force(mp.mpf(b) + away)
        else:  # nearly no curvature for hundreds of η: any b is best that balances to the last digit
            terms = sum(
                w * abs(slope(mp.mpf(a), mp.mpf(e) + b)[0]) for w, a, e in zip(s, y, eta, strict=True)
            )
            assert abs(force(mp.mpf(b))) <= 1e-12 * terms


def test_closed_forms():
    """The logarithm of a ratio of sums, and a logit of shares."""
    y, eta, s = np.array([0.0, 3.0, 4.0]), np.array([0.1, -0.2, 0.3]), np.array([1.0, 2.0, 0.5])
    assert fit_intercept(read_loss("poisson"), y, eta, s) == pytest.approx(
        np.log(s @ y / (s @ np.exp(eta))), abs=1e-15
    )
    assert fit_intercept(read_loss("binomial"), y > 0, np.zeros(3), None) == pytest.approx(
        np.log(2), abs=1e-15
    )


def test_without_a_balance_it_is_infinite():
    """Rows of weight 0 do not count."""
    y, zero = np.array([0.0, 0.0, 1.0]), np.zeros(3)
    weights = np.array([1.0, 2.0, 0.0])
    assert fit_intercept(read_loss("poisson"), y, zero, weights) == -np.inf
    assert fit_intercept(read_loss("binomial"), 1 - y, zero, weights) == np.inf
