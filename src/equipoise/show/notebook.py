"""Results as a notebook shows them: the lines and tables of ``print``, as HTML in the notebook's own colours.

Styles stand on the elements themselves, for notebooks remove style sheets from outputs they do not trust.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from equipoise.show.page.document import text_of
from equipoise.show.tables import Table

RULE = "1px solid rgba(128,128,128,.6)"  # seen on light and on dark
CELL = "padding:.15em .7em .15em 0;vertical-align:top"
NUMBER = f"{CELL};text-align:right;white-space:nowrap"
TEXT = f"{CELL};text-align:left;white-space:pre-wrap;max-width:min(20em,45vw);overflow-wrap:break-word"

# Words of right-to-left scripts, with what is written in one go with them.
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
_WORDS = re.compile(rf"[{_RIGHT_TO_LEFT}][\w{_RIGHT_TO_LEFT}]*(?: [{_RIGHT_TO_LEFT}][\w{_RIGHT_TO_LEFT}]*)*")


def html_of(lines: Sequence[str]) -> str:
    """What these lines say, as HTML: each is a paragraph or a :class:`Table`, and an empty one a gap.

    A line end within a line is only where a terminal wraps; a line that begins with blanks is indented.

    Examples
    --------
    >>> html_of(["a < b"])
    '<div dir="ltr"><p style="margin:0;max-width:60em">a &lt; b</p></div>'
    """
    return f'<div dir="ltr">{"".join(map(_block, lines))}</div>'


def _block(line: str) -> str:
    if isinstance(line, Table):
        return _table(line)
    if not line:
        return '<div style="height:.7em"></div>'
    # What is indented belongs to the line before, as its second lines do in a terminal.
    indent = "0 0 0 1.5em" if line.startswith(" ") else "0"
    return f'<p style="margin:{indent};max-width:60em">{_text(line.strip(), lines=True)}</p>'


def _table(table: Table) -> str:
    style = [NUMBER if i in table.right else TEXT for i in range(len(table.header))]
    head = "".join(
        f'<th scope="col" style="{look};border-bottom:{RULE}">{_text(title)}</th>'
        for title, look in zip(table.header, style, strict=True)
    )
    rows = "".join(f"<tr>{_cells(row, style)}</tr>" for row in table.rows)
    return (
        '<div style="overflow-x:auto"><table style="margin:0;width:max-content;border-collapse:collapse;'
        f'font-variant-numeric:tabular-nums"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _cells(row: Sequence[str], style: Sequence[str]) -> str:
    if isinstance(row, str):
        return f'<td colspan="{len(style)}" style="{TEXT}">{_text(row.strip())}</td>'
    return "".join(f'<td style="{look}">{_text(cell)}</td>' for cell, look in zip(row, style, strict=True))


def _text(text: str, lines: bool = False) -> str:
    """Text as HTML, in which words written from right to left leave the order of the others alone."""
    return _WORDS.sub(r"<bdi>\g<0></bdi>", text_of(text, lines))
