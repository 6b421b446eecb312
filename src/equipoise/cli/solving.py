"""From the command line to a fit at the strength given, or at the one that cross-validation chooses."""

from __future__ import annotations

from typing import NamedTuple

from equipoise.api.cross_validate import cross_validate, needs_rows
from equipoise.api.fit import fit
from equipoise.cli.fold_columns import read_folds
from equipoise.cli.gathering import is_gathered
from equipoise.cli.groups import Asked, Strength, Table
from equipoise.cli.printing import note
from equipoise.cli.progress import progress_bar
from equipoise.cli.reading import Data
from equipoise.results.choice.result import CrossValidation
from equipoise.results.fit.result import Fit


class Solved(NamedTuple):
    """The data, the fit, and the cross-validation that chose its strength by a rule; None with --l1."""

    data: Data
    fit: Fit
    cv: CrossValidation | None
    rule: str = ""


def solve(table: Table, strength: Strength, asked: Asked, *, standardize: bool, intercept: bool) -> Solved:
    """Read the data, choose a strength where none is given, and fit."""
    asked.bounds()  # a mistake in them is told before anything is read
    _refuse_scoring(strength.scoring, asked.loss, is_gathered(table.file, asked.memory, asked.checkpoint))
    folds = None if strength.l1 is not None else read_folds(strength.folds)
    data = asked.read(table, folds, strength.groups)
    arguments = {
        **asked.arguments(data, 1.0 if strength.l1 is None else strength.l1, strength.l2),
        "standardize": standardize,
        "intercept": intercept,
    }
    if strength.l1 is not None:
        return Solved(data, fit(data.X, data.y, **arguments), None)
    if strength.scoring is not None:
        arguments["scoring"] = strength.scoring
    drawn = data.folds is None or isinstance(data.folds, int)
    rule = strength.rule(2 if drawn else data.fold_count)
    with progress_bar("cross-validation", data.fold_count) as progress:
        cv = cross_validate(
            data.X,
            data.y,
            folds=data.folds,
            groups=data.groups,
            ratio=strength.ratio,
            early_stop=strength.early_stop,
            progress=progress,
            **arguments,
        )
    if rule == "best" and strength.choose is None:
        note("one split of the rows has no standard error: the best strength is chosen, not one-se")
    return Solved(data, cv.chosen(rule), cv, rule)


def _refuse_scoring(scoring: str | None, loss: str, in_batches: bool) -> None:
    """Refuse a loss that nobody knows, or that the sums of batches do not tell."""
    if scoring is not None and needs_rows(scoring, loss) and in_batches:
        raise ValueError(
            f"--scoring {scoring} needs the rows themselves, and FILE is read in batches, of which only sums "
            "are kept: leave out --memory and --checkpoint and name one file, or leave out --scoring"
        )
