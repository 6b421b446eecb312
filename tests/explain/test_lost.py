"""What coefficients lose, by forty digits of the losses as textbooks write them."""

import exact_losses as exact
import numpy as np
import pytest
from mpmath import mp, mpf

from equipoise.explain.lost import divergence
from equipoise.objective.losses.registry import read_loss

LOSSES = ["binomial", "poisson", "gamma", "tweedie(1.3)", "negative_binomial(2.5)"]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("size", [1e-12, 1e-8, 1e-4, 0.1, 1.0])
def test_no_digits_are_lost_on_short_ways(loss, size):
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 30) + (loss == "gamma")
    eta, way = rng.uniform(-6, 6, 30), size * rng.uniform(-1, 1, 30)
    found = divergence(read_loss(loss), y.astype(float), eta, way)
    with mp.workdps(60):
        own, slope = exact.phi(loss), exact.slope(loss)
        for i, (y_i, a, step) in enumerate(zip(y.tolist(), map(mpf, eta), map(mpf, way), strict=True)):
            true = own(y_i, a + step) - own(y_i, a) - slope(y_i, a)[0] * step
            assert found[i] == pytest.approx(float(true), rel=1e-13)


@pytest.mark.parametrize("loss", LOSSES)
def test_long_ways_are_differences(loss):
    rng = np.random.default_rng(2)
    y = rng.integers(1, 2, 30).astype(float)
    eta, way = rng.uniform(-6, 6, 30), rng.choice([-1, 1], 30) * rng.uniform(1, 30, 30)
    found = divergence(read_loss(loss), y, eta, way)
    assert np.all(found >= 0)
    with mp.workdps(60):
        own, slope = exact.phi(loss), exact.slope(loss)
        for i, (a, step) in enumerate(zip(map(mpf, eta), map(mpf, way), strict=True)):
            true = own(1, a + step) - own(1, a) - slope(1, a)[0] * step
            assert found[i] == pytest.approx(float(true), rel=1e-12, abs=1e-13)
