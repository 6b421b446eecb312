"""Poisson loss against mpmath, by hand where a number can be told at sight."""

import exact_losses as exact
import numpy as np
import pytest

from equipoise.objective.losses.poisson import Poisson

YS = (0.0, 1.0, 7.0, 1e6)


@pytest.mark.parametrize("loss", [Poisson()], ids=lambda loss: loss.label)
class TestAgainstMpmath:
    def test_value_residual_and_curvature(self, loss):
        """Over 1400 of η, where naive forms overflow or cancel."""
        exact.check_values(loss, YS)

    def test_kappa_bounds_how_fast_the_curvature_changes(self, loss):
        """And not by more than it has to."""
        assert exact.check_derivatives(loss, YS) > 0.98 * loss.kappa

    def test_divergence(self, loss):
        """From the definition of the conjugate."""
        exact.check_divergence(loss, YS)

    def test_receding(self, loss):
        """φ itself says in which rows it does not grow."""
        exact.check_receding(loss, YS)


def test_at_a_mean_of_1():
    """y = 0: 1, −1 and 1; y = e: φ = 1 − e(log 1 − log e) − e = 1."""
    y, eta = np.array([0.0, np.e]), np.zeros(2)
    assert Poisson().value(y, eta) == pytest.approx([1.0, 1.0], rel=1e-15)
    assert Poisson().residual(y, eta) == pytest.approx([-1.0, np.e - 1], rel=1e-15)
    assert Poisson().curvature(y, eta).tolist() == [1.0, 1.0]
    assert Poisson().mean(np.array([np.log(5.0)])) == pytest.approx([5.0], rel=1e-15)


def test_no_negative_mean():
    """A mean of μ + fall below 0 is none, and one of 0 costs μ; where μ underflows its logarithm serves."""
    found = Poisson().divergence(np.ones(3), np.zeros(3), np.array([-1.0, -1.1, np.e - 1]))
    assert found == pytest.approx([1.0, np.inf, 1.0])
    assert Poisson().divergence(np.ones(1), np.array([-800.0]), np.ones(1)) == pytest.approx([799.0])


def test_refused():
    """Negative counts."""
    with pytest.raises(ValueError, match=r"y holds -1 in row 0 .*: loss='poisson' takes counts"):
        Poisson().refuse(np.array([-1.0, 2.0]))
    Poisson().refuse(np.array([0.0, 2.5]))
