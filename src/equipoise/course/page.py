"""The page of the course: sections, their numbers and one script put together."""

from __future__ import annotations

from collections.abc import Sequence
from string import Template

from equipoise.course.section import Section
from equipoise.show.page.document import asset, bundle, embed, policy_of, text_of
from equipoise.show.page.version import version

SHARED = (
    "show/page/common.js",
    "show/page/drawing.js",
    "course/controls.js",
    "course/two.js",
    "course/running.js",
)


def page(sections: Sequence[Section]) -> str:
    """The sections as one HTML document that requests nothing from the network."""
    script = bundle([*SHARED, *(f"course/sections/{section.name}.js" for section in sections)])
    return Template(asset("course/course.html")).substitute(
        policy=policy_of([script]),
        version=text_of(version()),
        title=text_of(_title(sections)),
        style=asset("show/page/base.css") + asset("course/course.css"),
        contents=_contents(sections),
        sections="\n".join(_section(section) + _onward(k, sections) for k, section in enumerate(sections)),
        data=embed({section.anchor: section.numbers() for section in sections}),
        script=script,
    )


def _title(sections: Sequence[Section]) -> str:
    if len(sections) == 1:
        return f"{sections[0].number}. {sections[0].title}"
    return "Why a coefficient is exactly zero"


def _contents(sections: Sequence[Section]) -> str:
    if len(sections) == 1:
        return '<p class="note">One section of the course: <code>equipoise learn</code> writes all of it.</p>'
    entries = "".join(f'<li value="{section.number}">{_link(section)}</li>' for section in sections)
    return f'<nav id="contents" aria-label="Sections"><ol class="contents">{entries}</ol></nav>'


def _onward(k: int, sections: Sequence[Section]) -> str:
    """The links at the end of a section, where there are others on the page."""
    if len(sections) == 1:
        return ""
    back = _link(sections[k - 1], "back", "← {}") if k else ""
    on = _link(sections[k + 1], "on", "{} →") if k + 1 < len(sections) else ""
    return (
        f'<nav class="onward" aria-label="From section {sections[k].number}">{back}'
        f'<a class="up" href="#contents">Contents</a>{on}</nav>'
    )


def _link(section: Section, kind: str = "entry", text: str = "{}") -> str:
    return f'<a class="{kind}" href="#{section.anchor}">{text.format(text_of(section.title))}</a>'


def _section(section: Section) -> str:
    words = {name: text_of(text) for name, text in section.words().items()}
    body = Template(asset(f"course/sections/{section.name}.html")).substitute(words)
    anchor = section.anchor
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title">\n'
        f'<h2 id="{anchor}-title"><span class="count">{section.number}</span> {text_of(section.title)}</h2>\n'
        f"{body}{_code('Python', section.python)}{_code('a shell', section.shell)}</section>\n"
    )


def _code(where: str, lines: str) -> str:
    if not lines:
        return ""
    return f'<p class="note">The same in {where}:</p>\n<pre class="code">{text_of(lines, lines=True)}</pre>\n'
