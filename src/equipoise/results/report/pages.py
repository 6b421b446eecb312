"""From what a report is about to the page that tells of it."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.explain.along import VERDICTS, Along, follow
from equipoise.results.balance.result import BalanceSheet
from equipoise.results.plain import to_plain
from equipoise.results.report.subject import Subject
from equipoise.results.report.text import version, words_of
from equipoise.results.trace.walkthrough import walk_through
from equipoise.setup.setup import PerFeature, Setup
from equipoise.show.report.page import pack, render
from equipoise.show.summaries import penalty_text
from equipoise.show.tables import number, printable

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

BYTES = 2.25e6  # of a page, for pulls, coefficients and verdicts
WIDTH = 32.0 / 3.0  # bytes of a float64 in base64
MOST = 1000  # features in the model that displace others
STORIES = 1000  # features with a sentence
TAKERS = 8  # features named among those that took a pull


def write_report(subject: Subject, path: str | os.PathLike[str] | None, *, command: str = "") -> str | None:
    """Return the page, or write it to a file.

    Parameters
    ----------
    subject : Subject
        What it is about.
    path : str, path or None
        The file; an existing one is replaced at once or left alone.
    command : str
        The command line that asked for it, if one did.

    Returns
    -------
    str or None
        The page where no file is named.
    """
    page = page_of(subject, command=command)
    if path is None:
        return page
    from equipoise.data.files.writing import write_text_atomically

    write_text_atomically(os.fspath(path), page)
    return None


def page_of(subject: Subject, *, command: str = "") -> str:
    """The page.

    Parameters
    ----------
    subject : Subject
        What it is about.
    command : str
        The command line that made it, if one did.
    """
    setup = subject.fit._setup
    assert setup is not None
    m, k = subject.values.shape
    sheet = subject.fit.explain()
    most = max(20, int((BYTES / m - WIDTH * min(k, MOST)) / (WIDTH + 1.0)))
    along = follow(sheet._balances, subject.strengths, subject.ever, subject.values, most)
    data = _numbers(subject, setup, along, sheet)
    words = words_of(subject, setup, sheet, along, stories=len(data["stories"]), command=command)
    walk = walk_through(setup, _strength(subject))
    return render(words, data, version=version(), walkthrough="" if walk is None else walk.section())


def _numbers(subject: Subject, setup: Setup, along: Along, sheet: BalanceSheet) -> dict[str, Any]:
    """What the page draws, JSON-able; strengths in units of l1 where it is one number."""
    problem, names = setup.problem, setup.features
    unit, name = _unit(subject, setup)
    ever = np.flatnonzero(along.coef.any(axis=0))
    chosen = int(np.flatnonzero(subject.strengths == _strength(subject))[0])
    return {
        "strength_name": name,
        "strengths": (subject.strengths * unit).tolist(),
        "penalty": [_penalty(setup, float(t), name) for t in subject.strengths],
        "kept": (subject.values != 0).sum(axis=1).tolist(),
        "total": len(names),
        "features": [printable(names[j]) for j in along.features],
        "l1": to_plain(problem.limits[along.features] / unit),
        "l2": to_plain(problem.ridge[along.features] / unit),
        "unit_of": problem.view.sd[along.features].tolist() if setup.standardize else None,
        "ever": ever.tolist(),
        "coef": pack(along.coef[:, ever]),
        "pull": pack(along.pull),
        "alone": pack(along.alone),
        "verdict": "".join(map(str, along.verdict.ravel())),
        "verdicts": VERDICTS,
        "entries": [[e.feature, e.strength * unit] for e in along.events if e.kind == "enters"],
        "stories": _stories(along, sheet),
        "takers": [printable(names[j]) for j in np.flatnonzero(sheet.coef)],
        "chosen": chosen,
        "chosen_name": subject.why,
        "choices": _choices(subject, chosen),
        "cv": _loss(subject),
    }


def _unit(subject: Subject, setup: Setup) -> tuple[float, str]:
    """What strength 1 is called on the page: the l1 of a fit that was asked for by its l1."""
    if subject.grid_of_its_own and isinstance(setup.l1, float) and setup.l1 > 0:
        return setup.l1, "l1"
    return 1.0, "strength"


def _penalty(setup: Setup, strength: float, name: str) -> str:
    penalty = penalty_text(_times(strength, setup.l1), _times(strength, setup.l2))
    plain = isinstance(setup.l1, float) and setup.l1 == 1 and isinstance(setup.l2, float) and setup.l2 == 0
    return penalty if name == "l1" or plain else f"strength {number(strength)} ({penalty})"


def _stories(along: Along, sheet: BalanceSheet) -> list[dict[str, Any]]:
    """The sentence of each feature at the chosen strength, the survivors and the closest calls first."""
    share = np.abs(sheet.pull) / np.where(sheet.limit > 0, sheet.limit, np.inf)
    share[sheet.coef != 0] = np.inf
    order = np.argsort(-share[along.features], kind="stable")[:STORIES]
    places = {sheet.features[j]: k for k, j in enumerate(np.flatnonzero(sheet.coef))}
    return [_story(sheet, int(along.features[k]), int(k), places) for k in np.sort(order)]


def _story(sheet: BalanceSheet, feature: int, place: int, places: dict[str, int]) -> dict[str, Any]:
    """What is told of one feature; takers go by their place among all takers, for names can be long."""
    row = sheet[feature]
    takers = sorted(row.absorbed_by.items(), key=lambda item: -abs(item[1]))
    others = takers[TAKERS:]
    return {
        "feature": place,
        "sentence": sheet.sentence(feature),
        "alone": row.alone,
        "pull": row.pull,
        "takers": [[places[name], share] for name, share in takers[:TAKERS]],
        "others": sum(share for _, share in others),
        "others_count": len(others),
    }


def _choices(subject: Subject, chosen: int) -> list[dict[str, Any]]:
    """The strengths that have a button."""
    if subject.cv is None:
        return [{"name": "explained here", "index": chosen}]
    found = []
    for name, strength in (("best", subject.cv.best_strength), ("one-SE", subject.cv.one_se_strength)):
        found.append({"name": name, "index": int(np.flatnonzero(subject.strengths == strength)[0])})
    return found


def _loss(subject: Subject) -> dict[str, Any] | None:
    if subject.cv is None:
        return None
    order = np.argsort(-subject.cv.path.strengths, kind="stable")
    return {
        "mean": to_plain(subject.cv.mean[order]),
        "standard_error": to_plain(subject.cv.standard_error[order]),
    }


def _strength(subject: Subject) -> float:
    assert subject.fit._points is not None
    return float(subject.fit._points.strengths[0])


def _times(strength: float, value: PerFeature) -> PerFeature:
    if isinstance(value, float):
        return value if np.isinf(value) else strength * value
    return value  # by feature: told as such
