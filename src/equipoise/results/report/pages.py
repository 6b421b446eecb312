"""The page of a report: its numbers, words and walkthrough put together."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.arguments.messages import count
from equipoise.explain.along import VERDICTS, Along, follow
from equipoise.explain.calibration import calibrate
from equipoise.objective.curved_points import CurvedPoints
from equipoise.results.balance.result import BalanceSheet
from equipoise.results.plain import to_plain
from equipoise.results.report.subject import Subject
from equipoise.results.report.text import words_of
from equipoise.results.trace.walk_page import section
from equipoise.results.trace.walkthrough import walk_through
from equipoise.select.class_scorers import brier, misclassification
from equipoise.setup.setup import Setup
from equipoise.show.page.document import embed, name_of, pack, write_page
from equipoise.show.page.version import version
from equipoise.show.phrases import penalty_text
from equipoise.show.report.page import render
from equipoise.show.tables import number, printable

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

LIMIT = 2.95e6  # size of a page
CODE = 1.5e5  # the part of it that is no data: styles, scripts, words
BYTES = 2.25e6  # the part for names, pulls, coefficients and verdicts
WIDTH = 32.0 / 3.0  # bytes of a float64 in base64
MOST = 1000  # features ever in the model whose coefficients are counted in that size
STORIES = 1000  # features with a sentence, at most
TAKERS = 8  # features named among those that took a pull


def write_report(subject: Subject, path: str | os.PathLike[str] | None, *, command: str = "") -> str | None:
    """Write a report to a file, or return it as HTML if none is named."""
    return write_page(page_of(subject, command=command), path)


def page_of(subject: Subject, *, command: str = "") -> str:
    """A report as HTML; ``command`` is the command line that asked for it, if one did."""
    sheet = subject.sheet
    along = follow(sheet.columns, subject.strengths, subject.ever, subject.values, _most(subject))
    walk = walk_through(subject.setup, subject.strength)
    walkthrough = "" if walk is None else section(walk.named(), note=walk.note)
    data = _numbers(subject, along)
    data |= _stories(along, sheet, LIMIT - CODE - len(walkthrough) - len(embed(data)))
    words = words_of(subject, along, stories=len(data["stories"]), command=command)
    return render(words, data, version=version(), walkthrough=walkthrough)


def _most(subject: Subject) -> int:
    """The number of features for which a page has room at so many strengths."""
    m, k = subject.values.shape
    name = len(embed(subject.setup.features)) / max(len(subject.coef), 1)
    return max(20, int((BYTES - m * WIDTH * min(k, MOST)) / (m * (WIDTH + 1.0) + name)))


def _numbers(subject: Subject, along: Along) -> dict[str, Any]:
    """The numbers that the page draws, JSON-able; strengths in units of l1 if it is one number."""
    setup = subject.setup
    problem, names = setup.problem, setup.features
    unit, name = _unit(subject)
    ever, sd = np.flatnonzero(along.coef.any(axis=0)), problem.view.sd[along.features]
    largest = np.abs(along.coef[:, ever] * sd[ever]).max(axis=0, initial=0.0)
    chosen = int(np.flatnonzero(subject.strengths == subject.strength)[0])
    return {
        "strength_name": name,
        "strengths": (subject.strengths * unit).tolist(),
        "penalty": [_penalty(setup, float(t), unit, name) for t in subject.strengths],
        "kept": (subject.values != 0).sum(axis=1).tolist(),
        "total": len(names),
        "features": [name_of(names[j]) for j in along.features],
        "l1": to_plain(problem.limits[along.features] / unit),
        "l2": to_plain(problem.ridge[along.features] / unit),
        "unit_of": sd.tolist() if setup.standardize else None,
        "ever": ever.tolist(),
        "ranked": ever[np.argsort(-largest, kind="stable")].tolist(),  # as a PathDisplay ranks its lines
        "coef": pack(along.coef[:, ever]),
        "pull": pack(along.pull),
        "alone": pack(along.alone),
        "verdict": "".join(map(str, along.verdict.ravel())),
        "verdicts": VERDICTS,
        "entries": [[e.feature, e.strength * unit] for e in along.events if e.kind == "enters"],
        "chosen": chosen,
        "chosen_name": subject.why,
        "choices": _choices(subject, chosen),
        "cv": _loss(subject),
        "explained": to_plain(along.explained),
        "explained_name": problem.loss.words.explained,
        "ratio_name": problem.loss.words.ratio,
        "path_unit": _path_unit(setup),
        "probabilities": _probabilities(subject),
    }


def _unit(subject: Subject) -> tuple[float, str]:
    """Factor from strengths to the page's units, and their name: l1 for a fit with one l1 for all."""
    if subject.per_strength is not None:
        return subject.per_strength, subject.sheet.called
    l1 = subject.setup.l1
    if subject.grid_of_its_own and isinstance(l1, float) and l1 > 0:
        return l1, "l1"
    return 1.0, "strength"


