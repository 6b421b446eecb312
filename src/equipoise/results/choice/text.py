"""Choices of the strength as text: cross-validation, its repetitions, relaxed and adaptive models."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count, quoted
from equipoise.results.path.text import coefficient_lines, separated_lines
from equipoise.results.plain import largest_first
from equipoise.select.scorers import OF_CLASSES, loss_told, loss_words
from equipoise.show.phrases import data_lines
from equipoise.show.tables import align, number, paragraphs, table_of, wrap

if TYPE_CHECKING:
    from equipoise.objective.losses.base import Loss
    from equipoise.results.choice.adaptive import Adaptive
    from equipoise.results.choice.frequency import ChoiceFrequency
    from equipoise.results.choice.relaxed import Relaxed, RelaxedFit
    from equipoise.results.choice.result import CrossValidation
    from equipoise.results.path.result import Path


def frequency_summary(frequency: ChoiceFrequency) -> list[str]:
    """A table of the strengths that repetitions chose, and one of the features that these keep."""
    strengths, best, one_se = frequency.path.strengths, frequency.kept_at_best, frequency.kept_at_one_se
    shares = frequency.best_share, frequency.one_se_share
    chosen = table_of(
        [i for i in np.argsort(-strengths, kind="stable") if sum(share[i] for share in shares) > 0],
        lambda i: [number(strengths[i]), *(_percent(share[i]) for share in shares)],
        ["strength", "best", "one-se"],
        right=[0, 1, 2],
    )
    table = table_of(
        [j for j in np.lexsort((-best, -one_se)) if max(best[j], one_se[j]) > 0],
        lambda j: [frequency.features[j], _percent(best[j]), _percent(one_se[j])],
        ["feature", "kept at best", "kept at one-se"],
        right=[1, 2],
    )
    head = f"{count(len(frequency.best_strength), 'repetition')} of the cross-validation"
    return paragraphs(head, chosen, table)


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} %"


def relaxed_summary(relaxed: Relaxed) -> list[str]:
    """The choices of strength and gamma: the best, and the sparsest within one standard error of it."""
    kept = (relaxed.path.coef != 0).sum(axis=1)
    rows, notes = [], []
    free = _free(relaxed.path.kind)
    for name, (g, i) in relaxed.choices.items():
        rows.append(
            [
                name,
                number(relaxed.path.strengths[i]),
                number(relaxed.gammas[g]),
                number(relaxed.mean[g, i]),
                _error(relaxed.standard_error[g, i]),
                str(int(kept[i])),
            ]
        )
        doubtful, folds = int((~relaxed.fold_unique[i]).sum()), relaxed.fold_unique.shape[1]
        if doubtful:
            taken = "the smallest" if relaxed.path.kind.squared else "one of them"
            notes.append(
                f"{name}: {free} had more than one solution in {doubtful} of {folds} folds; {taken} was taken"
            )
    endless = None if relaxed.fold_finite is None else ~relaxed.fold_finite.all(axis=1)
    if endless is not None and endless.any():
        first = number(relaxed.path.strengths[endless].max())
        notes.append(
            f"from strength {first} on the features kept separate the responses in some fold "
            f"({separate(relaxed.separating)}), where there is no finite fit without penalty: only gamma 1 "
            "is scored"
        )
    header = ["choice", "strength", "gamma", "mean loss", "standard error", "kept"]
    table = align(rows, header, right=[1, 2, 3, 4, 5])
    closing = f"gamma is the share of the lasso in its blend with {free} on what it keeps"
    told = [closing, *_loss(relaxed.scoring, relaxed.path), *notes]
    return [table, "", *told, *_about_one_se(int(rows[-1][-1]), relaxed.path, len(rows))]


def relaxed_fit_summary(fit: RelaxedFit) -> list[str]:
    """The features kept, with their coefficients in the blend, the lasso and least squares; certificates."""
    order = largest_first(fit.coef, fit.lasso.limits)
    head = (
        f"{len(order)} of {len(fit.features)} features kept at strength {number(fit.strength)}, gamma "
        f"{number(fit.gamma)}; intercept {number(fit.intercept)}"
    )
    free, columns = _free(fit.kind), [fit.coef, fit.lasso.coef]
    header = ["feature", "coef", "lasso", "least squares" if fit.kind.squared else "unpenalised"]
    if fit.unpenalised is not None:
        columns.append(fit.unpenalised.coef)
    table = table_of(
        order,
        lambda j: [fit.features[j], *(number(column[j]) for column in columns)],
        header[: 1 + len(columns)],
        right=range(1, 1 + len(columns)),
    )
    shown = "the smallest" if fit.kind.squared else "one of them"
    several = f"{_capital(free)} has more than one solution on these features; {shown} is shown."
    note = "" if fit.unique else several
    certificates = [f"Lasso: {fit.lasso.certificate.status.value}"]
    if fit.unpenalised is None:
        note = (
            f"These features separate the responses ({separate(fit.separating)}): there is no finite fit of "
            "them without penalty."
        )
    else:
        certificates.append(f"{_capital(free)}: {fit.unpenalised.certificate.status.value}")
    return paragraphs(head, table, note, certificates)


def separate(names: Sequence[str]) -> str:
    """Which features separate responses.

    Examples
    --------
    >>> separate(["dose"]), separate(["age", "dose"])
    ("'dose' does", "'age', 'dose' do together")
    """
    return f"{quoted(names)} {'does' if len(names) == 1 else 'do together'}"


def _free(kind: Loss) -> str:
    """What the fit without a penalty is called."""
    return "least squares" if kind.squared else "the fit without penalty"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def adaptive_summary(adaptive: Adaptive) -> list[str]:
    """The number of features excluded, the two choices, and the features that the best fit keeps."""
    p, out = len(adaptive.features), len(adaptive.excluded)
    name = "pilot coefficients as given" if adaptive.kind == "given" else f"pilot: {adaptive.kind}"
    head = f"{name}, power {number(adaptive.power)}; {out} of {p} features excluded"
    names, coefs = list(adaptive.cv.choices), _chosen_coefs(adaptive.cv)
    columns = adaptive.pilot, adaptive.weights, *coefs
    table = table_of(
        sorted(np.flatnonzero(coefs[0]), key=lambda j: adaptive.weights[j]),
        lambda j: [adaptive.features[j], *(number(column[j]) for column in columns)],
        ["feature", "pilot", "weight", *names],
        right=list(range(1, 3 + len(names))),
    )
    return paragraphs(head, choice_lines(adaptive.cv), table and coefficient_lines(adaptive.cv.path), table)


def choice_summary(choice: CrossValidation) -> list[str]:
    """What was tried, the choices of strength and what they mean, and the features that they keep."""
    path, folds = choice.path, choice.fold_loss.shape[1]
    m, balanced = len(path.strengths), int(path.measures.balanced.sum())
    over = f"{folds} folds" if folds > 1 else "one split of the rows"
    head = (
        f"{m} strengths tried on {over}, {count(len(path.features), 'feature')}; {balanced} of {m} points of "
        "the path certified optimal"
    )
    meaning = "best: the smallest mean loss of held-out rows"
    if len(choice.choices) > 1:
        meaning += "; one-se: the largest strength within one standard error of it"
    names = list(choice.choices)
    columns, best = _chosen_coefs(choice), choice.best_strength
    limits = path.at(best).limits if path.setup is None else path.setup.limits_at(best)
    table = table_of(
        largest_first(columns[0], limits),
        lambda j: [path.features[j], *(number(column[j]) for column in columns)],
        ["feature", *names],
        right=range(1, 1 + len(names)),
    )
    return paragraphs(head, choice_lines(choice), meaning, table and coefficient_lines(path), table)


def _chosen_coefs(choice: CrossValidation) -> list[NDArray[np.float64]]:
    """The coefficients at each choice, as the path has them: nothing is solved, and X is not read."""
    path = choice.path
    return [path.coef[int((path.strengths == s).argmax())] for s in choice.choices.values()]


def choice_lines(choice: CrossValidation) -> list[str]:
    """The choices of strength: the best, and the largest within one standard error of it."""
    strengths = choice.path.strengths
    kept = (choice.path.coef != 0).sum(axis=1)
    shared, rows = choice.deviance_explained is not None, []
    for name, strength in choice.choices.items():
        i, share = int((strengths == strength).argmax()), choice.deviance_explained_at(strength)
        rows.append(
            [
                name,
                number(strength),
                number(choice.mean[i]),
                _error(choice.standard_error[i]),
                *([] if share is None else [number(share, 4)]),
                str(int(kept[i])),
            ]
        )
    header = [
        "choice",
        "strength",
        "mean loss",
        "standard error",
        *([_explained(choice.path)] if shared else []),
        "kept",
    ]
    table = align(rows, header, right=range(1, len(header)))
    nothing = _about_one_se(int(rows[-1][-1]), choice.path, len(rows))
    data = data_lines(choice.path.missing, choice.path.asked.encoding, choice.path.features)
    loss = [*_loss(choice.scoring, choice.path), *_null(choice)]
    ends = weakest_lines(choice)
    return [table, *([""] if loss else []), *loss, *nothing, *([""] if ends else []), *ends, *data]


def weakest_lines(choice: CrossValidation) -> list[str]:
    """That features separate the responses, or else that a weaker strength than any tried may be better."""
    separated = separated_lines(choice.path)
    if separated or not choice.best_is_weakest:
        return separated
    told = (
        "The best strength is the weakest one tried, so that a weaker one may be better: go further down, "
        f"by ratio={_further(choice.path.strengths)} say."
    )
    return [wrap(told, 100)]


def _further(strengths: NDArray[np.float64]) -> str:
    """A hundredth of the ratio of the last strength to the first, as a power of ten."""
    return f"1e{math.floor(math.log10(strengths.min() / strengths.max()) + 1e-6) - 2}"


def _loss(scoring: str, path: Path) -> list[str]:
    """A line that names the loss, but for the squared error of squared loss."""
    told = loss_told(scoring, path.kind)
    meaning = f", {OF_CLASSES[scoring]}" if scoring in OF_CLASSES else ""
    return [f"loss of held-out rows: {loss_words(scoring, path.kind)}{meaning}"] if told else []


def _explained(path: Path) -> str:
    """What the share of the null model's loss that a model takes away is called."""
    return path.kind.words.explained


