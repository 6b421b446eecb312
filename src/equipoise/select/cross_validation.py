"""Cross-validation along a path: the held-out loss of every fold at every strength."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.objective.problem import Problem, forms_gram
from equipoise.select.folds import held_out
from equipoise.select.scoring import from_moments, from_rows
from equipoise.setup.setup import Setup
from equipoise.solve.path import solve_path
from equipoise.solve.threads import in_threads
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MEMORY = 1 << 30  # bytes that the moments of all folds may take together
ROOMY = 2  # held-out rows, per feature, from which on their moments are the faster way to their loss
STAGES = 20  # of a path, at whose ends all folds are compared
RISES = 10  # strengths in a row


@dataclass(frozen=True)
class Fold:
    """One fold: what is fitted to its training rows, and the loss of models on the rows it holds out.

    Attributes
    ----------
    setup : Setup
        What is fitted.
    problem : Problem
        It, on the training rows.
    share : float
        Σ s_train ÷ Σ s: the objective is a sum over rows, so strengths are multiplied by this.
    test : (rows,) bool array
        The rows held out.
    weight : float
        Their Σ s.
    part : Moments or None
        Of these, where their loss is to follow from them.
    """

    setup: Setup
    problem: Problem
    share: float
    test: Flags
    weight: float
    part: Moments | None

    def loss(self, coef: Array, intercept: Array, columns: NDArray[np.intp] | None = None) -> Array:
        """Weighted mean squared error of models in original units, (m,).

        Parameters
        ----------
        coef, intercept : (m, p) and (m,) arrays
            The models; with ``columns`` (m, k), of these features, all others being zero.
        columns : (k,) index array, optional
            See there.
        """
        if self.part is None:
            return from_rows(self.setup, self.test, coef, intercept, columns) / self.weight
        if columns is not None:
            some, coef = coef, np.zeros((len(coef), self.setup.matrix.shape[1]))
            coef[:, columns] = some
        loss, doubtful = from_moments(self.part, coef, intercept)
        if len(doubtful):
            loss[doubtful] = from_rows(self.setup, self.test, coef[doubtful], intercept[doubtful], None)
        return loss / self.weight


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
    repetition : (folds,) index array
        Which repetition each fold belongs to, where the folds partition the rows once or several times; 0
        throughout where they do not.
    fitted : callable, optional
        What is fitted in a fold, given its number, where that follows from the fold's training rows.
    """

    setup: Setup
    masks: list[tuple[Flags, Flags]]
    weight: Array
    fitted_weight: Array
    parts: list[Moments] | None
    training: list[Moments] | None
    repetition: NDArray[np.intp]
    fitted: Callable[[int], Setup] | None = None

    @classmethod
    def asked(cls, setup: Setup, repeats: int = 1) -> Folds:
        """The folds that were asked for, 10 by default; gathered data have their own."""
        folds = setup.folds
        if setup.gathered is not None:
            if folds is not None or repeats != 1 or setup.groups is not None:
                raise TypeError(
                    "folds were settled when the data were gathered: leave out folds, repeats and groups"
                )
            folds = setup.gathered.equivalent.fold
        masks = held_out(
            10 if folds is None else folds,
            len(setup.response),
            groups=setup.groups,
            response=setup.response,
            repeats=repeats,
            kept=setup.kept,
        )
        return cls.of(setup, masks)

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
        # Means in place of missing values are those of the training rows: no two folds share their moments.
        shared = affordable and forms_gram(setup.matrix.shape) and setup.gappy is None
        repetitions = _repetitions(masks)
        repetition = np.zeros(len(masks), dtype=np.intp)
        for number, its_folds in enumerate(repetitions):
            repetition[its_folds] = number
        if not (shared and repetitions):
            return cls(setup, masks, weight, fitted, None, None, repetition)
        own = [setup.moments_on(test) for _, test in masks]
        training: list[Moments] = []
        for its_folds in repetitions:
            others, total = _sums_of_others(own[its_folds])
            training += others
        # Where few rows are held out, they themselves are the faster way to their loss.
        parts = own if min(part.rows for part in own) >= ROOMY * p else None
        return cls(
            replace(setup, moments=setup.moments or total), masks, weight, fitted, parts, training, repetition
        )

    def open(self, k: int) -> Fold:
        """Fold k, ready to be solved and scored."""
        train, test = self.masks[k]
        setup = (self.setup if self.fitted is None else self.fitted(k)).filled_by(train)
        total = len(setup.response) if setup.weights is None else float(setup.weights.sum())
        return Fold(
            setup,
            setup.problem_on(train, None if self.training is None else self.training[k]),
            float(self.fitted_weight[k] / total),
            test,
            float(self.weight[k]),
            None if self.parts is None else self.parts[k],
        )

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
            if stop < m and _risen(loss, self.weight, 1 + int(self.repetition.max())):
                if progress is not None:
                    progress(count)
                break
        return loss

    def _solve(self, k: int, strengths: Array, step: int) -> Generator[Array, None, None]:
        """The loss of one fold at one batch of strengths after the other, none across a multiple of step."""
        fold = self.open(k)
        done = 0
        for points in solve_path(fold.problem, strengths * fold.share, step):
            coef, intercept = fold.problem.original(points.coef, points.columns)
            loss = fold.loss(coef, intercept, points.columns)
            while len(loss):
                room = step - done % step
                yield loss[:room]
                done += len(loss[:room])
                loss = loss[room:]


def _risen(loss: Array, weight: Array, repetitions: int) -> bool:
    """Whether the loss of every fold has risen at each of the last strengths, and its mean past its error.

    The mean has to exceed the smallest one by twice the standard error of their difference, which does not
    shrink when the same rows are held out again.
    """
    if len(loss) <= RISES or not np.all(np.diff(loss[-RISES - 1 :], axis=0) > 0):
        return False
    share = weight / weight.sum()
    excess = loss[-1] - loss[np.argmin(loss @ share)]
    mean = excess @ share
    return bool(mean > 2.0 * np.sqrt((excess - mean) ** 2 @ share / (len(weight) / repetitions - 1)))


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
