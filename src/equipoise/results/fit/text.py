"""A fit as text: the features that it keeps, and its certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from equipoise.data.arguments.messages import count
from equipoise.results.plain import largest_first
from equipoise.show.phrases import data_lines, penalty_text
from equipoise.show.tables import LINES, align, names_text, number, paragraphs, table_of, wrap

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit
    from equipoise.results.fit.score import Score


NAMED = 10  # zeros that are named


def fit_summary(fit: Fit) -> list[str]:
    """The features kept with their coefficients, the largest first, and the certificate."""
    order = largest_first(fit.coef, fit.limits)
    penalty = penalty_text(fit.l1, fit.l2)
    lines = [
        f"{len(order)} of {len(fit.features)} features kept at {penalty}; intercept {number(fit.intercept)}"
    ]
    if order:
        lines += ["", _table(fit, order, LINES)]
    explained = goodness(fit)
    if explained:
        lines += ["", wrap(explained, 100)]
    told = two_values(fit)
    if told:
        lines += ["", f"y {told}"]
    lines += data_lines(fit.missing, fit.encoding, fit.features)
    return paragraphs(lines, _zeros(fit), str(fit.certificate))


def _zeros(fit: Fit) -> str:
    """Which coefficients are zero, and where to ask why: X is not read, and a file holds it, too."""
    zeros, p = np.flatnonzero(fit.coef == 0), len(fit.features)
    if not len(zeros):
        return ""
    names = names_text([fit.features[j] for j in zeros], NAMED)
    are = "is" if len(zeros) == 1 else "are"
    return wrap(f"{len(zeros)} of {count(p, 'feature')} {are} zero, and explain says why: {names}", 100)


def goodness(fit: Fit) -> str:
    """How much the fit explains of its own rows, and the null model's error; empty where it is unknown."""
    own, null = fit.root_mean_squared_error, fit.null_root_mean_squared_error
    if np.isnan(own):
        return ""
    if fit.with_intercept:
        model = "offset plus a constant" if fit.offset else "mean of y"
    else:
        model = f"{'offset' if fit.offset else '0'}, no intercept"
    if fit.r_squared is None:
        return f"There is no R²: the null model ({model}) leaves nothing to explain"
    return (
        f"R² {number(fit.r_squared, 4)} on its own rows; root mean squared error {number(own)}, of the null "
        f"model ({model}) {number(null)}"
    )


def two_values(fit: Fit) -> str:
    """Say of a response with two values what squared loss makes of it; empty for any other."""
    if fit.setup is None or fit.setup.gathered is not None or fit.setup.rows < 3:
        return ""
    y = fit.setup.response
    low, high = y.min(), y.max()
    if low == high or not np.all((y == low) | (y == high)):
        return ""
    return (
        f"has two values, {number(low)} and {number(high)}: under squared loss this is a linear probability "
        "model, whose predictions may lie beyond them"
    )


def survivors(fit: Fit) -> str:
    """The penalty, the intercept, and a table of all features kept, the largest coefficients first."""
    kept = largest_first(fit.coef, fit.limits)
    head = (
        f"{len(kept)} of {count(len(fit.features), 'feature')} kept at {penalty_text(fit.l1, fit.l2)}; "
        f"intercept {number(fit.intercept)}"
    )
    if fit.standardize:
        head += (
            "\n(standardised: a feature's limit is l1 times its standard deviation; coefficients are in "
            "original units)"
        )
    return f"{head}\n\n{_table(fit, kept, len(kept))}" if kept else head


def score_table(score: Score) -> list[str]:
    """The measures of a model beside those of the null model, and what the latter predicts."""
    measures = {
        "R²": (score.r2, score.null_r2),
        "root mean squared error": (score.root_mean_squared_error, score.null_root_mean_squared_error),
        "mean absolute error": (score.mean_absolute_error, score.null_mean_absolute_error),
    }
    rows = [[name, *("–" if x is None else number(x) for x in pair)] for name, pair in measures.items()]
    base = "its offset plus " if score.with_offset else ""
    lines = [
        count(score.rows, "row"),
        "",
        align(rows, ["", "model", "null"], right=[1, 2]),
        "",
        f"The null model predicts {base}{number(score.null_prediction)} for every row.",
    ]
    if score.r2 is None:
        lines.append("There is no R²: y is the same in all rows, which leaves nothing to explain.")
    return lines


def _table(fit: Fit, order: list[int], most: int) -> str:
    header = ["feature", "coef"]
    return table_of(order, lambda j: [fit.features[j], number(fit.coef[j])], header, right=[1], most=most)
