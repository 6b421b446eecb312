"""`equipoise learn`: the course on one page."""

from __future__ import annotations

import os
from typing import Annotated

from typer import Option

from equipoise.cli.groups import flat
from equipoise.cli.printing import say

PAGE = "learn.html"


@flat
def learn(
    *,
    output: Annotated[
        str, Option("--output", "-o", metavar="FILE", help="The page to write, replacing an old one.")
    ] = PAGE,
    section: Annotated[
        int | None, Option("--section", metavar="N", help="Write this section alone, 1 to 16.")
    ] = None,
) -> None:
    """Write a course on one page: how a penalty makes coefficients exactly zero.

    Sixteen sections, from what a slope is to the elastic net, each with something to move and the code that
    computes the same. The page is one file that works offline.
    """
    from equipoise.course.contents import chosen
    from equipoise.course.learn import learn as write

    sections = chosen(section)
    if output == PAGE:
        _refuse_foreign(output)
    write(output, section=section)
    what = "the course" if section is None else f"section {section}, {sections[0].title}"
    say(f"{what[0].upper()}{what[1:]}, written to {output}: open it in a browser.")


def _refuse_foreign(output: str) -> None:
    """Refuse to replace a file of the page's usual name that is no page of ours."""
    if not os.path.isfile(output):
        return
    with open(output, "rb") as file:
        if b'content="equipoise ' not in file.read(4096):
            raise ValueError(f"{output} is here and no page of equipoise: name another file with -o")
