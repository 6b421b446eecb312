"""The report of a cross-validation: the path, and the fit that it chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from equipoise.results.choice.held_out import predicted_by
from equipoise.results.fit.about import solution_of
from equipoise.results.report.recipe import call_of
from equipoise.results.report.subject import FoldLoss, Subject
from equipoise.select.scorers import CALLED, loss_told, own_scoring

if TYPE_CHECKING:
    from equipoise.results.choice.result import CrossValidation


def about_choice(cv: CrossValidation, choose: str) -> Subject:
    """The subject of a report on a cross-validation: its path, and one of the two fits that it chooses."""
    explained = solution_of(cv.chosen(choose))
    best, path, setup = choose == "best", cv.path, explained["setup"]
    strength = cv.best_strength if best else cv.one_se_strength
    repeats = 1 if cv.repetition is None else int(cv.repetition.max()) + 1
    number = cv.fold_loss.shape[1] // repeats
    folds = f"{number}-fold cross-validation" + (f" repeated {repeats} times" if repeats > 1 else "")
    if number == 1:
        folds = "one split of the rows"
    drawn: dict[str, object] = {"folds": number} | ({"repeats": repeats} if repeats > 1 else {})
    rows = "the rows of each class" if setup.loss.takes_labels else "the rows"
    drawing = f"a number of them shuffles {rows} with the seed 0; a splitter has its own"
    if cv.scoring.endswith(CALLED):
        drawing += f"; scoring: the function {cv.scoring.removesuffix(CALLED)} that was passed"
    elif cv.scoring != own_scoring(cv.path.kind):
        drawn["scoring"] = cv.scoring
    if setup.gathered is not None:
        drawn, drawing = {}, "those that the data were gathered in"
    if number == 1:
        drawn, drawing = {}, "[(train, test)], the split that was passed"
    named = {role: setup.named[role] for role in ("folds", "groups") if role in setup.named}
    if isinstance(setup.folds, str):
        named["folds"] = setup.folds  # blocks of rows in their order
    drawn |= named
    if "folds" in named:
        drawing = (
            "blocks of rows in their order" if isinstance(setup.folds, str) else "the labels of a column"
        )
    elif setup.groups is not None:
        drawing = "rows of a group are held out together"
    rule = "the smallest mean loss" if best else "the largest strength within one standard error of the best"
    recipe = "\n".join(
        [
            f"cv = {call_of('cross_validate', setup, **drawn, strengths=path.strengths)}",
            f"# folds: {drawing}",
            f"fit = cv.{'best' if best else 'one_se'}  # cv.path.at({strength!r})",
            f"cv.report('report.html', choose='{choose}')",
        ]
    )
    share = cv.deviance_explained_at(strength)
    if share is not None:
        explained["explained"] += f"; {cv.path.kind.words.explained} {share:.4g} of rows held out"
    order = np.argsort(-path.strengths, kind="stable")
    # The folds are solved again only where the page draws what they predict.
    out = predicted_by(cv, strength) if setup.loss.takes_labels else None
    return Subject(
        **explained,
        why=f"chosen by {folds}{loss_told(cv.scoring, cv.path.kind)}: {choose}, {rule}",
        strengths=path.strengths[order],
        ever=path.ever,
        values=path.values[order],
        balanced=int(path.measures.balanced.sum()),
        recipe=recipe,
        held_out=out,
        folds=_fold_loss(cv, order),
    )


def _fold_loss(cv: CrossValidation, order: NDArray[np.intp]) -> FoldLoss:
    """The losses of a cross-validation, its strengths in an order."""
    mean, error, choices = cv.mean[order], cv.standard_error[order], cv.choices
    return FoldLoss(mean, error, cv.fold_loss.shape[1], choices["best"], choices.get("one-se"), cv.loss)
