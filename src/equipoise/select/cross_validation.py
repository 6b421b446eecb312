"""Cross-validation along a path: the held-out loss of every fold at every strength."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.design.moments import Moments
from equipoise.objective.problem import EPS, forms_gram
from equipoise.objective.setup import Setup
from equipoise.select.workers import in_threads
from equipoise.solve.path import solve_path

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MEMORY = 1 << 30  # bytes that the moments of all folds may take together
ROOMY = 2  # held-out rows, per feature, from which on their moments are the faster way to their loss
STAGES = 20  # of a path, at whose ends all folds are compared
RISES = 10  # strengths in a row
ACCURACY = 1e-10  # of a loss from moments; below it the residuals are formed


@dataclass(frozen=True)
class Folds:
    """The folds of a cross-validation, and the moments that serve all of them.

    Attributes
    ----------
    setup : Setup
        What is fitted; it knows the moments of all rows where the folds do.
    masks : list of (rows,) bool array pairs
        Training and held-out rows.
    weight, fitted_weight : (folds,) arrays
        Σ s of the held-out and of the training rows.
    parts : list of Moments, or None
        Of the held-out rows of each fold, where their loss is to follow from these.
    training : list of Moments, or None
        The sums of those of all other folds, so that one pass over the data serves every fold; where the
        folds partition the rows (once or several times) and a Gram matrix is wanted.
    """

    setup: Setup
    masks: list[tuple[Flags, Flags]]
    weight: Array
    fitted_weight: Array
    parts: list[Moments] | None
    training: list[Moments] | None

    @classmethod
    def of(cls, setup: Setup, masks: list[tuple[Flags, Flags]]) -> Folds:
        """Check the folds and gather their moments."""
        weights = np.ones(len(setup.response)) if setup.weights is None else setup.weights
        weight = np.array([weights[test].sum() for _, test in masks])
        fitted = np.array([weights[train].sum() for train, _ in masks])
        empty = np.flatnonzero((weight == 0) | (fitted == 0))
        if len(empty):
            purpose = "score" if weight[empty[0]] == 0 else "fit"
            raise ValueError(
                f"folds: fold {empty[0]} has no row of positive weight to {purpose} on; pass fewer folds"
            )
        p = setup.matrix.shape[1]
        affordable = 2 * len(masks) * p * p * 8 <= MEMORY
        repetitions = _repetitions(masks) if affordable and forms_gram(setup.matrix.shape) else []
        if not repetitions:
            return cls(setup, masks, weight, fitted, None, None)
        own = [setup.moments_on(test) for _, test in masks]
        training: list[Moments] = []
        for repetition in repetitions:
            others, total = _sums_of_others(own[repetition])
            training += others
        # Where few rows are held out, they themselves are the faster way to their loss.
        parts = own if min(part.rows for part in own) >= ROOMY * p else None
        return cls(replace(setup, moments=total), masks, weight, fitted, parts, training)

    def losses(
        self, strengths: Array, progress: Callable[[int], None] | None = None, *, early_stop: bool = False
    ) -> Array:
        """Weighted mean squared error of held-out rows, (m, folds).

        The objective is a sum over rows, so a fold is solved at ``t·Σs_train/Σs``: the same penalty per row.
        Standardisation is by the training rows alone. ``progress`` is told how many folds are done.

        Parameters
        ----------
        strengths : (m,) array
            Descending.
        progress : callable, optional
            Called with the number of folds done.
        early_stop : bool
            Whether to leave out the strengths after the loss of every fold has risen past doubt; the result
            then has rows for the leading strengths only.
        """
        count, m = len(self.masks), len(strengths)
        step = -(-m // STAGES) if early_stop else m
        solvers = [self._solve(k, strengths, step) for k in range(count)]
        loss = np.empty((0, count))
        for start in range(0, m, step):
            stop = min(start + step, m)
            stage = np.empty((stop - start, count))

            def advance(
                k: int, going: Callable[[], bool], wanted: int = stop - start, last: bool = stop == m
            ) -> list[Array]:
                found: list[Array] = []
                while going() and sum(map(len, found)) < wanted:
                    found.append(next(solvers[k]))
                if last or not going():
                    solvers[k].close()  # its problem is no longer needed
                return found

            for done, (k, found) in enumerate(in_threads(advance, count), 1):
                stage[:, k] = np.concatenate(found)
                if progress is not None and stop == m:
                    progress(done)
            loss = np.concatenate([loss, stage])
            if stop < m and _risen(loss, self.weight):
                if progress is not None:
                    progress(count)
                break
        return loss

    def _solve(self, k: int, strengths: Array, step: int) -> Generator[Array, None, None]:
        """The loss of one fold at one batch of strengths after the other, none across a multiple of step."""
        setup, (train, test) = self.setup, self.masks[k]
        total = len(setup.response) if setup.weights is None else float(setup.weights.sum())
        problem = setup.problem_on(train, None if self.training is None else self.training[k])
        part = None if self.parts is None else self.parts[k]
        done = 0
        for points in solve_path(problem, strengths * (self.fitted_weight[k] / total), step):
            coef, intercept = problem.original(points.coef, points.columns)
            if part is None:
                loss = _from_rows(setup, test, coef, intercept, points.columns)
            else:
                loss, doubtful = _from_moments(part, coef, intercept)
                if len(doubtful):
                    loss[doubtful] = _from_rows(setup, test, coef[doubtful], intercept[doubtful], None)
            loss /= self.weight[k]
            while len(loss):
                room = step - done % step
                yield loss[:room]
                done += len(loss[:room])
                loss = loss[room:]


def _risen(loss: Array, weight: Array) -> bool:
    """Whether the loss of every fold has risen at each of the last strengths, and its mean past its error.

    The mean has to exceed the smallest one by twice the standard error of their difference.
    """
    if len(loss) <= RISES or not np.all(np.diff(loss[-RISES - 1 :], axis=0) > 0):
        return False
    share = weight / weight.sum()
    excess = loss[-1] - loss[np.argmin(loss @ share)]
    mean = excess @ share
    return bool(mean > 2.0 * np.sqrt((excess - mean) ** 2 @ share / (len(weight) - 1)))


def _from_moments(part: Moments, coef: Array, intercept: Array) -> tuple[Array, NDArray[np.intp]]:
    """Σ s_i (residual_i)² of rows from their moments, and where cancellation makes it doubtful."""
    fitted = coef @ part.xx
    loss = part.yy - 2.0 * (coef @ part.xy) + np.einsum("ij,ij->i", fitted, coef)
    shift = part.mean_y - intercept - coef @ part.mean_x
    loss += part.weight * shift**2
    size = np.sqrt(part.yy) + np.abs(coef) @ np.sqrt(np.maximum(np.diagonal(part.xx), 0.0))
    # Rounding of a mean enters through its square root's worth of weight.
    away = np.abs(part.mean_y) + np.abs(intercept) + np.abs(coef) @ np.abs(part.mean_x)
    error = 16.0 * EPS * (size**2 + part.weight * np.abs(shift) * away)
    return loss, np.flatnonzero(~(error <= ACCURACY * loss))


def _from_rows(
    setup: Setup, test: Flags, coef: Array, intercept: Array, columns: NDArray[np.intp] | None
) -> Array:
    """Σ s_i (residual_i)² of the rows held out."""
    rows = np.flatnonzero(test)
    target = setup.response[rows] if setup.offset is None else setup.response[rows] - setup.offset[rows]
    used = coef.any(axis=0)
    which = np.flatnonzero(used) if columns is None else columns[used]
    misfit = target - intercept[:, None] - coef[:, used] @ setup.matrix[rows[:, None], which].T
    weights = np.ones(len(rows)) if setup.weights is None else setup.weights[rows]
    return np.asarray(misfit**2 @ weights)


def _repetitions(masks: list[tuple[Flags, Flags]]) -> list[slice]:
    """The folds as partitions of all rows, one after the other; an empty list if they are no such thing."""
    found: list[slice] = []
    first, seen = 0, np.zeros(len(masks[0][0]), dtype=bool)
    for k, (train, test) in enumerate(masks):
        if np.any(seen & test) or not np.array_equal(train, ~test):
            return []
        seen = seen | test
        if seen.all():
            found.append(slice(first, k + 1))
            first, seen = k + 1, np.zeros_like(seen)
    return found if first == len(masks) else []


def _sums_of_others(parts: list[Moments]) -> tuple[list[Moments], Moments]:
    """For each of the parts the sum of all others, and the sum of all; never a difference."""
    after = parts[-1:]
    for part in parts[-2:0:-1]:
        after.append(part + after[-1])
    others, before = [after.pop()], parts[0]
    for part in parts[1:-1]:
        # Only one of the two sides is kept, for each of these is p² numbers.
        others.append(before + after.pop())
        before = before + part
    return [*others, before], before + parts[-1]
