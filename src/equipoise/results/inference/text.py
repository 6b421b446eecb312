"""Stability selection and intervals as text: tables, and statements of the assumptions behind them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from equipoise.show.tables import LINES, names_text, number, paragraphs, printable, table_of

if TYPE_CHECKING:
    from equipoise.results.inference.intervals import Intervals
    from equipoise.results.inference.stability import Stability

WIDTH = 100  # characters of a line of text


def stability_summary(stability: Stability) -> list[str]:
    """The most frequent features, those selected marked, and a sentence about the bound."""
    selected = set(stability.support.tolist())
    head = (
        f"{len(selected)} of {stability.candidates} candidates selected in at least "
        f"{number(100 * stability.cutoff)} % of {2 * stability.pairs} halves of the {stability.units} "
        f"({stability.method})"
    )
    table = table_of(
        stability._ranked,
        lambda j: [
            stability.features[j],
            number(stability.frequency[j], 3),
            "selected" if j in selected else "",
        ],
        ["feature", "frequency", ""],
        right=[1],
        most=max(LINES, len(selected)),
    )
    return paragraphs(head, table, textwrap.fill(bound_sentence(stability), WIDTH))


def bound_sentence(stability: Stability) -> str:
    """The bound on false selections as a sentence, with its theorem and assumptions."""
    p, bound = stability.candidates, number(stability.bound, 4)
    q = number(stability.q, 4)
    size = f"a half selects {q} of {p} candidates" + (
        " on average" if stability.strengths is not None else ", the first to enter its path"
    )
    follows = {"cutoff": "the cutoff", "q": "q", "bound": "the bound"}[stability.derived]
    opening = f"With cutoff {number(stability.cutoff, 4)} and q = {q} ({size}; {follows} follows), "
    if stability.bound == float("inf"):
        return f"{opening}the theorem bounds nothing: raise the cutoff, lower q, or assume less."
    if stability.method == "subsampling":
        return (
            f"{opening}in expectation at most {bound} of those selected are features without an effect "
            "(Meinshausen & Bühlmann 2010, theorem 1, for the average over all halves), assuming that "
            f"{stability.units} are drawn independently, that all features without an effect are equally "
            "likely to be selected (they are exchangeable), and that the selection is no worse than guessing."
        )
    counted = (
        f"in expectation at most {bound} of those selected are features that a random half selects with a "
        f"probability of {number(stability.q / p, 3)} (q/p) or less"
    )
    if stability.assumption == "unimodal":
        return (
            f"{opening}{counted} (Shah & Samworth 2013, theorem 2), assuming that {stability.units} are "
            "drawn independently and that for each of these the share of pairs that select it twice has a "
            "unimodal distribution."
        )
    return (
        f"{opening}{counted} (Shah & Samworth 2013, theorem 1), assuming nothing but that {stability.units} "
        "are drawn independently. They include every feature without an effect if these are exchangeable and "
        "the selection is no worse than guessing."
    )


def intervals_summary(intervals: Intervals) -> list[str]:
    """Estimates with their intervals, and the statement of what these condition on and assume."""
    percent = number(100 * intervals.level)
    columns = intervals.estimate, intervals.lower, intervals.upper, intervals.standard_error
    order = list(range(len(intervals.features)))
    if len(order) > LINES:
        order.sort(key=lambda k: intervals.p_value[k])
    table = table_of(
        order,
        lambda k: [
            intervals.features[k],
            *(number(float(column[k]), 5) for column in columns),
            number(float(intervals.p_value[k]), 3),
        ],
        ["feature", "estimate", f"lower {percent} %", f"upper {percent} %", "standard error", "p-value"],
        right=[1, 2, 3, 4, 5],
        rest="more, all with larger p-values",
    )
    statement = textwrap.fill(intervals_sentence(intervals), WIDTH)
    return paragraphs(table or "no feature is selected: no interval", statement)


def intervals_sentence(intervals: Intervals) -> str:
    """A sentence about what each interval covers, conditions on and assumes."""
    percent = number(100 * intervals.level)
    source = {
        "given": "as given",
        "scaled lasso": "estimated by the scaled lasso",
        "full least squares": "estimated by least squares on all features",
    }[intervals.variance_from]
    noise = f"variance {number(intervals.variance, 5)} ({source})"
    if intervals.method == "selective":
        return (
            f"Each interval covers, with a probability of {percent} %, its feature's coefficient of least "
            "squares in the selected model, given that these features were selected with these signs at this "
            "l1. It conditions on that selection and assumes that l1 was chosen beforehand (not by "
            f"cross-validation on the same data) and Gaussian noise of constant {noise}. One test a feature, "
            f"not corrected for their number (Lee, Sun, Sun & Taylor 2016).{_other_selections(intervals)}"
        )
    return (
        f"Each interval covers its feature's coefficient of the linear model with a probability of {percent} "
        "% in the limit, one coefficient at a time, whatever was selected: nothing is conditioned on. It "
        "assumes few effects beside √n/log p, columns that the others do not determine, and independent "
        f"noise of constant {noise}. p-values are not corrected for their number (Zhang & Zhang 2014; van de "
        "Geer et al. 2014)."
    )


def _other_selections(intervals: Intervals) -> str:
    """What could have been selected instead, in a sentence for each case; empty if nothing."""
    pairs = zip(intervals.features, intervals.copies, strict=False)
    stand_ins = [f"{printable(name)} by {names_text(others, 8)}" for name, others in pairs if others]
    text = ""
    if stand_ins:
        text = (
            f" The selection is one of several as good, for features could be replaced by copies of them "
            f"({'; '.join(stand_ins)}): such an interval is that of what a feature and its copies have in "
            "common, and says nothing of which of them has the effect."
        )
    if not intervals.unique:
        text += (
            " The solution is not proved to be unique at this l1: other features may have been selected as "
            "well, and the intervals condition on the selection that was found."
        )
    return text
