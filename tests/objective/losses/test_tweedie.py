"""Tweedie loss against mpmath, by hand where a number can be told at sight."""

import exact_losses as exact
import numpy as np
import pytest

from equipoise.objective.losses.tweedie import Tweedie

YS = (0.0, 0.02, 1.0, 3000.0)


@pytest.mark.parametrize("loss", [Tweedie(1.1), Tweedie(1.5), Tweedie(1.9)], ids=lambda loss: loss.label)
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
    """Power 3/2: φ = 2y/√μ + 2√μ − 4√y."""
    y, eta = np.array([0.0, 4.0]), np.zeros(2)
    assert Tweedie(1.5).value(y, eta) == pytest.approx([2.0, 2.0], rel=1e-14)
    assert Tweedie(1.5).residual(y, eta).tolist() == [-1.0, 3.0]
    assert Tweedie(1.5).curvature(y, eta).tolist() == [0.5, 2.5]
    assert Tweedie(1.5).mean(np.array([np.log(5.0)])) == pytest.approx([5.0], rel=1e-15)


@pytest.mark.parametrize("power", [1.0, 2.0, 0.0, float("nan")])
def test_powers_without_a_loss_of_this_kind(power):
    """The sentence says which loss they are."""
    with pytest.raises(ValueError, match="between 1 and 2"):
        Tweedie(power)


def test_refused():
    """Negative amounts."""
    with pytest.raises(ValueError, match=r"y holds -0.5 in row 1 .*: loss='tweedie.1.5.' takes amounts"):
        Tweedie(1.5).refuse(np.array([1.0, -0.5]))
    Tweedie(1.5).refuse(np.array([0.0, 0.5]))
