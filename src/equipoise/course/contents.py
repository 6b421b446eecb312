"""The sections of the course, in their order."""

from __future__ import annotations

from equipoise.course.section import Section
from equipoise.course.sections.elastic_net import ELASTIC_NET
from equipoise.course.sections.gradient_kill import GRADIENT_KILL
from equipoise.course.sections.summary import SUMMARY
from equipoise.course.sections.takeaway import TAKEAWAY

SECTIONS: tuple[Section, ...] = (GRADIENT_KILL, SUMMARY, ELASTIC_NET, TAKEAWAY)


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
