"""From the command line to a fit at the strength given, or at the one that cross-validation chooses."""

from __future__ import annotations

from typing import NamedTuple

from equipoise.api.cross_validate import cross_validate
from equipoise.api.fit import fit
from equipoise.cli.fold_columns import read_folds
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
    folds = None if strength.l1 is not None else read_folds(strength.folds)
    data = asked.read(table, folds, strength.groups)
    arguments = {
        **asked.arguments(data, 1.0 if strength.l1 is None else strength.l1, strength.l2),
        "standardize": standardize,
        "intercept": intercept,
    }
    if strength.l1 is not None:
        return Solved(data, fit(data.X, data.y, **arguments), None)
    drawn = data.folds is None or isinstance(data.folds, int)
    rule = strength.rule(2 if drawn else data.fold_count)
    with progress_bar("cross-validation", data.fold_count) as progress:
        cv = cross_validate(
            data.X,
            data.y,
            folds=data.folds,
            groups=data.groups,
            early_stop=strength.early_stop,
            progress=progress,
            **arguments,
        )
    if rule == "best" and strength.choose is None:
        note("one split of the rows has no standard error: the best strength is chosen, not one-se")
    return Solved(data, cv.chosen(rule), cv, rule)
