"""Gamma loss against mpmath, by hand where a number can be told at sight."""

import exact_losses as exact
import numpy as np
import pytest

from equipoise.objective.losses.gamma import Gamma

YS = (1e-6, 0.3, 1.0, 2e5)


@pytest.mark.parametrize("loss", [Gamma()], ids=lambda loss: loss.label)
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
    """y = 3: 3 − 1 − log 3, 2 and 3."""
    y, eta = np.array([3.0]), np.zeros(1)
    assert Gamma().value(y, eta) == pytest.approx([2.0 - np.log(3.0)], rel=1e-14)
    assert Gamma().residual(y, eta) == pytest.approx([2.0], rel=1e-14)
    assert Gamma().curvature(y, eta) == pytest.approx([3.0], rel=1e-14)
    assert Gamma().mean(np.array([np.log(5.0)])) == pytest.approx([5.0], rel=1e-15)


def test_refused():
    """Amounts of 0 and below."""
    with pytest.raises(ValueError, match=r"y holds 0 in row 1 .*: loss='gamma' takes amounts above 0"):
        Gamma().refuse(np.array([1.0, 0.0]))
    Gamma().refuse(np.array([1.0, 1e-9]))
