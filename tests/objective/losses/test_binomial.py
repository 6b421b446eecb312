"""Binomial loss against mpmath, by hand where a number can be told at sight."""

import exact_losses as exact
import numpy as np
import pytest

from equipoise.objective.losses.binomial import Binomial

YS = (0.0, 0.25, 0.999, 1.0)


@pytest.mark.parametrize("loss", [Binomial()], ids=lambda loss: loss.label)
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

    def test_majorant(self, loss):
        """A parabola above φ."""
        exact.check_majorant(loss, YS)


def test_at_log_odds_of_0():
    """μ = ½: log 2, ±½ and ¼."""
    y, eta = np.array([0.0, 1.0]), np.zeros(2)
    assert Binomial().value(y, eta) == pytest.approx([np.log(2)] * 2, rel=1e-15)
    assert Binomial().residual(y, eta).tolist() == [-0.5, 0.5]
    assert Binomial().curvature(y, eta).tolist() == [0.25, 0.25]
    assert Binomial().mean(np.array([0.0, np.log(3.0)])) == pytest.approx([0.5, 0.75], rel=1e-15)


def test_no_residual_beyond_the_range_of_probabilities():
    """A probability of μ + fall outside [0, 1] is none."""
    found = Binomial().divergence(np.ones(4), np.zeros(4), np.array([-0.5, -0.51, 0.5, 0.51]))
    assert found == pytest.approx([np.log(2), np.inf, np.log(2), np.inf])


def test_refused():
    """What is no share of trials."""
    with pytest.raises(ValueError, match=r"y holds 2 in row 1 .*: loss=.binomial. takes 0 and 1"):
        Binomial().refuse(np.array([0.0, 2.0]))
    Binomial().refuse(np.array([0.0, 0.5, 1.0]))
