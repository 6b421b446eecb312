"""What a report can be about: a fit, a point of a path, the choice of a cross-validation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from equipoise.setup.setup import Setup
from equipoise.solve.grid import default_ratio
from equipoise.solve.path import largest_strength, solve_path

if TYPE_CHECKING:
    from equipoise.results.choice.result import CrossValidation
    from equipoise.results.fit.result import Fit
    from equipoise.results.path.result import Path

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

STRENGTHS = 100  # of a path that is drawn round a single fit


@dataclass(frozen=True, eq=False)
class Subject:
    """What a report is about.

    Attributes
    ----------
    fit : Fit
        The fit that is explained.
    why : str
        How its strength was chosen, as the end of a sentence.
    strengths : (m,) array
        Of the path it stands on.
    ever, values : (k,) index array, (m, k) array
        The features that are ever non-zero, ascending, and their coefficients.
    balanced : int
        At how many of the strengths the solution is certified.
    recipe : str
        Code that does it again.
    cv : CrossValidation or None
        Where the strength was chosen by it.
    grid_of_its_own : bool
        Whether the path was drawn for this page, round a single fit.
    """

    fit: Fit
    why: str
    strengths: Array
    ever: Indices
    values: Array
    balanced: int
    recipe: str
    cv: CrossValidation | None = None
    grid_of_its_own: bool = False


def about_fit(fit: Fit) -> Subject:
    """A fit, and the path that leads past it.

    Parameters
    ----------
    fit : Fit
        One that has its data.
    """
    if fit._setup is None or fit._points is None:
        raise ValueError(
            "this model was loaded from a file, which holds no data: fit it again to report on it"
        )
    setup, strength = fit._setup, float(fit._points.strengths[0])
    grid = _grid_round(setup, strength)
    parts = [
        (points.columns, points.coef, points.measure().balanced) for points in solve_path(setup.problem, grid)
    ]
    coef = np.zeros((len(grid), len(fit.coef)))
    row = 0
    for columns, some, _ in parts:
        coef[row : row + len(some), slice(None) if columns is None else columns] = some
        row += len(some)
    coef /= setup.problem.view.scale
    coef[np.flatnonzero(grid == strength)[0]] = fit.coef
    ever = np.flatnonzero(coef.any(axis=0))
    balanced = int(sum(flags.sum() for _, _, flags in parts))
    recipe = f"fit = {_call('fit', setup, l1=fit.l1, l2=fit.l2)}\nfit.report('report.html')"
    return Subject(
        fit, "as it was asked for", grid, ever, coef[:, ever], balanced, recipe, grid_of_its_own=True
    )


def about_path(path: Path, strength: float | None) -> Subject:
    """A path, and its solution at one strength.

    Parameters
    ----------
    path : Path
        The path.
    strength : float or None
        Which solution is explained; None for the middle of the path.
    """
    why = "as it was asked for"
    if strength is None:
        strength = float(np.sort(path.strengths)[(len(path.strengths) - 1) // 2])
        why = "the middle of the path, for none was chosen"
    fit = path.at(strength)
    strengths, values, ever = path.strengths, path._values, path._ever
    if strength not in strengths:
        strengths = np.append(strengths, strength)
        ever = np.union1d(ever, fit.support)
        values = np.append(path.coef[:, ever], fit.coef[None, ever], axis=0)
    balanced = int(path.certificates.measures.balanced.sum()) + (
        fit.certificate.optimal if len(strengths) > len(path) else 0
    )
    recipe = "\n".join(
        [
            f"path = {_call('path', path._setup, strengths=path.strengths)}",
            f"fit = path.at({strength!r})",
            f"path.report('report.html', strength={strength!r})",
        ]
    )
    order = np.argsort(-strengths, kind="stable")
    return Subject(fit, why, strengths[order], ever, values[order], balanced, recipe)


def about_choice(cv: CrossValidation, choose: str) -> Subject:
    """A cross-validation, and the fit it chooses.

    Parameters
    ----------
    cv : CrossValidation
        The cross-validation.
    choose : {"one-se", "best"}
        Which of its two choices is explained.
    """
    if choose not in ("one-se", "best"):
        raise ValueError(f"choose is {choose!r}: pass 'one-se' or 'best'")
    best = choose == "best"
    fit, path = (cv.best if best else cv.one_se), cv.path
    strength = cv.best_strength if best else cv.one_se_strength
    repeats = 1 if cv.repetition is None else int(cv.repetition.max()) + 1
    number = cv.fold_loss.shape[1] // repeats
    folds = f"{number}-fold cross-validation" + (f" repeated {repeats} times" if repeats > 1 else "")
    gathered = path._setup.gathered is not None
    drawn = {} if gathered else {"folds": number, "repeats": repeats} if repeats > 1 else {"folds": number}
    rule = "the smallest mean loss" if best else "the largest strength within one standard error of the best"
    call = _call("cross_validate", path._setup, **drawn, strengths=path.strengths)
    drawing = "# folds: those that the data were gathered in"
    recipe = "\n".join(
        [
            f"cv = {call}",
            drawing
            if gathered
            else "# folds: a number of them shuffles the rows with the seed 0; a splitter has its own",
            f"fit = cv.{'best' if best else 'one_se'}  # cv.path.at({strength!r})",
            f"cv.report('report.html', choose='{choose}')",
        ]
    )
    order = np.argsort(-path.strengths, kind="stable")
    balanced = int(path.certificates.measures.balanced.sum())
    return Subject(
        fit,
        f"chosen by {folds}: {choose}, {rule}",
        path.strengths[order],
        path._ever,
        path._values[order],
        balanced,
        recipe,
        cv,
    )


def _grid_round(setup: Setup, strength: float) -> Array:
    """Descending strengths that pass through one, and reach from where all is zero to well below it."""
    largest = largest_strength(setup.problem)
    if largest > 0:
        top = max(largest, strength)
        low = min(largest * default_ratio(setup.problem), strength / 10 if strength > 0 else np.inf)
    elif strength > 0 and (np.any(setup.penalty.l2 > 0)):
        top, low = 100 * strength, strength / 100  # no l1: from a strong penalty to a weak one
    else:
        return np.array([strength])
    grid = np.geomspace(top, low, STRENGTHS)
    grid[0] = top
    return np.unique(np.append(grid, strength))[::-1]


def _call(verb: str, setup: Setup, **more: object) -> str:
    """The call of a verb of the API that was given these things."""
    asked: dict[str, object] = {"l1": setup.l1, "l2": setup.l2, **more}
    for name, default in (("l1", 1.0), ("l2", 0.0)):
        if isinstance(asked[name], float) and asked[name] == default and (name, verb) != ("l1", "fit"):
            del asked[name]
    for name, value, usual in (
        ("intercept", setup.intercept, True),
        ("standardize", setup.standardize, False),
        ("missing", "error" if setup.missing is None else setup.missing.policy, "error"),
    ):
        if value != usual:
            asked[name] = value
    gathered = setup.gathered
    text = [f"{name}={_literal(value)}" for name, value in asked.items()]
    text += [
        f"{name}=…"
        for name, given in (
            ("sample_weight", setup.weights is not None and gathered is None),
            ("offset", setup.offset is not None),
        )
        if given
    ]
    for name, bound, free in (("lower", setup.lower, -np.inf), ("upper", setup.upper, np.inf)):
        if not (isinstance(bound, float) and bound == free):
            text.append(f"{name}={_literal(bound)}")
    data = "X, y" if gathered is None else f"eq.gather(…, {gathered.target!r})"
    return f"eq.{verb}({', '.join([data, *text])})"


def _literal(value: object) -> str:
    """A value as code that gives it again, where it fits on a line or two."""
    if not isinstance(value, np.ndarray):
        return repr(value)
    if len(value) > 2 and np.isfinite(value).all() and value.min() > 0:
        ends = float(value[0]), float(value[-1])
        if np.allclose(value, np.geomspace(*ends, len(value)), rtol=1e-12, atol=0):
            return f"np.geomspace({ends[0]!r}, {ends[1]!r}, {len(value)})"
    return repr(value.tolist()).replace("inf", "np.inf") if len(value) <= 20 else f"…  # {len(value)} numbers"
