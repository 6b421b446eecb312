"""What every page is made of: text escaped, numbers packed, scripts joined, nothing asked of the network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from equipoise.show.tables import printable


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


@dataclass(frozen=True)
class Heading:
    """What a page is about: names from the data, of any language, and words of ours.

    Attributes
    ----------
    target, source : str
        Name of the response, and where the data come from: "diabetes.csv", "an array".
    finding : str
        The rest of the heading.
    """

    target: str
    source: str
    finding: str

    @property
    def html(self) -> str:
        """The heading in HTML; a name written from right to left does not turn the words around it."""
        target, source = (f"<bdi>{text_of(name)}</bdi>" for name in (self.target, self.source))
        return f"{target} from {source}: {text_of(self.finding)}"

    @property
    def tab(self) -> str:
        """The same for the name of a tab, which knows no elements."""
        target, source = (_isolated(name) for name in (self.target, self.source))
        return f"{target} from {source}: {text_of(self.finding)} – equipoise"


def _isolated(name: str) -> str:
    """Text between the marks that keep its direction to itself, if any of it runs from right to left."""
    shown = text_of(name)
    turned = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)
    return f"\u2068{shown}\u2069" if turned else shown


def name_of(name: str) -> str:
    r"""A name from the data as a page shows it: what does not print escaped, and one of blanks in quotes.

    Examples
    --------
    >>> name_of(" "), name_of("new\nline")
    ('“ ”', 'new\\nline')
    """
    return printable(name) if name.strip() else f"“{printable(name)}”"


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
    """The text of a file of the package, by its path in it: ``show/page/base.css``."""
    return resources.files("equipoise").joinpath(name).read_text("utf-8")
