"""What coefficients lose, by forty digits of the losses as textbooks write them."""

import numpy as np
import pytest
from mpmath import mp, mpf

from equipoise.explain.lost import divergence
from equipoise.objective.losses.registry import read_loss

mp.dps = 60

BOOK = {
    "binomial": lambda y, eta: mp.log(1 + mp.exp(eta)) - y * eta,
    "poisson": lambda y, eta: mp.exp(eta) - y * eta,
    "gamma": lambda y, eta: y * mp.exp(-eta) + eta,
    "tweedie(1.3)": lambda y, eta: (
        y * mp.exp((1 - mpf(1.3)) * eta) / (mpf(1.3) - 1) + mp.exp((2 - mpf(1.3)) * eta) / (2 - mpf(1.3))
    ),
    "negative_binomial(2.5)": lambda y, eta: (y + mpf(2.5)) * mp.log(mpf(2.5) + mp.exp(eta)) - y * eta,
}
SLOPE = {
    "binomial": lambda y, eta: 1 / (1 + mp.exp(-eta)) - y,
    "poisson": lambda y, eta: mp.exp(eta) - y,
    "gamma": lambda y, eta: 1 - y * mp.exp(-eta),
    "tweedie(1.3)": lambda y, eta: mp.exp((2 - mpf(1.3)) * eta) - y * mp.exp((1 - mpf(1.3)) * eta),
    "negative_binomial(2.5)": lambda y, eta: (y + mpf(2.5)) * mp.exp(eta) / (mpf(2.5) + mp.exp(eta)) - y,
}


@pytest.mark.parametrize("loss", BOOK)
@pytest.mark.parametrize("size", [1e-12, 1e-8, 1e-4, 0.1, 1.0])
def test_no_digits_are_lost_on_short_ways(loss, size):
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 30) + (loss == "gamma")
    eta, way = rng.uniform(-6, 6, 30), size * rng.uniform(-1, 1, 30)
    found = divergence(read_loss(loss), y.astype(float), eta, way)
    for i, (y_i, a, step) in enumerate(zip(y.tolist(), map(mpf, eta), map(mpf, way), strict=True)):
        true = BOOK[loss](y_i, a + step) - BOOK[loss](y_i, a) - SLOPE[loss](y_i, a) * step
        assert found[i] == pytest.approx(float(true), rel=1e-13)


@pytest.mark.parametrize("loss", BOOK)
def test_long_ways_are_differences(loss):
    rng = np.random.default_rng(2)
    y = rng.integers(1, 2, 30).astype(float)
    eta, way = rng.uniform(-6, 6, 30), rng.choice([-1, 1], 30) * rng.uniform(1, 30, 30)
    found = divergence(read_loss(loss), y, eta, way)
    assert np.all(found >= 0)
    for i, (a, step) in enumerate(zip(map(mpf, eta), map(mpf, way), strict=True)):
        true = BOOK[loss](1, a + step) - BOOK[loss](1, a) - SLOPE[loss](1, a) * step
        assert found[i] == pytest.approx(float(true), rel=1e-12, abs=1e-13)
