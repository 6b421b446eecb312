"""The words of a report: the finding, the certificate, the data, and how to reproduce it."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import chain

import numpy as np

from equipoise.data.arguments.folds import fold_count
from equipoise.data.arguments.messages import count
from equipoise.design.choose_design import contents_of
from equipoise.explain.along import Along
from equipoise.results.balance.ratio import ratio_of
from equipoise.results.balance.result import BalanceSheet
from equipoise.results.plain import largest_first
from equipoise.results.report.subject import Subject
from equipoise.results.report.terms import terms_of
from equipoise.setup.setup import Setup
from equipoise.show.page.document import Heading
from equipoise.show.page.version import version
from equipoise.show.phrases import coding_text, missing_text
from equipoise.show.report.page import Words
from equipoise.show.tables import number


def words_of(subject: Subject, along: Along, *, stories: int, command: str) -> Words:
    """The words of a report; ``stories`` is the number of features with a sentence."""
    return Words(
        Heading(subject.target, subject.source, _title(subject)),
        terms_of(subject),
        _finding(subject),
        [
            (subject.setup.features[j], _coefficient(subject, j))
            for j in largest_first(subject.coef, subject.limits)
        ],
        _left_out(along, len(subject.strengths), stories),
        _certificate(subject),
        _facts(subject),
        command or f"import numpy as np, equipoise as eq\n{subject.recipe}",
    )


def _title(subject: Subject) -> str:
    n, p = subject.setup.rows, len(subject.coef)
    return f"{len(subject.support)} of {count(p, 'feature')} kept, {count(n, 'row')}"


def _finding(subject: Subject) -> str:
    text = f"At {subject.penalty}, {subject.why}, "
    zeros = len(subject.coef) - len(subject.support)
    kept = count(len(subject.support), "feature")
    if not len(subject.support):
        text += "no feature is kept: the penalty holds every pull."
    elif zeros:
        reasons = _reasons(subject.sheet)
        text += f"{kept} {_be(len(subject.support))} kept and {zeros} {_be(zeros)} exactly zero ({reasons})."
    else:
        text += f"all {kept} are kept: none is zero."
    if subject.setup.intercept:
        text += f" The intercept is {number(subject.intercept)}."
    words = subject.setup.loss.words
    if words.ratio is not None:
        text += f" Coefficients are of the {words.predictor} of {subject.sheet.response}."
    if subject.setup.standardize:
        text += (
            " Features are penalised as if each had standard deviation 1; coefficients are in original units."
        )
    return f"{text} {subject.explained}." if subject.explained else text


def _coefficient(subject: Subject, j: int) -> str:
    """A coefficient, with the odds or rate ratio of one unit of the feature and of one standard deviation."""
    coef, sd, ratio = float(subject.coef[j]), subject.sheet.sd, subject.setup.loss.words.ratio
    if ratio is None:
        return number(coef)
    also = "" if sd is None else f", of one sd {ratio_of(coef * sd[j])}"
    return f"{number(coef)} ({ratio} {ratio_of(coef)}{also})"


def _reasons(sheet: BalanceSheet) -> str:
    """The number of zeros by each reason, the most frequent first."""
    kinds = Counter(
        reason or status
        for w, status, reason in zip(sheet.coef, sheet.status, sheet.reason, strict=True)
        if w == 0
    )
    return ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())


def _left_out(along: Along, strengths: int, stories: int) -> str:
    """Which features are not drawn, and which have no sentence."""
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
    certificate = subject.certificate
    m = len(subject.strengths)
    zeros, proved = int((subject.coef == 0).sum()), int(certificate.zeros_proved.sum())
    all_zeros = (
        f"{proved} of {count(zeros, 'zero')} {_be(proved)} proved for every solution. " if zeros else ""
    )
    return [
        f"{certificate.status.value[0].upper()}{certificate.status.value[1:]}.",
        f"The objective can fall by no more than {certificate.relative_gap:.1e} of its value in the null "
        f"model; the largest violation of balance is {certificate.violation:.1e} of a limit. {all_zeros}The "
        f"support is {_proved(certificate.support_proved)}, and the solution is "
        f"{_proved(certificate.unique)} to be the only one.",
        f"Along the path {subject.balanced} of {count(m, 'strength')} are certified optimal.",
    ]


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def _proved(known: bool) -> str:
    return "proved" if known else "not proved"


def _facts(subject: Subject) -> list[tuple[str, str]]:
    setup = subject.setup
    n, p = setup.rows, len(subject.coef)
    facts = [
        ("equipoise", f"version {version()}, NumPy {np.__version__}"),
        ("data", f"{count(n, 'row')} × {count(p, 'feature')}{_extras(setup)}"),
        ("checksum", _checksum(setup)),
        ("penalty", f"{subject.penalty}, {subject.why}"),
        ("scaling", "standardised" if setup.standardize else "as given"),
        ("intercept", "fitted, never penalised" if setup.intercept else "none"),
    ]
    done = {
        "missing values": missing_text(setup.missing, setup.features),
        "levels": coding_text(setup.encoding),
    }
    if not setup.loss.squared:
        facts.append(("loss", setup.loss.label))
    facts += [(what, "; ".join(text.split("\n"))) for what, text in done.items() if text]
    if subject.folds is not None:
        facts.append(("folds", f"{subject.folds.count}; {_folds(setup, subject.folds.count)}"))
    else:
        facts.append(("seed", "none: nothing here is random"))
    return facts


def _folds(setup: Setup, number: int) -> str:
    if setup.gathered is not None:
        return "settled when the data were gathered"
    if number == 1:
        return "one split of the rows into training and validation"
    if isinstance(setup.folds, str):
        return "blocks of rows in their order, each held out from those before it"
    if setup.groups is not None:
        return "rows of a group are held out together"
    if setup.folds is not None and fold_count(setup.folds) is None:
        return "as they were passed"
    return "drawn with the seeds 0, 1, …"


def _extras(setup: Setup) -> str:
    if setup.gathered is not None:
        return ", read once and summed up"
    known = {
        "weights": setup.weights is not None,
        "offset": setup.offset is not None and not setup.offset_is_exposure,
        "exposure": setup.exposed,
    }
    extras = [name for name, given in known.items() if given]
    return f", with {' and '.join(extras)}" if extras else ""


def _checksum(setup: Setup) -> str:
    """SHA-256 of the data, with the layout in which X entered it."""
    layout, parts = contents_of(setup.matrix)
    if setup.gathered is not None:
        layout = "rows that have the sums of the data"
    digest = hashlib.sha256()
    for array in chain(parts, (setup.response, setup.weights, setup.offset)):
        if array is not None:
            digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return f"sha256 {digest.hexdigest()} ({layout}, y, weights, offset, as little-endian float64)"
