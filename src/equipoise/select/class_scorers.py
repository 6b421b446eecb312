"""Losses of probabilities: of rows that hold an event or none, or the share of events among trials.

A row of weight s whose response is y counts as s·y events and s·(1 − y) others, so that fractions of trials
are scored as the trials would be, one by one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def misclassification(y: Array, probability: Array, s: Array) -> float:
    """The share of the weight whose likelier class is not the one observed; at ½ it is no event."""
    wrong = np.where(probability > 0.5, 1.0 - y, y)
    return float(s @ wrong / s.sum())


def brier(y: Array, probability: Array, s: Array) -> float:
    """The mean square of what probabilities lack to the event, 1, or to its absence, 0."""
    squares = y * (1.0 - probability) ** 2 + (1.0 - y) * probability**2
    return float(s @ squares / s.sum())


def lost_auc(y: Array, eta: Array, s: Array) -> float:
    """1 − AUC: how often another row is ranked above a row with the event, ties counting half.

    Hanley & McNeil (1982), *Radiology* 143.
    """
    events, others = s * y, s * (1.0 - y)
    _, rank = np.unique(eta, return_inverse=True)
    up, down = np.bincount(rank, weights=events), np.bincount(rank, weights=others)
    above = np.cumsum(down[::-1])[::-1] - 0.5 * down
    pairs = events.sum() * others.sum()
    return float(up @ above / pairs) if pairs > 0 else np.nan
