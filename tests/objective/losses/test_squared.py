"""Squared loss as a loss among others."""

import exact_losses as exact
import numpy as np
import pytest

from equipoise.objective.losses.squared import SQUARED

YS = (-3.0, 0.0, 2.5)


def test_against_mpmath():
    """Value, residual and curvature; and no curvature that changes."""
    exact.check_values(SQUARED, YS)
    assert exact.check_derivatives(SQUARED, YS) < 1e-9
    exact.check_divergence(SQUARED, YS)
    exact.check_receding(SQUARED, YS)


def test_by_hand():
    """½·3², and every number is a response."""
    y, eta = np.array([5.0]), np.array([2.0])
    assert SQUARED.value(y, eta) == pytest.approx(4.5)
    assert SQUARED.residual(y, eta) == pytest.approx(3.0)
    assert SQUARED.mean(eta) == pytest.approx(2.0)
    SQUARED.refuse(np.array([-1e300, 0.0]))