def _path_unit(setup: Setup) -> str:
    """What coefficients are drawn as: those of the prediction itself need no name."""
    words = setup.loss.words
    if words.ratio is None:
        return "coefficient × standard deviation" if setup.standardize else "in original units"
    return f"change of the {words.predictor} per {'standard deviation' if setup.standardize else 'unit'}"


def _penalty(setup: Setup, strength: float, unit: float, name: str) -> str:
    """The penalty at a strength in words."""
    penalty = penalty_text(*setup.penalties_at(strength))
    plain = isinstance(setup.l1, float) and setup.l1 == 1 and isinstance(setup.l2, float) and setup.l2 == 0
    if name not in ("l1", "strength"):
        return f"{name} = {number(strength * unit)} ({penalty})"
    return penalty if name == "l1" or plain else f"strength {number(strength)} ({penalty})"


def _stories(along: Along, sheet: BalanceSheet, room: float) -> dict[str, Any]:
    """The sentences of features at the chosen strength, as many as there is room for, and the takers in them.

    The survivors and the closest calls come first.
    """
    share = np.abs(sheet.pull) / np.where(sheet.limit > 0, sheet.limit, np.inf)
    share[sheet.coef != 0] = np.inf
    order = np.argsort(-share[along.features], kind="stable")[:STORIES]
    places: dict[str, int] = {}
    told = []
    for k in order:
        known = len(places)
        story = _story(sheet, int(along.features[k]), int(k), places)
        room -= len(embed([story, *list(places)[known:]]))
        if room < 0:
            break
        told.append(story)
    return {"stories": told, "takers": [name_of(name) for name in places]}


def _story(sheet: BalanceSheet, feature: int, place: int, places: dict[str, int]) -> dict[str, Any]:
    """One feature's sentence and the largest takers of its pull, by their places; new ones get the next."""
    row = sheet[feature]
    takers = sorted(row.absorbed_by.items(), key=lambda item: -abs(item[1]))
    others = takers[TAKERS:]
    return {
        "feature": place,
        "sentence": sheet.sentence(feature),
        "alone": row.alone,
        "pull": row.pull,
        "takers": [[places.setdefault(name, len(places)), share] for name, share in takers[:TAKERS]],
        "others": sum(share for _, share in others),
        "others_count": len(others),
    }


def _choices(subject: Subject, chosen: int) -> list[dict[str, Any]]:
    """Names and places of the strengths that have a button."""
    folds = subject.folds
    if folds is None:
        return [{"name": "explained here", "index": chosen}]
    return [
        {"name": name, "index": int(np.flatnonzero(subject.strengths == strength)[0])}
        for name, strength in (("best", folds.best_strength), ("one-SE", folds.one_se_strength))
        if strength is not None
    ]


def _probabilities(subject: Subject) -> dict[str, Any] | None:
    """The ROC curve and the calibration, of rows held out if there are; None without probabilities."""
    points, setup, out = subject.sheet.columns.points, subject.setup, subject.held_out
    if not isinstance(points, CurvedPoints) or not points.problem.loss.takes_labels:
        return None
    problem = points.problem
    if out is None:
        eta, y, weights = points.place(subject.sheet.columns.index).eta, problem.response, problem.weights
        rows = f"of the {count(len(y), 'row')} of the fit itself, which flatter it"
    else:
        eta, y, weights = out.eta, setup.response[out.rows], out.weights
        rows = f"of {count(len(np.unique(out.rows)), 'row')}, each predicted by a model not fitted to it"
    chance = problem.loss.mean(eta)
    found = calibrate(chance, y, weights)
    told = {name: to_plain(value) for name, value in found._asdict().items()}
    return {**told, "rows": rows, "event": subject.sheet.response, "told": _measured(chance, y, weights)}


def _measured(chance: Array, y: Array, weights: Array | None) -> str:
    """How often the likelier label is wrong, and how far probabilities are off, in a sentence."""
    s = np.ones(len(y)) if weights is None else weights
    share = np.full(len(y), s @ y / s.sum())
    wrong, rare = misclassification(y, chance, s), misclassification(y, share, s)
    return (
        f"The likelier label is wrong for {100.0 * wrong:.3g} % of them, for {100.0 * rare:.3g} % if always "
        f"the more frequent one is said; the Brier score is {number(brier(y, chance, s), 4)}, that of the "
        f"share of events {number(brier(y, share, s), 4)}."
    )


def _loss(subject: Subject) -> dict[str, Any] | None:
    """Mean held-out loss and standard error at each strength; None without a cross-validation."""
    if subject.folds is None:
        return None
    return {
        "loss": printable(subject.folds.loss),
        "mean": to_plain(subject.folds.mean),
        "standard_error": to_plain(subject.folds.standard_error),
    }
