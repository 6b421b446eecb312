"""What every page is made of: text escaped, numbers packed, scripts joined, nothing asked of the network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Sequence
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
