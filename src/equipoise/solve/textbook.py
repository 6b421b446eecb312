"""Cyclic coordinate descent for lasso, ridge and elastic net as it is taught, every step kept.

For learning and for checking: each step sums over all rows, and records the total gradient of all features.
`equipoise.fit` is the fast and exact way. The gradient is written out here independently of the solvers, so
that this engine can check the others.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.solve.steps import Steps, gradient_at, is_killed

Array = NDArray[np.float64]

# Most bytes that the residuals and gradients of all steps of a trace may come to.
MAX_BYTES = 1_000_000_000

# Where float64 ends: a gradient this small beside ‖x_k‖‖y‖ is the rounding of its own sum.
EPS = float(np.finfo(np.float64).eps)
ROUNDING = 64 * EPS


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """A run of coordinate descent and where it ended.

    Parameters
    ----------
    steps : Steps
        Every step, p to a sweep: a sequence of :class:`Step`.
    coef : (p,) array
        The coefficients at the end, read-only.
    intercept : float
        ȳ − x̄ᵀw with an intercept, else 0.
    converged : bool
        Whether every gradient is at most `tol` in the unit of `violation`, or within the rounding of its
        own sum, 64·eps·‖x_k‖‖y‖.
    violation : float
        Largest over the features of |gradient_k| ÷ l1_k, or ÷ ‖x_k‖‖y‖ where l1_k = 0, at `coef`, from a
        freshly computed residual. With an intercept x_k and y are the centred ones.
    sweeps : int
        How many rounds over the features were made.
    X : (n, p) array
        The columns it ran on; with an intercept the centred ones.
    y : (n,) array
        The response; with an intercept the centred one.
    l1, l2 : (p,) array
        The penalties.

    Examples
    --------
    >>> import numpy as np
    >>> run = descend(np.ones((4, 1)), np.full(4, 2.0), np.ones(1), np.zeros(1), features=["x1"])
    >>> run.coef, run.converged, run.violation, run.sweeps
    (array([1.75]), True, 0.0, 1)
    """

    steps: Steps
    coef: Array
    intercept: float
    converged: bool
    violation: float
    sweeps: int
    X: Array
    y: Array
    l1: Array
    l2: Array


def descend(
    X: Array,
    y: Array,
    l1: Array,
    l2: Array,
    *,
    features: Sequence[str],
    intercept: bool = False,
    tol: float = 1e-9,
    max_sweeps: int = 10_000,
    max_steps: int = 100_000,
) -> Descent:
    """Run cyclic coordinate descent from w = 0 and keep every step.

    It minimises ½‖y − Xw‖² + Σ l1_j|w_j| + Σ l2_j w_j² one coefficient at a time: lasso (l2 = 0), ridge
    (l1 = 0), elastic net, least squares (both 0). With an intercept the same is done on the centred
    columns and the centred y, which leaves the intercept unpenalised: b = ȳ − x̄ᵀw. The residuals of the
    steps are then y − b − Xw.

    It stops after the first full sweep whose violation is at most `tol` or which changes no coefficient,
    or when another sweep would exceed `max_sweeps`, `max_steps` or a gigabyte of kept steps.

    A column of zeros (a constant one, with an intercept) stays at 0, for its coefficient changes no residual.
    It counts as killed only if it has a limit.

    Parameters
    ----------
    X : (n, p) array
        The features, finite.
    y : (n,) array
        The target, finite.
    l1, l2 : (p,) array
        Penalties per feature, not negative. l1_j = ∞ keeps a feature out.
    features : sequence of str
        The p names.
    intercept : bool, default False
        Whether to fit an unpenalised intercept.
    tol : float, default 1e-9
        The violation to reach; see `Descent`.
    max_sweeps : int, default 10_000
        Most rounds over the features.
    max_steps : int, default 100_000
        Most steps to keep.

    Returns
    -------
    Descent
        The steps, the coefficients, and how far the end is from a solution.

    Raises
    ------
    ValueError
        If not even one sweep could be kept.

    References
    ----------
    Friedman, Hastie & Tibshirani (2010), *Journal of Statistical Software* 33, for the update.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([3.0, 2.0, 1.0])
    >>> run = descend(X, y, np.ones(2), np.zeros(2), features=["x1", "x2"])
    >>> [(step.partial_pull, step.after) for step in run.steps[:2]]
    [(5.0, 2.0), (2.0, 0.5)]
    >>> run.coef.round(6)
    array([1.666667, 0.666667])
    """
    n, p = X.shape
    most = _most_sweeps(n, p, max_sweeps, max_steps)
    mean_x, mean_y = (X.mean(axis=0), float(y.mean())) if intercept else (np.zeros(p), 0.0)
    # The steps compute from their own X, whatever becomes of the one that was given.
    X, y = (_centred(X), _centred(y)) if intercept else (np.array(X), y)

    # |x_kᵀr| ≤ ‖x_k‖‖y‖ for as long as r is no longer than y: the unit of a pull that has no limit
    size = np.linalg.norm(X, axis=0) * np.linalg.norm(y)
    unit = np.where(l1 > 0, l1, size)

    w, r = np.zeros(p), y.copy()
    sweep_by_sweep: list[tuple[Array, Array, Array]] = []
    columns = [_Column.of(X[:, j], float(l1[j]), float(l2[j])) for j in range(p)]
    for _ in range(most):
        start, first, pulls = w.copy(), _read_only(r), np.empty(p)
        for j, column in enumerate(columns):
            pulls[j], w[j], r = column.update(r, float(w[j]))
        sweep_by_sweep.append((first, pulls, w.copy()))
        # Every step has added to r and subtracted from it; the verdict must not rest on that rounding.
        gradient = gradient_at(X, y - X @ w, w, l1, l2)
        violations = _violations(gradient, unit)
        violation = float(violations.max(initial=0.0))
        if violation <= tol or np.array_equal(w, start):
            break

    return Descent(
        steps=Steps(X, l1, l2, tuple(features), *map(np.array, zip(*sweep_by_sweep, strict=True))),
        coef=_read_only(w),
        intercept=mean_y - float(mean_x @ w),
        converged=bool(np.all((violations <= tol) | (np.abs(gradient) <= ROUNDING * size))),
        violation=violation,
        sweeps=len(sweep_by_sweep),
        X=X,
        y=y,
        l1=l1,
        l2=l2,
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """A column x with its penalty, |x| and xᵀx + 2·l2."""

    x: Array
    l1: float
    size: Array
    curvature: float

    @classmethod
    def of(cls, x: Array, l1: float, l2: float) -> _Column:
        return cls(x, l1, np.abs(x), float(x @ x) + 2 * l2)

    def update(self, r: Array, w: float) -> tuple[float, float, Array]:
        """One coordinate update by soft thresholding: the pull g, the new w, the new r."""
        r = r + self.x * w
        g = float(self.x @ r)
        if self.l1 > 0 and abs(abs(g) - self.l1) <= self._rounding(r):
            # |g| and l1 differ by less than the rounding of the sum: a tie, and a tie is killed
            g = math.copysign(self.l1, g)
        kept = not is_killed(g, self.l1) and self.curvature != 0
        # + 0.0 turns −0.0 into 0
        w = (g - math.copysign(self.l1, g)) / self.curvature + 0.0 if kept else 0.0
        return g, w, r - self.x * w

    def _rounding(self, r: Array) -> float:
        """√n·eps·|x|ᵀ|r|: what xᵀr loses in float64, with high probability (Higham & Mary 2019)."""
        return math.sqrt(r.size) * EPS * float(self.size @ np.abs(r))


def _violations(gradient: Array, unit: Array) -> Array:
    """Return |gradient_k| ÷ unit_k; 0/0, for a column or a target of zeros, is 0."""
    # a unit that underflows to 0 makes the violation ∞: not solved, and no warning is needed
    with np.errstate(over="ignore", divide="ignore"):
        return np.divide(np.abs(gradient), unit, out=np.zeros_like(gradient), where=gradient != 0)


def _centred(values: Array) -> Array:
    """Return the values less their mean; constant values become exactly 0, not the rounding of their mean."""
    centred: Array = values - values.mean(axis=0)
    return np.where(np.ptp(values, axis=0) == 0, 0.0, centred)


def _most_sweeps(n: int, p: int, max_sweeps: int, max_steps: int) -> int:
    """Return how many sweeps may be kept: a step holds its own residual (n) and gradient (p)."""
    step_bytes = 8 * (n + p)
    if p * step_bytes > MAX_BYTES:
        raise ValueError(
            f"trace keeps every step, and a single sweep over {p} features and {n} rows would take "
            f"{p * step_bytes / 1e9:.3g} GB (at most {MAX_BYTES / 1e9:.3g}): trace is for small data, "
            "eq.fit solves large ones"
        )
    for name, value, least in (("max_sweeps", max_sweeps, 1), ("max_steps", max_steps, p)):
        if value < least:
            raise ValueError(f"{name} is {value}: a full sweep over {p} features needs at least {least}")
    return min(max_sweeps, max_steps // max(p, 1), MAX_BYTES // max(p * step_bytes, 1))


def _read_only(values: Array) -> Array:
    values.flags.writeable = False
    return values
