"""A run of coordinate descent as the sections draw it: of every step what it needs and what it makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.api.trace import trace

Array = NDArray[np.float64]


def running(X: Sequence[Sequence[float]], y: Sequence[float], l1: float, *, tol: float) -> dict[str, Any]:
    """The steps of ``trace`` at a limit, and where everything stands before the first one.

    Examples
    --------
    >>> run = running([[1.0], [1.0], [0.0]], [3.0, 2.0, 1.0], 1.0, tol=1e-6)
    >>> [(step["pull"], step["after"]) for step in run["steps"]]
    [(5.0, 2.0)]
    """
    data, response = np.array(X, float), np.array(y, float)
    found = trace(data, response, l1=l1, tol=tol)
    pulls = data.T @ response
    return {
        "limit": l1,
        "coef": tidy(found.coef),
        # At w = 0 the penalty cancels as much of each pull as it can.
        "gradient": tidy(-np.sign(pulls) * np.maximum(np.abs(pulls) - l1, 0.0) + 0.0),
        "objective": float(response @ response) / 2,
        "steps": [
            {
                "sweep": step.sweep,
                "j": k % len(found.features),
                "without": tidy(step.residual_before + data[:, k % len(found.features)] * step.before),
                "pull": tidy(step.partial_pull),
                "killed": bool(step.killed),
                "before": tidy(step.before),
                "after": tidy(step.after),
                "residual": tidy(step.residual),
                "gradient": tidy(step.gradient),
                "objective": tidy(step.objective),
            }
            for k, step in enumerate(found.steps)
        ],
    }


def tidy(values: Any) -> Any:
    """Numbers to twelve digits, as JSON has them; a page is shorter for it and shows seven."""
    if np.ndim(values):
        return [tidy(value) for value in np.asarray(values).tolist()]
    return float(f"{float(values):.12g}")
