"""A fit as text: the features that it keeps, and its certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count
from equipoise.results.balance.ratio import response_text
from equipoise.results.plain import largest_first
from equipoise.select.scorers import OF_CLASSES
from equipoise.show.phrases import data_lines, penalty_text
from equipoise.show.tables import LINES, align, names_text, number, paragraphs, table_of, wrap

if TYPE_CHECKING:
    from equipoise.objective.losses.base import Words
    from equipoise.results.fit.deviance_score import DevianceScore
    from equipoise.results.fit.result import Fit
    from equipoise.results.fit.score import Score

Array = NDArray[np.float64]

NAMED = 10  # zeros that are named
MEANINGS = [
    f"misclassification: {OF_CLASSES['misclassification']}",
    f"Brier score: {OF_CLASSES['brier']}",
    "area under the ROC curve: how often a row with the event has a larger probability than one without",
]
"""What is measured of probabilities."""


def fit_summary(fit: Fit) -> list[str]:
    """The features kept with their coefficients, the largest first, and the certificate."""
    order = largest_first(fit.coef, fit.limits)
    penalty = penalty_text(fit.l1, fit.l2)
    lines = [
        f"{len(order)} of {len(fit.features)} features kept at {penalty}; intercept {number(fit.intercept)}"
    ]
    lines += [wrap(line, 100) for line in scale_lines(fit)]
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
    words = fit.kind.words
    if fit.with_intercept:
        model = f"{_known(fit)} plus a constant" if _known(fit) else words.null
    else:
        model = f"{_known(fit) or '0'}, no intercept"
    if not fit.kind.squared:
        return _deviances(fit, model)
    own, null = fit.root_mean_squared_error, fit.null_root_mean_squared_error
    if np.isnan(own):
        return ""
    if fit.r_squared is None:
        return f"There is no R²: the null model ({model}) leaves nothing to explain"
    return (
        f"R² {number(fit.r_squared, 4)} on its own rows; root mean squared error {number(own)}, of the null "
        f"model ({model}) {number(null)}"
    )


def _known(fit: Fit) -> str:
    """What of each row's linear predictor is known, in words; empty for nothing."""
    exposure = "logarithm of the exposure" if fit.exposure else ""
    return " and ".join(filter(None, ["offset" if fit.offset else "", exposure]))


def _deviances(fit: Fit, model: str) -> str:
    """The deviance that a fit explains, beside the null model's, and what the responses add up to."""
    found, words = fit.measured_deviances, fit.kind.words
    if found is None:
        return ""
    rows = count(found.rows, "row")
    if found.weight != found.rows:
        told = f"{number(found.weight)} {words.weight}"
        rows = f"{told} in {rows}" if words.weight != "rows" else f"{rows} of weight {number(found.weight)}"
    of = f"{words.total.format(number(found.total))} in {rows}"
    if fit.deviance_explained is None:
        return f"{of}; there is no {words.explained}: the null model ({model}) leaves nothing to explain"
    return (
        f"{words.explained[0].upper()}{words.explained[1:]} {number(fit.deviance_explained, 4)} on its own "
        f"rows; deviance {number(found.own)}, of the null model ({model}) {number(found.null)}; {of}"
    )


def scale_lines(fit: Fit) -> list[str]:
    """What coefficients are of, as a sentence; none for squared loss, whose coefficients are of y itself."""
    words = fit.kind.words
    if words.ratio is None:
        return []
    line = (
        f"(coefficients are of the {words.predictor} of {response_of(fit)}; the {words.ratio} is of one unit"
    )
    also = ", then of one standard deviation" if _deviation(fit) is not None else ""
    return [f"{line} of the feature{also})"]


def response_of(fit: Fit) -> str:
    """What odds or a mean are of."""
    target = None if fit.setup is None else fit.setup.target
    return response_text(fit.named.get("y") or target, fit.levels)


def _deviation(fit: Fit) -> Array | None:
    """Standard deviations of the features, (p,), as the limits of a standardised fit tell them."""
    l1 = np.broadcast_to(fit.l1, fit.coef.shape)
    if not fit.standardize or not np.all((l1 > 0) & np.isfinite(l1) | (fit.coef == 0)):
        return None
    kept = fit.coef != 0
    deviation: Array = np.divide(fit.limits, l1, out=np.zeros(len(l1)), where=kept)
    return deviation


