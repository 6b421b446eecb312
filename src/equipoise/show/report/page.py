"""The HTML page: text escaped, numbers packed, styles and scripts inlined."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from string import Template
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from equipoise.show.tables import printable

SCRIPTS = ("common.js", "state.js", "drawing.js", "pulls.js", "lines.js", "sheet.js", "story.js", "start.js")
"""The page's script, in the order in which its files are joined."""


@dataclass(frozen=True)
class Words:
    """The text of the page.

    Attributes
    ----------
    title, finding : str
        The heading and the sentences below it.
    kept : sequence of (str, str)
        Name and coefficient of each feature that is kept.
    left_out : str
        Which features have no row, and why; empty if all have one.
    certificate : sequence of str
        Paragraphs about the certificate.
    facts : sequence of (str, str)
        Terms and descriptions of the data and of what was done with them.
    recipe : str
        The commands that reproduce the result.
    """

    title: str
    finding: str
    kept: Sequence[tuple[str, str]]
    left_out: str
    certificate: Sequence[str]
    facts: Sequence[tuple[str, str]]
    recipe: str


def render(words: Words, data: dict[str, Any], *, version: str, walkthrough: str = "") -> str:
    """Write the page as one HTML document that requests nothing from the network.

    A content security policy in its head makes the browser refuse every request, and every script but the
    page's own, whatever the names of the features may be.

    Parameters
    ----------
    words : Words
        The text; escaped here.
    data : dict
        The numbers that are drawn; JSON-able.
    version : str
        The library's version.
    walkthrough : str
        A further section, as HTML; the policy allows its scripts.
    """
    script = bundle(SCRIPTS)
    scripts = [script, *re.findall(r"<script>(.*?)</script>", walkthrough, flags=re.DOTALL)]
    return Template(asset("page.html")).substitute(
        policy=policy_of(scripts),
        version=text_of(version),
        title=text_of(words.title),
        finding=text_of(words.finding),
        kept=_kept(words.kept),
        left_out=f'<p class="note">{text_of(words.left_out)}</p>' if words.left_out else "",
        certificate="\n".join(f"<p>{text_of(paragraph)}</p>" for paragraph in words.certificate),
        reproduce=_facts(words.facts) + f"<pre>{text_of(words.recipe, lines=True)}</pre>",
        walkthrough=walkthrough,
        style=asset("page.css"),
        data=embed(data),
        script=script,
    )


def bundle(names: Sequence[str]) -> str:
    """Join script files, in this order, into one script whose names no other script sees."""
    return "(() => {\n'use strict';\n" + "\n".join(map(asset, names)) + "})();"


def embed(data: Any) -> str:
    r"""JSON, in ASCII, that is safe inside a script element: nothing in it can end the element.

    Examples
    --------
    >>> embed(["</script>", "a&b"])
    '["\\u003c/script\\u003e","a\\u0026b"]'
    """
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def pack(values: ArrayLike) -> str:
    """Pack numbers, row by row, as base64 of little-endian float64: short, and no digit is lost.

    Examples
    --------
    >>> pack([1.0])
    'AAAAAAAA8D8='
    """
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode("ascii")


def _kept(kept: Sequence[tuple[str, str]], most: int = 15) -> str:
    if not kept:
        return ""
    items = [f"<span><b>{text_of(name)}</b> {text_of(coef)}</span>" for name, coef in kept[:most]]
    rest = len(kept) - most
    if rest > 0:
        items.append(f"<span>and {rest} more</span>")
    return f'<p class="names">{" ".join(items)}</p>'


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    return (
        "<dl>"
        + "".join(f"<dt>{text_of(term)}</dt><dd>{text_of(what)}</dd>" for term, what in facts)
        + "</dl>"
    )


def text_of(text: str, lines: bool = False) -> str:
    """Text as HTML, non-printing characters escaped; with ``lines``, line ends are kept."""
    return "\n".join(escape(printable(line)) for line in (text.split("\n") if lines else [text]))


def policy_of(scripts: Sequence[str]) -> str:
    """The content security policy of a page that runs these scripts and requests nothing from the network."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    rest = "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; script-src {hashes}; {rest}"


def write_page(page: str, path: str | os.PathLike[str] | None) -> str | None:
    """Write a page to a file, which is replaced at once or left alone; without a path, return the page."""
    if path is None:
        return page
    from equipoise.data.files.writing import write_text_atomically

    write_text_atomically(os.fspath(path), page)
    return None


def asset(name: str) -> str:
    """The text of a file in this folder."""
    return resources.files("equipoise.show.report").joinpath(name).read_text("utf-8")
