"""What the words of a report mean."""

from __future__ import annotations

from equipoise.objective.losses.base import Words
from equipoise.results.balance.text import REASONS
from equipoise.results.report.subject import Subject


def _ratios(words: Words, *, standardize: bool) -> list[tuple[str, str]]:
    """What e to a coefficient says, where it says something."""
    if words.ratio is None:
        return []
    what = words.multiplied or words.mean
    told = f"By what one unit more of the feature multiplies the {what}, all others as they are: e to the "
    terms = [(words.ratio, f"{told}power of coef. At 1 nothing changes.")]
    also = "The same of one standard deviation of the feature, by which features of different units compare."
    return [*terms, ("of one sd", also)] if standardize else terms


def terms_of(subject: Subject) -> list[tuple[str, str]]:
    """Words and their meanings, for a reader who has seen none of them."""
    setup = subject.setup
    loss, words = setup.loss, setup.loss.words
    ratio = ", all others as they are" if words.ratio else ""
    left = "what the model leaves unexplained" if loss.squared else loss.left
    weighed = ", times the weight of the row" if setup.weights is not None else ""
    charge = "l1 times the standard deviation of the feature" if setup.standardize else "l1"
    ridge = ", plus 2·l2·|coef|" if setup.penalty.l2.any() else ""
    reasons = "; ".join(f"{reason}: {meaning}" for reason, meaning in REASONS.items())
    return [
        (
            "coef",
            f"By how much the {words.predictor} changes when the feature grows by one unit{ratio}. At 0 the "
            "feature has no part in it.",
        ),
        *_ratios(words, standardize=setup.standardize),
        (
            "pull",
            "How hard the data pull on the coefficient: the sum over the rows of feature × residual"
            f"{weighed}, the residual being {left}. A positive pull is upwards.",
        ),
        (
            "alone",
            "The pull that there would be if no other penalised feature were in the model. The others "
            "explain some of the same rows, and so take from it or add to it.",
        ),
        (
            "limit",
            f"The largest pull that the penalty can hold: {charge}{ridge}. From −limit to +limit is the "
            "dead zone.",
        ),
        (
            "slack",
            "The limit less the size of the pull: how much more it would take to bring a zero into the "
            "model. A feature in the model has none.",
        ),
        (
            "status",
            "active: in the model, its pull balanced by the limit. killed: its pull does not exceed the "
            f"limit, so the coefficient is exactly 0. Why, in the words used here: {reasons}.",
        ),
        (
            "enters at",
            "The strength of the penalty at which the coefficient becomes other than 0: for a zero the next "
            "one as the penalty is weakened from here, for a feature in the model the last one passed.",
        ),
    ]