def two_values(fit: Fit) -> str:
    """Say of a response with two values what squared loss makes of it; empty for any other."""
    if fit.setup is None or fit.setup.gathered is not None or fit.setup.rows < 3 or not fit.kind.squared:
        return ""
    y = fit.setup.response
    low, high = y.min(), y.max()
    if low == high or not np.all((y == low) | (y == high)):
        return ""
    return (
        f"has two values, {number(low)} and {number(high)}: under squared loss this is a linear probability "
        "model, whose predictions may lie beyond them; loss='binomial' models the probability"
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
    head = "\n".join([head, *(wrap(line, 100) for line in scale_lines(fit))])
    return f"{head}\n\n{_table(fit, kept, len(kept))}" if kept else head


def rows_scored(score: Score | DevianceScore) -> str:
    """How many rows count, and how many were left out."""
    left = f"; {count(score.dropped, 'other')} left out for missing values" if score.dropped else ""
    return count(score.rows, "row") + left


def nothing_to_score(dropped: int) -> str:
    """Say that no row is left."""
    if dropped:
        return "no row is complete and has a positive weight: there is nothing to score"
    return "no row has a positive weight: there is nothing to score"


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
        rows_scored(score),
        "",
        align(rows, ["", "model", "null"], right=[1, 2]),
        "",
        f"The null model predicts {base}{number(score.null_prediction)} for every row.",
    ]
    if score.r2 is None:
        lines.append("There is no R²: y is the same in all rows, which leaves nothing to explain.")
    return lines


def deviance_score_lines(score: DevianceScore, words: Words) -> list[str]:
    """The measures of a model of probabilities, counts or amounts beside those of the null model."""
    measures = {
        words.explained: (score.deviance_explained, score.null_deviance_explained),
        words.misfit: (score.mean_deviance, score.null_mean_deviance),
        "misclassification": (score.misclassification, score.null_misclassification),
        "Brier score": (score.brier, score.null_brier),
        "area under the ROC curve": (score.auc, score.null_auc),
        "mean absolute error": (score.mean_absolute_error, score.null_mean_absolute_error),
    }
    rows = [
        [name, *("–" if x is None else number(x) for x in pair)]
        for name, pair in measures.items()
        if pair[0] is not None or name == words.explained
    ]
    out = score.null_prediction is None
    lines = [
        rows_scored(score) + (" held out, each predicted by a model that was not fitted to it" * out),
        "",
        align(rows, ["", "model", "null"], right=[1, 2]),
        "",
        _null_model(score, words),
        *(["", *MEANINGS] if score.auc is not None else []),
    ]
    if score.deviance_explained is None:
        lines.append(f"There is no {words.explained}: y is the same in all rows.")
    return lines


def _null_model(score: DevianceScore, words: Words) -> str:
    """What the null model of some measures predicts."""
    if score.null_prediction is None:
        beside = "the offset and the" if score.with_offset else "the"
        return f"The null model of each predicts {beside} {words.null} among the rows that it was fitted to."
    known = ", at offset 0 and exposure 1" if score.with_offset else ""
    article = "an" if words.mean[0] in "aeiou" else "a"
    return (
        f"The null model predicts {article} {words.mean} of {number(score.null_prediction)} for every "
        f"row{known}."
    )


def _table(fit: Fit, order: list[int], most: int) -> str:
    """Coefficients, and of a logarithm the ratio that each makes: of one unit, and of one sd if known."""
    header = ["feature", "coef"]
    columns = [fit.coef]
    if fit.ratios is not None:
        header.append(str(fit.kind.words.ratio))
        columns.append(fit.ratios)
        deviation = _deviation(fit)
        if deviation is not None:
            header.append("of one sd")
            with np.errstate(over="ignore"):
                columns.append(np.exp(fit.coef * deviation))
    right = [*range(1, len(header))]
    return table_of(
        order,
        lambda j: [fit.features[j], *(number(column[j]) for column in columns)],
        header,
        right=right,
        most=most,
    )
