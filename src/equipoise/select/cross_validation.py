"""Cross-validation along a path: the held-out loss of every fold at every strength."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.flags import as_flag
from equipoise.data.arguments.folds import Rows
from equipoise.objective.measures import FLOOR
from equipoise.objective.problem import Problem
from equipoise.objective.squares import forms_gram
from equipoise.select.folds import held_out, refuse_one_class
from equipoise.select.scorers import SQUARED, Scoring
from equipoise.select.scoring import by_scoring, from_moments, from_rows, null_level
from equipoise.setup.setup import Setup
from equipoise.solve.path import solve_path
from equipoise.solve.threads import in_threads
from equipoise.sums.moments import Moments

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MEMORY = 1 << 30  # bytes that the moments of all folds may take together
ROOMY = 2  # held-out rows per feature from which on their loss is faster from their moments
STAGES = 20  # parts of a path after each of which early stopping compares all folds
RISES = 10  # strengths in a row at which the loss has to rise for early stopping


@dataclass(frozen=True)
class Fold:
    """One fold: the problem on its training rows, and the loss of models on the rows that it holds out.

    Attributes
    ----------
    setup : Setup
        The data and the penalty; a row that is held out several times weighs as often.
    problem : Problem
        The problem on the training rows.
    share : float
        Σ s_train ÷ Σ s: the objective is a sum over rows, so strengths are multiplied by this.
    test : (rows,) bool array
        The rows held out.
    weight : float
        Σ s of the rows held out.
    part : Moments or None
        Moments of the rows held out, where the loss is computed from them.
    scoring : Scoring
        The loss.
    """

    setup: Setup
    problem: Problem
    share: float
    test: Flags
    weight: float
    part: Moments | None
    scoring: Scoring

    def loss(self, coef: Array, intercept: Array, columns: NDArray[np.intp] | None = None) -> Array:
        """Loss of models in original units, (m,): by default their weighted mean deviance.

        Parameters
        ----------
        coef, intercept : (m, p) and (m,) arrays
            The models; with ``columns``, coefficients (m, k) of these features.
        columns : (k,) index array, optional
            The features that the coefficients belong to; all others are zero.
        """
        if not self.scoring.squared:
            return by_scoring(self.setup, self.test, coef, intercept, columns, self.scoring)
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
        The data and the penalty, with the moments of all rows where those of the folds are known.
    masks : list of (rows,) array pairs
        Training and held-out rows of each fold: masks, or how often each row stands where one repeats.
    weight, fitted_weight : (folds,) arrays
        Σ s of the held-out and of the training rows.
    parts : list of Moments, or None
        Moments of the held-out rows of each fold, where the loss is computed from them.
    training : list of Moments, or None
        Moments of the training rows of each fold, summed from those of the other folds so that one pass over
        the data serves all; where the folds partition the rows (once or several times) and a Gram matrix is
        formed.
    repetition : (folds,) index array
        The repetition that each fold belongs to, where the folds partition the rows several times; else 0.
    fitted : callable, optional
        From the number of a fold, the setup that is fitted in it, where its penalty depends on its training
        rows.
    scoring : Scoring
        The loss of held-out rows.
    """

    setup: Setup
    masks: list[tuple[Rows, Rows]]
    weight: Array
    fitted_weight: Array
    parts: list[Moments] | None
    training: list[Moments] | None
    repetition: NDArray[np.intp]
    fitted: Callable[[int], Setup] | None = None
    scoring: Scoring = SQUARED

    @classmethod
    def asked(cls, setup: Setup, repeats: int = 1, scoring: Scoring = SQUARED) -> Folds:
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
            stratify=setup.loss.takes_labels,
        )
        return cls.of(setup, masks, scoring)

    @classmethod
    def of(cls, setup: Setup, masks: list[tuple[Rows, Rows]], scoring: Scoring = SQUARED) -> Folds:
        """Check the folds and gather their moments."""
        weights = np.ones(len(setup.response)) if setup.weights is None else setup.weights
        weight = np.array([_total(weights, test) for _, test in masks])
        fitted = np.array([_total(weights, train) for train, _ in masks])
        empty = np.flatnonzero((weight == 0) | (fitted == 0))
        if len(empty):
            purpose = "score" if weight[empty[0]] == 0 else "fit"
            raise ValueError(
                f"folds: fold {empty[0]} has no row of positive weight to {purpose} on; pass fewer folds"
            )
        refuse_one_class(setup, masks, scoring.name == "auc")
        p = setup.matrix.shape[1]
        affordable = setup.loss.squared and 2 * len(masks) * p * p * 8 <= MEMORY
        # Missing values are filled with means of the training rows: no two folds share their moments.
        shared = affordable and forms_gram(setup.matrix.shape) and setup.gappy is None
        repetitions = _repetitions(masks)
        repetition = np.zeros(len(masks), dtype=np.intp)
        for number, its_folds in enumerate(repetitions):
            repetition[its_folds] = number
        if not (shared and repetitions):
            return cls(setup, masks, weight, fitted, None, None, repetition, scoring=scoring)
        own = [setup.moments_on(test.astype(bool, copy=False)) for _, test in masks]
        training: list[Moments] = []
        for its_folds in repetitions:
            others, total = _sums_of_others(own[its_folds])
            training += others
        # Where few rows are held out, their loss is faster from the rows themselves.
        parts = own if scoring.squared and min(part.rows for part in own) >= ROOMY * p else None
        whole = replace(setup, moments=setup.moments or total)
        return cls(whole, masks, weight, fitted, parts, training, repetition, scoring=scoring)

    def open(self, k: int) -> Fold:
        """Fold k, its problem set up."""
        train, test = self.masks[k]
        setup = (self.setup if self.fitted is None else self.fitted(k)).filled_by(train)
        total = len(setup.response) if setup.weights is None else float(setup.weights.sum())
        fitting, trained = setup.counted(train)
        tested, scored = setup.counted(test)
        return Fold(
            tested,
            fitting.problem_on(trained, None if self.training is None else self.training[k]),
            float(self.fitted_weight[k] / total),
            scored,
            float(self.weight[k]),
            None if self.parts is None else self.parts[k],
            self.scoring,
        )

    def losses(
        self, strengths: Array, progress: Callable[[int], None] | None = None, *, early_stop: bool = False
    ) -> Array:
        """Loss of held-out rows, (m, folds).

        The objective is a sum over rows, so a fold is solved at ``t·Σs_train/Σs``: the same penalty per row.
        Standardisation is by the training rows alone.

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
        if as_flag(early_stop, "early_stop") and count == 1:
            raise ValueError("early_stop compares the losses of folds, and there is one: leave it out")
        step = -(-m // STAGES) if early_stop else m
        solvers = [self._solve(k, strengths, step) for k in range(count)]
        loss = np.empty((0, count))
        for start in range(0, m, step):
            stop = min(start + step, m)
            stage = np.full((stop - start, count), np.nan)

            def advance(
                k: int, going: Callable[[], bool], wanted: int = stop - start, last: bool = stop == m
            ) -> list[Array]:
                found: list[Array] = []
                while going() and sum(map(len, found)) < wanted:
                    batch = next(solvers[k], None)
                    if batch is None:  # its path ends before the others'
                        break
                    found.append(batch)
                if last or not going():
                    solvers[k].close()  # its problem is no longer needed
                return found

            for done, (k, found) in enumerate(in_threads(advance, count), 1):
                losses = np.concatenate([np.empty(0), *found])
                stage[: len(losses), k] = losses
                if progress is not None and stop == m:
                    progress(done)
            known = int(np.argmax([*np.isnan(stage).any(axis=1), True]))  # strengths that every fold reached
            loss = np.concatenate([loss, stage[:known]])
            if known < len(stage):
                break
            if stop < m and _risen(loss, self.weight, 1 + int(self.repetition.max())):
                if progress is not None:
                    progress(count)
                break
        return loss

    def null_losses(self) -> Array | None:
        """Loss of held-out rows by the null model of each fold, (folds,); None of a scoring of another kind.

        It knows no feature: the intercept that fits the training rows best, plus the offset; without an
        intercept the offset alone. Of squared loss that intercept is the mean of y − o.
        """
        if not self.scoring.own:
            return None
        return self._null_squares() if self.scoring.squared else self._null_deviances()

    def _null_deviances(self) -> Array:
        """Mean deviance of the intercept that balances the training rows of each fold, (folds,)."""
        setup, y = self.setup, self.setup.response
        weights = np.ones(len(y)) if setup.weights is None else setup.weights
        offset = np.zeros(len(y)) if setup.offset is None else setup.offset
        found = np.empty(len(self.masks))
        for k, (train, test) in enumerate(self.masks):
            scored = weights * test
            rows = scored > 0
            eta = offset[rows] + null_level(setup, train)
            found[k] = self.scoring.of(y[rows], [eta], scored[rows])[0]
        return found

    def _null_squares(self) -> Array:
        """Mean squared error of the mean of y − o in the training rows of each fold, (folds,)."""
        setup = self.setup
        target = setup.response if setup.offset is None else setup.response - setup.offset
        weights = np.ones(len(target)) if setup.weights is None else setup.weights
        # About a point near the data no digits are lost, however far from zero these lie.
        shift = float(weights @ target / weights.sum()) if setup.intercept else 0.0
        rest, rounding = target - shift, (FLOOR * np.abs(target).max()) ** 2
        found = np.empty(len(self.masks))
        for k, (train, test) in enumerate(self.masks):
            fitted, scored = weights * train, weights * test
            mean = float(fitted @ rest / fitted.sum()) if setup.intercept else 0.0
            found[k] = scored @ (rest - mean) ** 2 / scored.sum()
        return np.where(found > rounding, found, 0.0)

    def _solve(self, k: int, strengths: Array, step: int) -> Generator[Array, None, None]:
        """The loss of one fold in batches of strengths, none of which crosses a multiple of ``step``."""
        fold = self.open(k)
        done = 0
        for points in solve_path(fold.problem, strengths * fold.share, step):
            coef, intercept = points.original()
            loss = fold.loss(coef, intercept, points.columns)
            while len(loss):
                room = step - done % step
                yield loss[:room]
                done += len(loss[:room])
                loss = loss[room:]


def _risen(loss: Array, weight: Array, repetitions: int) -> bool:
    """Whether early stopping may end the path.

    The loss of every fold has risen at each of the last strengths, and the mean loss exceeds its smallest
    value by twice the standard error of the difference, which does not shrink when the same rows are held out
    again.
    """
    if len(loss) <= RISES or not np.all(np.diff(loss[-RISES - 1 :], axis=0) > 0):
        return False
    share = weight / weight.sum()
    excess = loss[-1] - loss[np.argmin(loss @ share)]
    mean = excess @ share
    return bool(mean > 2.0 * np.sqrt((excess - mean) ** 2 @ share / (len(weight) / repetitions - 1)))


def _total(weights: Array, rows: Rows) -> float:
    """Σ s of some rows, each as often as it stands."""
    return float(weights[rows].sum() if rows.dtype == bool else weights @ rows)


def _repetitions(masks: list[tuple[Rows, Rows]]) -> list[slice]:
    """The folds of each partition of all rows, in order; an empty list if they do not partition the rows."""
    if any(rows.dtype != bool for pair in masks for rows in pair):
        return []
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
