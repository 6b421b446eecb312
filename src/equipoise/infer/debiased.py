"""The desparsified lasso: each coefficient corrected along what no other feature explains of its column.

With a lasso's coefficients w and residual r, and z_j the residual of column x_j after a lasso on all other
columns (the nodewise regression),

    b_j = w_j + z_j'r / z_j'x_j,    b_j − β_j = z_j'ε / z_j'x_j + Σ_{k≠j} (z_j'x_k / z_j'x_j)(β_k − w_k).

The first term is Gaussian with standard deviation σ‖z_j‖/|z_j'x_j|. The second is a bias: a nodewise penalty
of level λ₀ keeps every |z_j'x_k|/‖z_j‖ at or below √n·λ₀ (columns of variance 1), so it vanishes beside the
first where the lasso's error Σ|β_k − w_k| is small, as it is for few enough effects.

Zhang & Zhang (2014), *JRSS B* 76; van de Geer, Bühlmann, Ritov & Dezeure (2014), *Annals of Statistics* 42.
The nodewise penalty is that of a scaled lasso: Sun & Zhang (2012), *Biometrika* 99.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.infer.noise import scaled_lasso, universal_level
from equipoise.objective.penalty import Penalty
from equipoise.objective.squares import Squares
from equipoise.solve.threads import in_threads

Array = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Directions:
    """The parts of some columns that no other column explains; they depend on X alone.

    Attributes
    ----------
    features : (k,) index array
        The columns.
    residual : (k, n) array
        z_j'/(z_j'x_j), in the view's units: its product with the response estimates the coefficient.
    """

    features: Indices
    residual: Array


def directions(
    problem: Squares,
    features: Indices,
    level: float,
    names: Sequence[str],
    progress: Callable[[int], None] | None = None,
) -> Directions:
    """Regress each of some columns on all others by a scaled lasso that penalises standardised columns.

    Parameters
    ----------
    problem : Squares
        The data; its response plays no part.
    features : (k,) index array
        The columns.
    level : float
        λ₀ of the scaled lassos; where it leaves no residual of a column, it is raised for that column, up to
        the universal level.
    names : sequence of p str
        Names of the features, for error messages.
    progress : callable, optional
        Called with the number of columns done.
    """
    standard = problem.view.norm / np.sqrt(len(problem.response))
    highest = universal_level(*problem.view.shape)

    def work(k: int, going: Callable[[], bool]) -> Array:
        if not going():
            return np.zeros(len(problem.response))
        j = int(features[k])
        if problem.view.norm[j] == 0.0:
            raise ValueError(f"feature {names[j]!r} is constant and has no effect to infer: leave it out")
        node = _node(problem, j, standard)
        found, tried = scaled_lasso(node, level), level
        while found is None and tried < highest:
            tried = min(tried * np.sqrt(2.0), highest)
            found = scaled_lasso(node, tried)
        z = None if found is None else found.residual
        along = 0.0 if z is None else float(z @ node.response)
        if z is None or along <= 0.0:
            raise ValueError(
                f"feature {names[j]!r} is a linear combination of other features, so that its own effect is "
                "not defined: drop one of them, or name other features"
            )
        return z / along

    out = np.empty((len(features), len(problem.response)))
    for done, (k, row) in enumerate(in_threads(work, len(features)), 1):
        out[k] = row
        if progress is not None:
            progress(done)
    return Directions(features, out)


def debiased(problem: Squares, coef: Array, along: Directions) -> tuple[Array, Array]:
    """Corrected coefficients, and their standard deviation for a noise of variance 1, in original units.

    Parameters
    ----------
    problem : Squares
        The data.
    coef : (p,) array
        A lasso's coefficients, in the view's units.
    along : Directions
        The directions of the features that are wanted.
    """
    residual = problem.residual(coef)
    scale = problem.view.scale[along.features]
    estimate = (coef[along.features] + along.residual @ residual) / scale
    return estimate, np.linalg.norm(along.residual, axis=1) / scale


def normal_limits(estimate: Array, standard_error: Array, level: float) -> tuple[Array, Array, Array]:
    """Lower and upper limits and two-sided p-values of Gaussian estimates."""
    from scipy.special import ndtr, ndtri

    width = -float(ndtri(0.5 * (1.0 - level))) * standard_error
    p_value = 2.0 * ndtr(-np.abs(estimate) / standard_error)
    return estimate - width, estimate + width, np.asarray(p_value)


def _node(problem: Squares, j: int, standard: Array) -> Squares:
    """The regression of column j on all others that are not excluded, on the same view."""
    column = np.ascontiguousarray(problem.view.columns(np.array([j]))[:, 0])
    closed = (problem.view.norm == 0) | np.isinf(problem.penalty.l1)
    closed[j] = True
    box = np.where(closed, 0.0, np.inf)
    penalty = Penalty(standard, np.zeros(len(standard)), -box, box)
    return problem.under(penalty).about(column, problem.gram[j] if problem.whole else None)
