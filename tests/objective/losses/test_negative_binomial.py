"""Negative binomial loss against mpmath, by hand where a number can be told at sight."""

import exact_losses as exact
import numpy as np
import pytest

from equipoise.objective.losses.negative_binomial import NegativeBinomial

YS = (0.0, 1.0, 12.0, 4000.0)


@pytest.mark.parametrize(
    "loss",
    [NegativeBinomial(0.3), NegativeBinomial(2.0), NegativeBinomial(50.0)],
    ids=lambda loss: loss.label,
)
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


def test_at_a_mean_of_1():
    """Size 1: p = ½; y = 0: log 2, −½ and ¼; y = 3: 4 log(2/4) + 3 log 3, 1 and 1."""
    y, eta = np.array([0.0, 3.0]), np.zeros(2)
    loss = NegativeBinomial(1.0)
    assert loss.value(y, eta) == pytest.approx([np.log(2), 4 * np.log(0.5) + 3 * np.log(3)], rel=1e-14)
    assert loss.residual(y, eta).tolist() == [-0.5, 1.0]
    assert loss.curvature(y, eta).tolist() == [0.25, 1.0]
    assert loss.mean(np.array([np.log(5.0)])) == pytest.approx([5.0], rel=1e-15)


@pytest.mark.parametrize("size", [0.0, -1.0, np.inf, float("nan")])
def test_sizes_that_are_none(size):
    """The sentence says what a size is."""
    with pytest.raises(ValueError, match="pass one above 0"):
        NegativeBinomial(size)


def test_refused():
    """Negative counts."""
    with pytest.raises(ValueError, match=r"y holds -2 in row 1 .*takes counts"):
        NegativeBinomial(2.0).refuse(np.array([1.0, -2.0]))
    NegativeBinomial(2.0).refuse(np.array([0.0, 5.0]))
