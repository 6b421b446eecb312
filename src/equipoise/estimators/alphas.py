"""The argument ``alphas`` of paths and cross-validation: how many alphas, or which."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count
from equipoise.estimators.parameters import checked_number, checked_numbers, plain
from equipoise.objective.problem import Problem
from equipoise.solve.grid import default_strengths, refuse_long_grid
from equipoise.solve.path import largest_strength

Array = NDArray[np.float64]

DEFAULT = 100  # alphas of the grid where none are asked for
IDLE = float(np.finfo(np.float64).resolution)  # scikit-learn's alpha where the response pulls on no feature


def read_alphas(alphas: Any, n_alphas: Any = None) -> int | Array:
    """Return how many alphas are asked for, or those asked for themselves, (m,), descending.

    Parameters
    ----------
    alphas : int, (m,) array or None
        As passed; None for the default number.
    n_alphas : int or None
        Older name of a number of alphas.

    Raises
    ------
    ValueError, TypeError
        If one of them cannot be used, or they contradict each other.
    """
    alphas, n_alphas = plain(alphas), plain(n_alphas)
    number = None if n_alphas is None else _read_count("n_alphas", n_alphas)
    if alphas is None:
        return DEFAULT if number is None else number
    if isinstance(alphas, Real):
        asked = _read_count("alphas", alphas)
        if number is None or asked == number:
            return asked
        if asked != DEFAULT:
            raise ValueError(f"n_alphas is {number}, but alphas is {asked}: pass one of them")
        return number
    given = np.sort(checked_numbers("alphas", alphas))[::-1]
    if number is not None and number != len(given):
        raise ValueError(
            f"n_alphas is {number}, but alphas holds {count(len(given), 'number')}: pass one of them"
        )
    return given


def grid_of_alphas(problem: Problem, alphas: int | Array, eps: Any, l1_ratio: float) -> Array:
    """Return the alphas asked for, or scikit-learn's grid of so many, (m,), descending.

    Parameters
    ----------
    problem : Problem
        What is to be solved; its strengths are alphas.
    alphas : int or (m,) array
        As :func:`read_alphas` returns them.
    eps : float
        The smallest alpha of a grid ÷ the largest.
    l1_ratio : float
        Share of the penalty that is L1, for what is said where it is 0.
    """
    if isinstance(alphas, np.ndarray):
        return alphas
    refuse_long_grid("alphas", alphas, problem.view.shape[1])
    ratio = checked_number("eps", eps, most=1.0)
    if ratio == 0:
        raise ValueError("eps is 0: pass a number above 0 and at most 1")
    if l1_ratio == 0:
        raise ValueError(
            "l1_ratio is 0, so no alpha makes all coefficients 0 to start a grid from: pass alphas"
        )
    if not np.any(problem.penalty.l1 > 0):
        raise ValueError(
            "no feature has an L1 penalty, so there is no alpha to start a grid from: pass alphas"
        )
    if largest_strength(problem) == 0:
        return np.full(alphas, IDLE)
    return default_strengths(problem, alphas, ratio)


def _read_count(name: str, value: Any) -> int:
    """How many alphas are asked for."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} is {value}: pass how many, at least 1, or the alphas as a list")
    return int(value)
