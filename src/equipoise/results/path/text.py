"""A path and its criteria as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from equipoise.data.arguments.messages import quoted
from equipoise.results.balance.ratio import response_text
from equipoise.show.phrases import data_lines
from equipoise.show.tables import align, names_text, number, paragraphs, wrap

if TYPE_CHECKING:
    from equipoise.results.fit.result import Fit
    from equipoise.results.path.criteria import Criteria
    from equipoise.results.path.result import Path
    from equipoise.setup.setup import Setup

NEW = 5  # features named that are new in the model


def path_summary(path: Path) -> list[str]:
    """A table of up to 12 strengths: features kept, how good, and which are new; missing values."""
    m = len(path.strengths)
    shown = range(m) if m <= 12 else sorted({round(i * (m - 1) / 11) for i in range(12)})
    measures, rows = path.measures, []
    last = np.zeros(len(path.features), dtype=bool)
    for i in shown:
        kept = path.coef[i] != 0
        # What has been in the model since the row above, the largest first.
        new = np.flatnonzero(kept & ~last)
        names = [path.features[j] for j in new[np.argsort(-np.abs(path.coef[i][new]), kind="stable")]]
        out = int((last & ~kept).sum())
        rows.append(
            [
                number(path.strengths[i]),
                str(int(kept.sum())),
                f"{measures.violation[i]:.0e}",
                f"{measures.relative_gap[i]:.0e}",
                ", ".join(filter(None, [names_text(names, NEW), f"{out} out" if out else ""])),
            ]
        )
        last = kept
    table = align(rows, ["strength", "kept", "violation", "relative gap", "new"], right=[0, 1, 2, 3])
    balanced = int(measures.balanced.sum())
    loss = "" if path.kind.squared else f", loss {path.loss}"
    head = f"{m} strengths, {len(path.features)} features{loss}; {balanced} of {m} points certified optimal"
    data = data_lines(path.missing, path.asked.encoding, path.features)
    return paragraphs([head, *coefficient_lines(path)], [table, *data], *separated_lines(path))


def coefficient_lines(path: Path) -> list[str]:
    """A line on what coefficients are of; none where they are of y itself."""
    of = predictor_of(path)
    return [f"coefficients are of the {of}"] if of else []


def separated_lines(path: Path) -> list[str]:
    """A sentence on separable data at a path's end; none where its data are no longer what they were."""
    try:
        names = path.separating
    except ValueError:
        return []
    if not names:
        return []
    what = "Feature {} separates" if len(names) == 1 else "Features {} together separate"
    grow = "its coefficient grows" if len(names) == 1 else "their coefficients grow"
    told = f"{what.format(quoted(names))} the responses without an error"
    return [wrap(f"{told}: as the penalty falls to 0, {grow} without end.", 100)]


def criteria_summary(criteria: Criteria) -> list[str]:
    """The strength that each criterion chooses; notes warn of a minimum at the end of the path."""
    rows, notes = [], []
    for name in criteria.names:
        if name == "cp" and criteria.variance is None:
            notes.append(f"no cp: {criteria.no_variance}; pass variance")
            continue
        value = getattr(criteria, name)
        if np.isinf(value.min()):
            notes.append(f"no {name}: every point leaves no residual or no degrees of freedom; pass variance")
            continue
        i = int(np.flatnonzero(criteria.strengths == criteria.best_strength(name))[0])
        rows.append(
            [
                name,
                number(criteria.strengths[i]),
                number(value[i]),
                number(criteria.degrees_of_freedom[i], 4),
                str(int(criteria.kept[i])),
            ]
        )
        usable = criteria.strengths[np.isfinite(value)]
        if criteria.strengths[i] == usable.min() and len(usable) > 1:
            notes.append(f"{name} still falls where the path ends: take smaller strengths, or doubt it")
    table = align(rows, ["criterion", "strength", "value", "degrees of freedom", "kept"], right=[1, 2, 3, 4])
    known = "" if criteria.variance is None else f"; noise variance {number(criteria.variance)}"
    if not criteria.path.kind.squared and criteria.variance is not None:
        known = f"; dispersion {number(criteria.variance)} ({criteria.no_variance})"
    if not criteria.path.kind.squared:
        notes.append(
            "values count the deviance: the AIC of R adds −2 log likelihood of a perfect fit, which is the "
            "same for every model (0 of labels)"
        )
    return [table, "", f"EBIC with gamma = {number(criteria.gamma)}{known}", *notes]


def predictor_of(path: Path) -> str | None:
    """What the coefficients of a path are of, such as "log-odds of y = yes"; None where it is y itself."""
    words = path.kind.words
    if words.ratio is None:
        return None
    target = path.asked.named.get("y") if path.setup is None else path.setup.target
    return f"{words.predictor} of {response_text(target, path.levels)}"


def strength_name(asked: Setup | Fit) -> str:
    """The axis label of a path's strengths, in terms of the penalty that was passed."""
    l1, l2 = asked.l1, asked.l2
    scaled = " on standardised features" if asked.standardize else ""
    if not (isinstance(l1, float) and isinstance(l2, float)):
        return f"strength, × the penalty of each feature{scaled}"
    if l2 == 0:
        return f"strength of the penalty, l1{scaled}" if l1 == 1 else f"strength, × l1 = {number(l1)}{scaled}"
    if l1 == 0:
        return f"strength, × l2 = {number(l2)}{scaled}"
    return f"strength, × (l1 = {number(l1)}, l2 = {number(l2)}){scaled}"
