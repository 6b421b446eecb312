import re

import pytest

import equipoise as eq
from equipoise.course.contents import SECTIONS

LINK = re.compile(r'<a class="(\w+)" href="#(\w+)">(.*?)</a>')


@pytest.fixture(scope="module")
def page():
    return eq.learn()


def test_every_link_leads_to_a_place_on_the_page(page):
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(ids)
    assert "contents" in ids


def test_the_contents_name_every_section_in_order_under_its_own_number(page):
    (contents,) = re.findall(r'<nav id="contents".*?</nav>', page)
    entries = re.findall(r'<li value="(\d+)"><a class="entry" href="#s(\d+)">', contents)
    assert entries == [(str(section.number),) * 2 for section in SECTIONS]


def test_a_section_ends_with_the_ways_back_to_the_contents_and_on(page):
    ends = [LINK.findall(nav) for nav in re.findall(r'<nav class="onward".*?</nav>', page)]
    anchors = [section.anchor for section in SECTIONS]
    assert [{kind: to for kind, to, _ in end} for end in ends] == [
        ({"back": anchors[k - 1]} if k else {})
        | {"up": "contents"}
        | ({"on": anchors[k + 1]} if k + 1 < len(anchors) else {})
        for k in range(len(anchors))
    ]
    assert ends[0][-1][2].endswith(" →")
    assert ends[-1][0][2].startswith("← ")


def test_a_section_alone_leads_nowhere_but_says_how_to_get_the_rest(page):
    alone = eq.learn(section=12)
    assert "<title>12. Summary table</title>" in alone
    assert re.findall(r'href="#(\w+)"', alone) == ["lessons"]
    assert "<code>equipoise learn</code> writes all of it" in alone
    assert "<title>Why a coefficient is exactly zero</title>" in page
