"""From what a report is about to the page that tells of it."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.data.words import count
from equipoise.explain.along import VERDICTS, Along, follow
from equipoise.objective.setup import PerFeature, Setup
from equipoise.results.balance import BalanceSheet
from equipoise.results.plain import to_plain
from equipoise.results.subjects import Subject
from equipoise.show.report.page import Words, pack, render
from equipoise.show.summaries import missing_text, penalty_text
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
    from equipoise.data.files import write_text_atomically

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
    words = Words(
        _title(subject, setup),
        _finding(subject),
        [(subject.fit.features[j], number(float(subject.fit.coef[j]))) for j in _weightiest(subject)],
        _left_out(along, m, len(data["stories"])),
        _certificate(subject),
        _facts(subject, setup),
        command or f'import numpy as np, equipoise as eq\n{subject.recipe}\nfit.report("report.html")',
    )
    return render(words, data, version=_version())


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


def _title(subject: Subject, setup: Setup) -> str:
    fit = subject.fit
    n, p = setup.matrix.shape
    return f"{len(fit.support)} of {count(p, 'feature')} kept, from {count(n, 'row')}"


def _finding(subject: Subject) -> str:
    fit = subject.fit
    penalty = penalty_text(fit.l1, fit.l2)
    text = f"At {penalty}, {subject.why}, "
    zeros = len(fit.coef) - len(fit.support)
    kept = count(len(fit.support), "feature")
    if not len(fit.support):
        text += "no feature is kept: the penalty holds every pull."
    elif zeros:
        text += f"{kept} {_be(len(fit.support))} kept and {zeros} {_be(zeros)} exactly zero."
    else:
        text += f"all {kept} are kept: none is zero."
    if fit.with_intercept:
        text += f" The intercept is {number(fit.intercept)}."
    if fit.standardize:
        text += (
            " Features are penalised as if each had standard deviation 1; coefficients are in original units."
        )
    return text


def _weightiest(subject: Subject) -> list[int]:
    fit = subject.fit
    return sorted(map(int, fit.support), key=lambda j: -abs(fit.coef[j]) * (fit.limits[j] or 1.0))


def _left_out(along: Along, strengths: int, stories: int) -> str:
    parts = []
    if along.left_out:
        what = (
            f"are in the model at no more than {along.stay} of the {strengths} strengths"
            if along.stay
            else f"never come within {100 * (1 - along.reach):.2g} % of the limit"
        )
        parts.append(
            f"{count(along.left_out, 'feature')} that {what} are left out of charts and table, to keep "
            "the page small."
        )
    if stories < len(along.features):
        parts.append(f"The stories of {stories} features are told: those kept, and those that come closest.")
    return " ".join(parts)


def _certificate(subject: Subject) -> list[str]:
    certificate = subject.fit.certificate
    m = len(subject.strengths)
    zeros, proved = int((subject.fit.coef == 0).sum()), int(certificate.zeros_proved.sum())
    return [
        f"{certificate.status.value[0].upper()}{certificate.status.value[1:]}.",
        f"The objective can fall by no more than {certificate.relative_gap:.1e} of its value in the null "
        f"model; the largest violation of balance is {certificate.violation:.1e} of a limit. {proved} of "
        f"{count(zeros, 'zero')} {_be(proved)} proved for every solution; the support is "
        f"{_proved(certificate.support_proved)}, and the solution is {_proved(certificate.unique)} to be the "
        "only one.",
        f"Along the path {subject.balanced} of {count(m, 'strength')} are certified optimal.",
    ]


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def _proved(known: bool) -> str:
    return "proved" if known else "not proved"


def _facts(subject: Subject, setup: Setup) -> list[tuple[str, str]]:
    n, p = setup.matrix.shape
    facts = [
        ("equipoise", f"version {_version()}, NumPy {np.__version__}"),
        ("data", f"{count(n, 'row')} × {count(p, 'feature')}{_extras(setup)}"),
        (
            "checksum",
            f"sha256 {_checksum(setup)} ({_layout(setup)}, y, weights, offset, as little-endian float64)",
        ),
        ("penalty", f"{penalty_text(subject.fit.l1, subject.fit.l2)}, {subject.why}"),
        ("scaling", "standardised" if setup.standardize else "as given"),
        ("intercept", "fitted, never penalised" if setup.intercept else "none"),
    ]
    missing = missing_text(setup.missing, setup.features)
    if missing:
        facts.append(("missing values", "; ".join(missing.split("\n"))))
    if subject.cv is not None:
        repetition = subject.cv.repetition
        repeats = (
            "" if repetition is None or not repetition.any() else f" in {repetition.max() + 1} repetitions"
        )
        facts.append(
            ("folds", f"{subject.cv.fold_loss.shape[1]}{repeats}; a number of them is drawn with the seed 0")
        )
    else:
        facts.append(("seed", "none: nothing here is random"))
    return facts


def _extras(setup: Setup) -> str:
    extras = [
        name for name, given in (("weights", setup.weights), ("offset", setup.offset)) if given is not None
    ]
    return f", with {' and '.join(extras)}" if extras else ""


def _checksum(setup: Setup) -> str:
    digest = hashlib.sha256()
    X = setup.matrix
    parts = [X] if isinstance(X, np.ndarray) else [X.indptr, X.indices, X.data]
    for array in (*parts, setup.response, setup.weights, setup.offset):
        if array is not None:
            digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return digest.hexdigest()


def _layout(setup: Setup) -> str:
    """What of X the checksum is of."""
    stored = isinstance(setup.matrix, np.ndarray)
    return "X row by row" if stored else "indptr, indices and data of X in sparse columns"


def _strength(subject: Subject) -> float:
    assert subject.fit._points is not None
    return float(subject.fit._points.strengths[0])


def _times(strength: float, value: PerFeature) -> PerFeature:
    if isinstance(value, float):
        return value if np.isinf(value) else strength * value
    return value  # by feature: told as such


def _version() -> str:
    try:
        return version_of("equipoise")
    except PackageNotFoundError:
        return "of a source tree"
