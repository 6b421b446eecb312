"""Choices of the strength as text: cross-validation, its repetitions, relaxed and adaptive models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from equipoise.show.phrases import missing_lines
from equipoise.show.tables import LINES, align, number

if TYPE_CHECKING:
    from equipoise.results.choice.adaptive import Adaptive
    from equipoise.results.choice.frequency import ChoiceFrequency
    from equipoise.results.choice.relaxed import Relaxed, RelaxedFit
    from equipoise.results.choice.result import CrossValidation


def frequency_summary(frequency: ChoiceFrequency) -> str:
    """How often each strength was chosen, and each feature kept."""
    count = len(frequency.best_strength)
    lines = [f"{count} repetition{'' if count == 1 else 's'} of the cross-validation", ""]
    strengths = frequency.path.strengths
    rows = [
        [number(strengths[i]), _percent(frequency.best_share[i]), _percent(frequency.one_se_share[i])]
        for i in np.argsort(-strengths, kind="stable")
        if frequency.best_share[i] + frequency.one_se_share[i] > 0
    ]
    lines.append(align(rows, ["strength", "best", "one-se"], right=[0, 1, 2]))
    share = np.maximum(frequency.kept_at_best, frequency.kept_at_one_se)
    order = [j for j in np.lexsort((-frequency.kept_at_best, -frequency.kept_at_one_se)) if share[j] > 0]
    rows = [
        [
            frequency.features[j],
            _percent(frequency.kept_at_best[j]),
            _percent(frequency.kept_at_one_se[j]),
        ]
        for j in order[:LINES]
    ]
    if rows:
        lines += ["", align(rows, ["feature", "kept at best", "kept at one-se"], right=[1, 2])]
    if len(order) > LINES:
        lines.append(f"… and {len(order) - LINES} more")
    return "\n".join(lines)


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %"


def relaxed_summary(relaxed: Relaxed) -> str:
    """The two pairs of strength and gamma one chooses between."""
    kept = (relaxed.path.coef != 0).sum(axis=1)
    rows, notes = [], []
    for name, (g, i) in zip(("best", "one-se"), relaxed._choice, strict=True):
        rows.append(
            [
                name,
                number(relaxed.path.strengths[i]),
                number(relaxed.gammas[g]),
                number(relaxed.mean[g, i]),
                number(relaxed.standard_error[g, i]),
                str(int(kept[i])),
            ]
        )
        doubtful = int((~relaxed.fold_unique[i]).sum())
        if doubtful:
            notes.append(
                f"{name}: least squares had more than one solution in {doubtful} of "
                f"{relaxed.fold_unique.shape[1]} folds; the smallest was taken"
            )
    header = ["choice", "strength", "gamma", "mean loss", "standard error", "kept"]
    table = align(rows, header, right=[1, 2, 3, 4, 5])
    closing = "gamma is the share of the lasso in its blend with least squares on what it keeps"
    return "\n".join([table, "", closing, *notes])


def relaxed_fit_summary(fit: RelaxedFit) -> str:
    """The survivors, between lasso and least squares."""
    order = sorted(fit.support, key=lambda j: -abs(fit.coef[j] * (fit.lasso.limits[j] or 1)))
    lines = [
        f"{len(order)} of {len(fit.features)} features kept at strength {number(fit.strength)}, gamma "
        f"{number(fit.gamma)}; intercept {number(fit.intercept)}"
    ]
    if order:
        rows = [
            [
                fit.features[j],
                number(fit.coef[j]),
                number(fit.lasso.coef[j]),
                number(fit.least_squares.coef[j]),
            ]
            for j in order[:LINES]
        ]
        lines += ["", align(rows, ["feature", "coef", "lasso", "least squares"], right=[1, 2, 3])]
    if len(order) > LINES:
        lines.append(f"… and {len(order) - LINES} more")
    if not fit.unique:
        lines += ["", "Least squares has more than one solution on these features; the smallest is shown."]
    for name, part in (("Lasso", fit.lasso), ("Least squares", fit.least_squares)):
        lines.append(f"\n{name}: {part.certificate.status.value}")
    return "\n".join(lines)


def adaptive_summary(adaptive: Adaptive) -> str:
    """What the pilot left out, the two choices, and the survivors beside their pilot coefficients."""
    p, out = len(adaptive.features), len(adaptive.excluded)
    name = "pilot coefficients as given" if adaptive.kind == "given" else f"pilot: {adaptive.kind}"
    lines = [f"{name}, power {number(adaptive.power)}; {out} of {p} features excluded", ""]
    lines.append(choice_summary(adaptive.cv))
    best, one_se = adaptive.best.coef, adaptive.one_se.coef
    order = sorted(np.flatnonzero(best), key=lambda j: adaptive.weights[j])
    rows = [
        [
            adaptive.features[j],
            number(adaptive.pilot[j]),
            number(adaptive.weights[j]),
            number(best[j]),
            number(one_se[j]),
        ]
        for j in order[:LINES]
    ]
    if rows:
        lines += ["", align(rows, ["feature", "pilot", "weight", "best", "one-se"], right=[1, 2, 3, 4])]
    if len(order) > LINES:
        lines.append(f"… and {len(order) - LINES} more")
    return "\n".join(lines)


def choice_summary(choice: CrossValidation) -> str:
    """The two strengths one chooses between."""
    strengths = choice.path.strengths
    kept = (choice.path.coef != 0).sum(axis=1)
    rows = []
    for name, strength in (("best", choice.best_strength), ("one-se", choice.one_se_strength)):
        i = int((strengths == strength).argmax())
        rows.append(
            [
                name,
                number(strength),
                number(choice.mean[i]),
                number(choice.standard_error[i]),
                str(int(kept[i])),
            ]
        )
    table = align(rows, ["choice", "strength", "mean loss", "standard error", "kept"], right=[1, 2, 3, 4])
    return "\n".join([table, *missing_lines(choice.path.missing, choice.path.features)])
