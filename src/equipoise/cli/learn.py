"""`equipoise learn`: the course on one page."""

from __future__ import annotations

import os
from typing import Annotated

from typer import Option

from equipoise.cli.groups import flat
from equipoise.cli.printing import say
from equipoise.cli.writing import refuse_overwrite

OURS = b'content="equipoise learn '
"""What the head of every page of the course holds."""


@flat
def learn(
    *,
    output: Annotated[
        str, Option("--output", "-o", metavar="FILE", help="The page to write, replacing an older one.")
    ] = "learn.html",
    section: Annotated[
        int | None, Option("--section", metavar="N", help="Write this section alone, 1 to 16.")
    ] = None,
) -> None:
    """Write a course on one page: how a penalty makes coefficients exactly zero.

    Sixteen sections, from what a slope is to the elastic net, each with something to move and the code that
    computes the same. The page is one file that works offline. A file that is no page of the course is never
    replaced.
    """
    from equipoise.course.contents import chosen
    from equipoise.course.learn import learn as write

    sections = chosen(section)
    refuse_overwrite(output)
    _refuse_foreign(output)
    write(output, section=section)
    what = "The course" if section is None else f"Section {section} ({sections[0].title})"
    say(f"{what} is written to {output}: open it in a browser.")


def _refuse_foreign(output: str) -> None:
    """Refuse to replace a file that is no page of the course; an empty one holds nothing to lose."""
    if not os.path.isfile(output) or not os.path.getsize(output):
        return
    with open(output, "rb") as file:
        if OURS not in file.read(4096):
            raise ValueError(f"{output} is no page of the course, and is kept: name another file with -o")
