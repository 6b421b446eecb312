"""Intercept and unpenalised columns fitted by a smooth loss, all else fixed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.intercept_alone import fit_intercept
from equipoise.objective.losses.base import Loss

Array = NDArray[np.float64]

ROUNDS = 100
ENOUGH = 1e-13  # a decrement of this share of the loss is rounding
HALVINGS = 40


class Step(NamedTuple):
    """Coefficients (k,) of the columns, shift of the level, and the linear predictor (n,) that they make."""

    coef: Array
    level: float
    eta: Array


def fit_unpenalised(
    loss: Loss, y: Array, eta: Array, columns: Array, weights: Array | None, intercept: bool
) -> Step:
    """Fit an intercept and columns (n, k) from a linear predictor on, by Newton's method with step halving.

    The step of least norm is taken where columns depend on each other.
    """
    s = np.ones(len(y)) if weights is None else weights
    coef, level = np.zeros(columns.shape[1]), 0.0
    if intercept:
        level = fit_intercept(loss, y, eta, weights)
        eta = eta + level
    if not len(coef):
        return Step(coef, level, eta)
    full = np.column_stack([np.ones(len(y)), columns]) if intercept else columns
    value = float(s @ loss.value(y, eta))
    for _ in range(ROUNDS):
        force = full.T @ (s * loss.residual(y, eta))
        curved = np.sqrt(s * loss.curvature(y, eta))
        system = full * curved[:, None]
        square = system.T @ system
        if not (np.isfinite(square).all() and np.isfinite(force).all()):
            break
        step = np.linalg.lstsq(square, force, rcond=None)[0]
        gain = float(force @ step)
        if not np.isfinite(gain) or gain <= ENOUGH**2 * max(value, 1e-300):
            break
        share = 1.0
        for _ in range(HALVINGS):
            there = eta + share * (full @ step)
            with np.errstate(over="ignore", invalid="ignore"):
                new = float(s @ loss.value(y, there))
            if new <= value - 1e-4 * share * gain or (gain <= ENOUGH * value and new <= value * (1 + ENOUGH)):
                break
            share *= 0.5
        else:
            break
        eta, value = there, new
        coef = coef + share * step[int(intercept) :]
        level += share * float(step[0]) if intercept else 0.0
    return Step(coef, level, eta)
