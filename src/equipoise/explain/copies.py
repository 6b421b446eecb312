"""Which features unpenalised ones determine: copies and linear combinations of them, up to the intercept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular

from equipoise.objective.problem import EPS, Problem

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
Named = dict[int, tuple[int, ...]]

TAKES_PART = 1e-9  # least coefficient, between columns of norm 1, that is none of rounding
TOGETHER = 256  # columns read at a time


def combinations(problem: Problem, features: Indices) -> Named:
    """For each feature that is a linear combination of unpenalised ones and the intercept, which ones.

    Parameters
    ----------
    problem : Problem
        The problem.
    features : index array
        The penalised features to look at; unpenalised ones are all looked at.
    """
    free = np.flatnonzero(problem.penalty.unpenalised & (problem.view.norm > 0))
    if not len(free):
        return {}
    left, right, order = qr(_unit_columns(problem, free), mode="economic", pivoting=True)
    size = np.abs(right.diagonal())
    rank = int(np.count_nonzero(size > size[0] * max(problem.view.shape) * EPS))
    left, square, independent = left[:, :rank], right[:rank, :rank], free[order[:rank]]
    found: Named = {}
    for j, weights in zip(free[order[rank:]], solve_triangular(square, right[:rank, rank:]).T, strict=True):
        found[int(j)] = _parts(independent, weights)
        for k in found[int(j)]:  # what makes j up is in turn made up of j and the others
            found.setdefault(k, (int(j), *(other for other in found[int(j)] if other != k)))
    for start in range(0, len(features), TOGETHER):
        some = features[start : start + TOGETHER]
        columns = _unit_columns(problem, some)
        weights = solve_triangular(square, left.T @ columns)
        apart = np.linalg.norm(columns - left @ (left.T @ columns), axis=0)
        room = 16.0 * EPS * np.sqrt(len(columns)) * _lost(problem, some) * (1.0 + np.abs(weights).sum(axis=0))
        for i in np.flatnonzero(apart <= room):
            found[int(some[i])] = _parts(independent, weights[:, i])
    return found


def _parts(features: Indices, weights: Array) -> tuple[int, ...]:
    """The features that take part in a combination."""
    return tuple(features[np.abs(weights) > TAKES_PART].tolist())


def _unit_columns(problem: Problem, features: Indices) -> Array:
    return np.asarray(problem.view.columns(features) / problem.view.norm[features])


def _lost(problem: Problem, features: Indices) -> Array:
    """By what factor centring raises the rounding of columns, (k,)."""
    view = problem.view
    spread = view.norm[features] * view.scale[features]
    return np.asarray(1.0 + view.intercept * np.sqrt(view.weight) * np.abs(view.mean[features]) / spread)
