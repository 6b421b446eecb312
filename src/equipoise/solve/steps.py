"""The steps of coordinate descent, kept as pulls and coefficients, from which residuals follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.public import public
from equipoise.data.records import ByValue

Array = NDArray[np.float64]

BLOCK = 4_000_000  # most numbers of residuals and gradients held at a time


@public
@dataclass(frozen=True, slots=True, eq=False)
class Step(ByValue):
    """One feature's update: its pull, the limit it had to exceed, and the coefficient that followed.

    With r the residual before the step: `partial_pull` is g_j = x_jᵀ(r + x_j w_j), and the coefficient
    becomes soft(g_j, l1_j) / (x_jᵀx_j + 2·l2_j).

    Parameters
    ----------
    sweep : int
        Which round over the features, counted from 1.
    feature : str
        The feature's name.
    partial_pull : float
        g_j, the pull of the residual with the feature's own share put back.
    limit : float
        l1_j, what the pull has to exceed.
    killed : bool
        Whether |g_j| ≤ l1_j; never without an l1 penalty, for ridge has no gradient kill.
    before, after : float
        The coefficient, before and after.
    residual_before, residual : (n,) array
        The residual y − Xw, before and after; read-only.
    gradient : (p,) array
        The total gradient after the step, read-only. For w_k ≠ 0 it is −x_kᵀr + l1_k·sign(w_k) + 2·l2_k·w_k;
        for w_k = 0 the signed distance of −x_kᵀr to [−l1_k, l1_k], which is 0 inside it: gradient kill.
    objective : float
        ½‖r‖² + Σ l1_k|w_k| + Σ l2_k w_k² after the step.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]]), np.array([3.0, 2.0, 1.0])
    >>> from equipoise.solve.textbook import descend
    >>> step = descend(X, y, np.ones(2), np.zeros(2), features=["x1", "x2"]).steps[0]
    >>> step.feature, step.partial_pull, step.limit, step.killed, step.before, step.after
    ('x1', 5.0, 1.0, False, 0.0, 2.0)
    >>> step.residual
    array([1., 0., 1.])
    """

    sweep: int
    feature: str
    partial_pull: float
    limit: float
    killed: bool
    before: float
    after: float
    residual_before: Array = field(repr=False)
    residual: Array = field(repr=False)
    gradient: Array = field(repr=False)
    objective: float


class Sizes(NamedTuple):
    """Of each step the objective after it, and the largest entry of its residual and gradient, (steps,)."""

    objective: Array
    residual: Array
    gradient: Array


class State(NamedTuple):
    """Where step ``number`` stood and what it led to; ``coef`` holds all p coefficients after it."""

    number: int
    before: float
    residual_before: Array
    residual: Array
    coef: Array


class Steps(Sequence[Step]):
    """Every step of a run, made when it is asked for: as :class:`Step`, in order or by its number.

    Of a step only its pull and its coefficient are stored. Its residual follows from that at the start of the
    sweep by the very operations of the run, and so do gradient and objective.

    Parameters
    ----------
    X : (n, p) array
        The columns of the run.
    l1, l2 : (p,) arrays
        The penalties.
    features : tuple of str
        The p names.
    residuals : (sweeps, n) array
        The residual at the start of each sweep.
    pulls, coefs : (sweeps, p) arrays
        The partial pull and the coefficient of every step.
    """

    def __init__(
        self,
        X: Array,
        l1: Array,
        l2: Array,
        features: tuple[str, ...],
        residuals: Array,
        pulls: Array,
        coefs: Array,
    ) -> None:
        self.X, self.l1, self.l2, self.features = X, l1, l2, features
        self.residuals, self.pulls, self.coefs = map(_read_only, (residuals, pulls, coefs))

    def __len__(self) -> int:
        return self.pulls.size

    def __iter__(self) -> Iterator[Step]:
        return self._from(0)

    def __getitem__(self, k: Any) -> Any:
        chosen = range(len(self))[k]
        if isinstance(chosen, int):
            return next(self._from(chosen))
        if chosen.step == 1:
            return tuple(islice(self._from(chosen.start), len(chosen)))
        return tuple(self[i] for i in chosen)

    @property
    def killed(self) -> NDArray[np.bool_]:
        """Whether the penalty held the pull of each step, (sweeps, p)."""
        return np.asarray((self.l1 > 0) & (np.abs(self.pulls) <= self.l1))

    def sizes(self) -> Sizes:
        """The sizes of all steps, the gradients of many at a time."""
        objective, residual, gradient = np.empty((3, len(self)))
        at_once = max(1, BLOCK // max(sum(self.X.shape), 1))
        for start in range(0, len(self), at_once):
            states = list(islice(self.states(start), at_once))
            part = slice(start, start + len(states))
            r, w = (np.array([getattr(state, name) for state in states]) for name in ("residual", "coef"))
            objective[part] = [_objective(*pair, self.l1, self.l2) for pair in zip(r, w, strict=True)]
            residual[part] = np.abs(r).max(axis=1, initial=0.0)
            gradient[part] = np.abs(gradient_at(self.X, r, w, self.l1, self.l2)).max(axis=1, initial=0.0)
        return Sizes(objective, residual, gradient)

    def _from(self, start: int) -> Iterator[Step]:
        """The steps from one on."""
        for state in self.states(start):
            sweep, j = divmod(state.number, len(self.features))
            pull, limit = float(self.pulls[sweep, j]), float(self.l1[j])
            yield Step(
                sweep=sweep + 1,
                feature=self.features[j],
                partial_pull=pull,
                limit=limit,
                killed=is_killed(pull, limit),
                before=state.before,
                after=float(state.coef[j]),
                residual_before=state.residual_before,
                residual=state.residual,
                gradient=_read_only(gradient_at(self.X, state.residual, state.coef, self.l1, self.l2)),
                objective=_objective(state.residual, state.coef, self.l1, self.l2),
            )

    def states(self, start: int) -> Iterator[State]:
        """The states from step ``start`` on, by the operations of the run from the beginning of its sweep."""
        p = len(self.features)
        for sweep in range(start // max(p, 1), len(self.pulls)):
            r = self.residuals[sweep]
            w = self.coefs[sweep - 1].copy() if sweep else np.zeros(p)
            for j, after in enumerate(self.coefs[sweep].tolist()):
                x, before, residual_before = self.X[:, j], float(w[j]), r
                r, w[j] = _read_only((r + x * before) - x * after), after
                if sweep * p + j >= start:
                    yield State(sweep * p + j, before, residual_before, r, w.copy())


def is_killed(pull: float, l1: float) -> bool:
    """Whether the penalty holds the pull: never without an l1."""
    return l1 > 0 and abs(pull) <= l1


def gradient_at(X: Array, r: Array, w: Array, l1: Array, l2: Array) -> Array:
    """Per feature, the subgradient of the total objective closest to 0, at one point or at many (…, p)."""
    gradient = -(r @ X)
    on = w != 0
    # w_k ≠ 0: the objective has a slope
    slope = np.where(on, l1, 0.0) * np.sign(w) + 2 * l2 * w
    # w_k = 0: the penalty cancels any pull in [−l1_k, l1_k]; the rest is left
    rest = np.sign(gradient) * np.maximum(np.abs(gradient) - l1, 0.0)
    # + 0.0 turns −0.0 into 0
    return np.asarray(np.where(on, gradient + slope, rest) + 0.0)


def _objective(r: Array, w: Array, l1: Array, l2: Array) -> float:
    """Return ½‖r‖² + Σ l1_k|w_k| + Σ l2_k w_k², over the w_k ≠ 0 so that an infinite l1_k costs nothing."""
    on = w != 0
    return float(0.5 * (r @ r) + l1[on] @ np.abs(w[on]) + l2[on] @ w[on] ** 2)


def _read_only(values: Array) -> Array:
    values.flags.writeable = False
    return values
