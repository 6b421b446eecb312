"""Section 2: descent ends where the total gradient is zero, whatever the loss is there."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.api.audit import audit
from equipoise.api.fit import fit
from equipoise.api.trace import trace
from equipoise.course.section import Section

X = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
UNREACHABLE = np.array([2.0, 3.0, 2.0])  # no two weights give these
REACHABLE = np.array([3.0, 2.0, 1.0])  # w = (2, 1) gives these
STARTS = [(0.0, 0.0), (4.0, 3.0), (0.0, 3.0)]
LIMITS = [0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
DOWNHILL = 40
STEP = 0.25
DESCENT = 32

PYTHON = """\
X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
print(eq.trace(X, y, l1=1))  # |gradient| falls to 0, the objective only to 2.66667
# Its column pull is what section 4 calls the partial pull.
print(eq.audit(X, y, [2, 1], None, l1=1).excess)  # where the loss is 0, the total gradient is (1, 1)"""

SHELL = """\
printf 'x1,x2,y\\n1,1,3\\n1,0,2\\n0,1,1\\n' > three_rows.csv
equipoise trace three_rows.csv --target y --l1 1"""


def numbers() -> dict[str, Any]:
    """Descents without a penalty from some starts; with one, the trace at some limits."""
    lowest = fit(X, UNREACHABLE, l1=0, intercept=False)
    return {
        "X": X.tolist(),
        "starts": STARTS,
        "step": STEP,
        "lowest": lowest.coef.tolist(),
        "downhill": [_downhill(np.array(start)) for start in STARTS],
        "limits": LIMITS,
        "runs": [_run(limit) for limit in LIMITS],
    }


def _downhill(w: np.ndarray) -> list[dict[str, Any]]:
    """Step after step against the gradient, which is minus the pull of the residual."""
    out = []
    for _ in range(DOWNHILL + 1):
        gradient = -audit(X, UNREACHABLE, w, None, l1=0).pull
        out.append({"w": w.tolist(), "loss": _loss(UNREACHABLE, w), "gradient": gradient.tolist()})
        w = w - STEP * gradient
    return out


def _run(limit: float) -> dict[str, Any]:
    """The states of coordinate descent from w = 0 on, and where the balance is."""
    start = audit(X, REACHABLE, np.zeros(2), None, l1=limit)
    states = [_state(np.zeros(2), -np.sign(start.pull) * start.excess, limit)]
    w = np.zeros(2)
    for step in trace(X, REACHABLE, l1=limit, max_sweeps=DESCENT // 2).steps:
        w[0 if step.feature == "x1" else 1] = step.after
        states.append(_state(w, step.gradient, limit))
    rest = fit(X, REACHABLE, l1=limit, intercept=False).coef
    return {"states": states, "rest": _state(rest, np.zeros(2), limit)}


def _state(w: np.ndarray, total: np.ndarray, limit: float) -> dict[str, Any]:
    return {
        "w": w.tolist(),
        "loss": _loss(REACHABLE, w),
        "penalty": limit * float(np.abs(w).sum()),
        "data": (-X.T @ (REACHABLE - X @ w)).tolist(),
        "total": total.tolist(),
    }


def _loss(y: np.ndarray, w: np.ndarray) -> float:
    residual = y - X @ w
    return float(0.5 * residual @ residual)


TOTAL_GRADIENT = Section(
    2,
    "total_gradient",
    "Critical clarification: what optimization is really doing",
    numbers,
    PYTHON,
    SHELL,
)