def _null(choice: CrossValidation) -> list[str]:
    """A line that says what the null model is that losses are compared with."""
    if choice.deviance_explained is None or choice.null_mean is None:
        return []
    intercept, known = _modelled(choice.path)
    told = _explained(choice.path)
    if intercept and not choice.path.kind.squared:
        model = f"{' and '.join([*known, 'intercept'])} fitted to each fold's training rows"
    elif intercept:
        model = f"{'offset plus a constant' if known else 'mean of y'} in each fold's training rows"
    else:
        model = f"{' and '.join(known) or '0'}, no intercept"
    return [f"{told} of rows held out; mean loss of the null model ({model}) {number(choice.null_mean)}"]


def _modelled(path: Path) -> tuple[bool, list[str]]:
    """Whether the models of a path have an intercept, and what of offset and exposure they have."""
    setup = path.setup
    if setup is None:
        assert path.kept is not None
        model = path.kept.model
        intercept, offset, exposure = model.with_intercept, model.offset, model.exposure
    elif setup.gathered is not None:
        intercept, offset, exposure = setup.intercept, setup.gathered.offset, False
    else:
        own = setup.offset is not None and not setup.offset_is_exposure
        intercept, offset, exposure = setup.intercept, own, setup.exposed
    return intercept, [role for role, had in (("offset", offset), ("exposure", exposure)) if had]


def _error(error: float) -> str:
    """A standard error, – where there is none."""
    return "–" if np.isnan(error) else number(error)


def _about_one_se(kept: int, path: Path, choices: int) -> list[str]:
    """That there is no choice within one standard error, or that it keeps no feature, after an empty line."""
    if choices == 1:
        return ["", "one split of the rows has no standard error, so that best is the only choice"]
    if kept:
        return []
    rival = "the mean" if path.kind.squared and _modelled(path)[0] else "a model without features"
    return ["", f"one-se keeps no feature: no model beats {rival} by one standard error"]
