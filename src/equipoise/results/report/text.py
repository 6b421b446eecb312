"""What a report says in words: the finding, the certificate, and how to do it again."""

from __future__ import annotations

import hashlib
from collections import Counter
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from itertools import chain

import numpy as np

from equipoise.data.arguments.messages import count
from equipoise.design.choose_design import contents_of
from equipoise.explain.along import Along
from equipoise.results.balance.result import BalanceSheet
from equipoise.results.report.subject import Subject
from equipoise.setup.setup import Setup
from equipoise.show.report.page import Words
from equipoise.show.summaries import missing_text, penalty_text
from equipoise.show.tables import number


def words_of(
    subject: Subject, setup: Setup, sheet: BalanceSheet, along: Along, *, stories: int, command: str
) -> Words:
    """Put a report in words.

    Parameters
    ----------
    subject : Subject
        What it is about.
    setup : Setup
        The data and what was asked of them.
    sheet : BalanceSheet
        Of the fit that is explained.
    along : Along
        What is drawn.
    stories : int
        How many features have a sentence.
    command : str
        The command line that asked for it, if one did.
    """
    return Words(
        _title(subject, setup),
        _finding(subject, sheet),
        [(subject.fit.features[j], number(float(subject.fit.coef[j]))) for j in _weightiest(subject)],
        _left_out(along, len(subject.strengths), stories),
        _certificate(subject),
        _facts(subject, setup),
        command or f"import numpy as np, equipoise as eq\n{subject.recipe}",
    )


def version() -> str:
    """Return the library's version."""
    try:
        return version_of("equipoise")
    except PackageNotFoundError:
        return "of a source tree"


def _title(subject: Subject, setup: Setup) -> str:
    fit = subject.fit
    n, p = setup.rows, setup.matrix.shape[1]
    return f"{len(fit.support)} of {count(p, 'feature')} kept, from {count(n, 'row')}"


def _finding(subject: Subject, sheet: BalanceSheet) -> str:
    fit = subject.fit
    penalty = penalty_text(fit.l1, fit.l2)
    text = f"At {penalty}, {subject.why}, "
    zeros = len(fit.coef) - len(fit.support)
    kept = count(len(fit.support), "feature")
    if not len(fit.support):
        text += "no feature is kept: the penalty holds every pull."
    elif zeros:
        text += (
            f"{kept} {_be(len(fit.support))} kept and {zeros} {_be(zeros)} exactly zero ({_reasons(sheet)})."
        )
    else:
        text += f"all {kept} are kept: none is zero."
    if fit.with_intercept:
        text += f" The intercept is {number(fit.intercept)}."
    if fit.standardize:
        text += (
            " Features are penalised as if each had standard deviation 1; coefficients are in original units."
        )
    return text


def _reasons(sheet: BalanceSheet) -> str:
    """How many zeros there are of each kind, the most frequent first."""
    kinds = Counter(
        reason or status
        for w, status, reason in zip(sheet.coef, sheet.status, sheet.reason, strict=True)
        if w == 0
    )
    return ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())


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


def _facts(subject: Subject, setup: Setup) -> list[tuple[str, str]]:
    n, p = setup.rows, setup.matrix.shape[1]
    facts = [
        ("equipoise", f"version {version()}, NumPy {np.__version__}"),
        ("data", f"{count(n, 'row')} × {count(p, 'feature')}{_extras(setup)}"),
        ("checksum", _checksum(setup)),
        ("penalty", f"{penalty_text(subject.fit.l1, subject.fit.l2)}, {subject.why}"),
        ("scaling", "standardised" if setup.standardize else "as given"),
        ("intercept", "fitted, never penalised" if setup.intercept else "none"),
    ]
    missing = missing_text(setup.missing, setup.features)
    if missing:
        facts.append(("missing values", "; ".join(missing.split("\n"))))
    if subject.cv is not None:
        facts.append(("folds", f"{subject.cv.fold_loss.shape[1]}; {_folds(setup)}"))
    else:
        facts.append(("seed", "none: nothing here is random"))
    return facts


def _folds(setup: Setup) -> str:
    if setup.gathered is not None:
        return "settled when the data were gathered"
    return "a number of them is drawn with the seeds 0, 1, …"


def _extras(setup: Setup) -> str:
    if setup.gathered is not None:
        return ", read once and summed up"
    extras = [
        name for name, given in (("weights", setup.weights), ("offset", setup.offset)) if given is not None
    ]
    return f", with {' and '.join(extras)}" if extras else ""


def _checksum(setup: Setup) -> str:
    """Of the data, and what of X it is of."""
    layout, parts = contents_of(setup.matrix)
    if setup.gathered is not None:
        layout = "rows that have the sums of the data"
    digest = hashlib.sha256()
    for array in chain(parts, (setup.response, setup.weights, setup.offset)):
        if array is not None:
            digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return f"sha256 {digest.hexdigest()} ({layout}, y, weights, offset, as little-endian float64)"
