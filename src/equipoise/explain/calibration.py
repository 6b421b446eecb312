"""How well probabilities sort the rows and agree with what happened: the ROC curve and the calibration."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GROUPS = 10
POINTS = 200  # of a ROC curve that are kept
QUANTILE = 1.959963984540054  # of the normal distribution: 95 % lie within


class Calibration(NamedTuple):
    """What probabilities make of rows with events.

    Attributes
    ----------
    area : float
        The area under the ROC curve: the chance that a row with an event has a larger probability than one
        without, ties counted half. NaN where one of the two is missing.
    false_rate, true_rate : (k,) arrays
        The ROC curve: shares of the rows without and with an event above a threshold, both from 0 to 1.
    predicted, observed : (g,) arrays
        Mean probability, and share of events, of rows in groups of about equal weight, by their probability.
    low, high : (g,) arrays
        Wilson's 95 % interval of each share.
    weight : (g,) array
        Rows, or trials, of each group.
    """

    area: float
    false_rate: Array
    true_rate: Array
    predicted: Array
    observed: Array
    low: Array
    high: Array
    weight: Array


def calibrate(probability: Array, y: Array, weights: Array | None) -> Calibration:
    """Compare probabilities with what happened.

    Parameters
    ----------
    probability : (n,) array
        Of the event, for each row.
    y : (n,) array
        1 where it happened, 0 where not, or the fraction of the row's trials in which it did.
    weights : (n,) array or None
        Rows, or trials, that each row stands for.
    """
    s = np.ones(len(y)) if weights is None else weights
    order = np.argsort(-probability, kind="stable")
    order = order[s[order] > 0]
    p, yes, no = probability[order], (s * y)[order], (s * (1.0 - y))[order]
    last = np.append(np.flatnonzero(p[1:] != p[:-1]), len(p) - 1)  # rows of one probability go together
    true, false = (np.append(0.0, np.cumsum(part)[last]) for part in (yes, no))
    both = bool(true[-1] > 0 and false[-1] > 0)
    true, false = true / (true[-1] or 1.0), false / (false[-1] or 1.0)
    area = float(np.sum(np.diff(false) * 0.5 * (true[1:] + true[:-1]))) if both else np.nan
    kept = np.unique(np.linspace(0, len(true) - 1, min(len(true), POINTS)).round().astype(int))
    total = np.add.reduceat(yes + no, np.append(0, last[:-1] + 1))
    middle = (np.cumsum(total) - 0.5 * total) / total.sum()
    group = np.minimum((GROUPS * middle).astype(int), GROUPS - 1)
    group = np.repeat(np.unique(group, return_inverse=True)[1], np.diff(np.append(-1, last)))
    weight = np.asarray(np.bincount(group, yes + no), dtype=np.float64)
    predicted = np.bincount(group, (yes + no) * p) / weight
    observed = np.bincount(group, yes) / weight
    square = QUANTILE**2 / weight
    centre = (observed + 0.5 * square) / (1.0 + square)
    half = np.sqrt(observed * (1.0 - observed) * square + 0.25 * square**2) / (1.0 + square)
    up = slice(None, None, -1)  # the smallest probabilities first
    return Calibration(
        area,
        false[kept],
        true[kept],
        predicted[up],
        observed[up],
        np.maximum(centre - half, 0.0)[up],
        np.minimum(centre + half, 1.0)[up],
        weight[up],
    )
