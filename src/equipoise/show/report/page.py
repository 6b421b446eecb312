"""The page of a report: its words in HTML, its numbers, styles and scripts inlined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import Template
from typing import Any

from equipoise.show.page.document import Heading, asset, bundle, embed, name_of, policy_of, text_of

SHARED = ("common.js", "drawing.js", "marks.js")
DRAWN = ("strengths.js", "pulls.js", "lines.js", "probabilities.js", "charts.js")
OWN = ("state.js", *DRAWN, "terms.js", "sheet.js", "story.js", "start.js")
SCRIPTS = (*(f"show/page/{name}" for name in SHARED), *(f"show/report/{name}" for name in OWN))
"""The page's script, in the order in which its files are joined."""


@dataclass(frozen=True)
class Words:
    """The text of the page.

    Attributes
    ----------
    heading : Heading
        What the page is about.
    terms : sequence of (str, str)
        Words and their meanings; those of columns of the table have a mark there that opens them.
    finding : str
        The sentences below the heading.
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

    heading: Heading
    terms: Sequence[tuple[str, str]]
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
    return Template(asset("show/report/page.html")).substitute(
        policy=policy_of(scripts),
        version=text_of(version),
        tab=words.heading.tab,
        title=words.heading.html,
        terms=_terms(words.terms),
        finding=text_of(words.finding),
        kept=_kept(words.kept),
        left_out=f'<p class="note">{text_of(words.left_out)}</p>' if words.left_out else "",
        certificate="\n".join(f"<p>{text_of(paragraph)}</p>" for paragraph in words.certificate),
        reproduce=_facts(words.facts) + f"<pre>{text_of(words.recipe, lines=True)}</pre>",
        walkthrough=walkthrough,
        style=asset("show/page/base.css") + asset("show/report/report.css"),
        data=embed(data),
        script=script,
    )


def _kept(kept: Sequence[tuple[str, str]], most: int = 15) -> str:
    if not kept:
        return ""
    items = [
        f"<span><b><bdi>{text_of(name_of(name))}</bdi></b> {text_of(coef)}</span>"
        for name, coef in kept[:most]
    ]
    rest = len(kept) - most
    if rest > 0:
        items.append(f"<span>and {rest} more</span>")
    return f'<p class="names">{" ".join(items)}</p>'


def _terms(terms: Sequence[tuple[str, str]]) -> str:
    shown = [(text_of(term), text_of(what)) for term, what in terms]
    rows = (f'<dt>{term}</dt><dd data-term="{term}">{what}</dd>' for term, what in shown)
    return f"<dl>{''.join(rows)}</dl>"


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    return (
        "<dl>"
        + "".join(f"<dt>{text_of(term)}</dt><dd>{text_of(what)}</dd>" for term, what in facts)
        + "</dl>"
    )
