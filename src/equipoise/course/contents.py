"""The sections of the course, in their order."""

from __future__ import annotations

from equipoise.course.section import Section
from equipoise.course.sections.derivation import DERIVATION
from equipoise.course.sections.elastic_net import ELASTIC_NET
from equipoise.course.sections.gradient import GRADIENT
from equipoise.course.sections.gradient_kill import GRADIENT_KILL
from equipoise.course.sections.inner_product import INNER_PRODUCT
from equipoise.course.sections.kink import KINK
from equipoise.course.sections.many_features import MANY_FEATURES
from equipoise.course.sections.objective import OBJECTIVE
from equipoise.course.sections.pseudocode import PSEUDOCODE
from equipoise.course.sections.residual import RESIDUAL
from equipoise.course.sections.ridge import RIDGE
from equipoise.course.sections.summary import SUMMARY
from equipoise.course.sections.takeaway import TAKEAWAY
from equipoise.course.sections.three_rows import THREE_ROWS
from equipoise.course.sections.total_gradient import TOTAL_GRADIENT
from equipoise.course.sections.weak_and_correlated import WEAK_AND_CORRELATED

SECTIONS: tuple[Section, ...] = (
    GRADIENT,
    TOTAL_GRADIENT,
    OBJECTIVE,
    GRADIENT_KILL,
    KINK,
    RESIDUAL,
    DERIVATION,
    INNER_PRODUCT,
    MANY_FEATURES,
    WEAK_AND_CORRELATED,
    RIDGE,
    SUMMARY,
    PSEUDOCODE,
    THREE_ROWS,
    ELASTIC_NET,
    TAKEAWAY,
)


def chosen(number: object) -> tuple[Section, ...]:
    """The section of this number alone; all of them for None."""
    if number is None:
        return SECTIONS
    found = tuple(
        section for section in SECTIONS if section.number == number and not isinstance(number, bool)
    )
    if not found:
        raise ValueError(f"section is {number!r}: pass a number from 1 to {SECTIONS[-1].number}")
    return found
