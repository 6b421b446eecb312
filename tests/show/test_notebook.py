"""HTML for notebooks, read again by a parser that knows nothing of how it was made."""

from html.parser import HTMLParser

import pytest

from equipoise.show.notebook import html_of
from equipoise.show.tables import align

SAFE = {"div", "p", "table", "thead", "tbody", "tr", "th", "td", "bdi"}


class Reader(HTMLParser):
    """Rows of cells, paragraphs, tags, and what stands in a <bdi>."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.paragraphs, self.tags, self.isolated, self.attributes = [], [], [], [], []
        self._open = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._open.append(tag)
        self.attributes += attrs
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")
        elif tag == "p":
            self.paragraphs.append("")
        elif tag == "bdi":
            self.isolated.append("")

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "bdi" in self._open:
            self.isolated[-1] += data
        if "p" in self._open:
            self.paragraphs[-1] += data
        else:
            assert {"th", "td"} & set(self._open)
            self.rows[-1][-1] += data


NASTY = ["<script>alert(1)</script>", "a & b", "", "  x  y", '"quoted"', "naïve", "x" * 300, "&lt;"]


def test_a_table_is_read_back_cell_by_cell():
    cells = [[name, str(i), ""] for i, name in enumerate(NASTY)]
    found = Reader(html_of([align(cells, ["", "coef", ""])]))
    assert found.rows == [["", "coef", ""], *cells]
    assert set(found.tags) <= SAFE


def test_a_row_that_is_a_text_stands_across():
    table = align([["a", "1"], "… and 7 more", ["b", "-2"]], ["feature", "coef"])
    assert table == "feature  coef\na           1\n… and 7 more\nb          -2"
    found = Reader(html_of([table]))
    assert found.rows == [["feature", "coef"], ["a", "1"], ["… and 7 more"], ["b", "-2"]]
    assert ("colspan", "2") in found.attributes


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("line\nend", "line\\nend"),
        ("\u202eevil", "\\u202eevil"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x00", "\\x00"),
    ],
)
def test_what_does_not_print_is_escaped_as_in_a_terminal(name, shown):
    table = align([[name, "1"]], ["feature", "coef"])
    assert shown in table
    assert Reader(html_of([table])).rows[1] == [shown, "1"]


def test_lines_are_paragraphs_and_wrapped_ones_flow():
    found = Reader(html_of(["one\ntwo", "", "  three <b>\n    four"]))
    assert [" ".join(text.split()) for text in found.paragraphs] == ["one two", "three <b> four"]
    assert "b" not in found.tags


@pytest.mark.parametrize("name", ["גיל", "شاخص توده", "ܐܒܓ", "גיל_2"])
def test_words_from_right_to_left_keep_to_themselves(name):
    table = align([[name, "1"]], ["feature", "coef"])
    found = Reader(html_of([f"{name} is zero: others (x1 takes 5) leave 3", table]))
    assert found.isolated == [name, name]
    assert found.paragraphs == [f"{name} is zero: others (x1 takes 5) leave 3"]
    assert found.rows[1] == [name, "1"]


def test_colours_are_the_notebooks_own():
    html = html_of(["text", align([["a", "1"]], ["feature", "coef"])])
    # The rule under the header is grey, seen on any ground; nothing else has a colour.
    assert "background" not in html
    assert html.replace("rgba(128,128,128,.6)", "").count("rgb") == 0
    assert "color:" not in html
    assert "#" not in html


def test_numbers_stand_on_the_right():
    html = html_of([align([["a", "1"]], ["feature", "coef"])])
    cells = html.split("<td ")[1:]
    assert "text-align:left" in cells[0]
    assert "text-align:right" in cells[1]
