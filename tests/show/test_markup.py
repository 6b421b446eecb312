"""Tables for papers, read by a parser of Markdown and by TeX, and compared with what was written by hand."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from equipoise.show.markup import latex_table, markdown_table

AWKWARD = [
    "a|b",
    "s_5_",
    "*x*",
    "`code`",
    "<b>",
    "R&D",
    "A&lt;B",
    "50 %",
    "#1",
    "$x$",
    "a^2",
    "~",
    "{z}",
    "[1, 2)",
    "[a](b)",
    "C:\\temp\\",
    "x--y---z",
    "?`",
    "größe",
    "~~no~~",
    "tab\there",
]


def read_markdown(text):
    """The header and the rows of a table, and how its columns are aligned, as markdown-it reads them."""
    rows, aligned = [], []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "th_open":
            aligned.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
        elif token.type == "inline":
            assert {child.type for child in token.children} <= {"text", "text_special"}, token.content
            rows[-1].append("".join(child.content for child in token.children))
    return rows, aligned


def test_markdown_is_read_as_it_was_meant():
    columns = {"a|b_": AWKWARD, "coef": [k / 3 for k in range(len(AWKWARD))]}
    (header, *rows), aligned = read_markdown(markdown_table(columns, 4))
    assert header == ["a|b_", "coef"]
    assert [name for name, _ in rows] == [name.replace("\t", "\\t") for name in AWKWARD]
    assert [number for _, number in rows][:4] == ["0", "0.3333", "0.6667", "1"]
    assert aligned == ["", "right"]


@given(
    st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1), min_size=1)
)
def test_any_printable_name_comes_back_from_markdown(names):
    (_, *rows), _ = read_markdown(markdown_table({"name": names}, 6))
    assert rows == [[name] for name in names]


@pytest.mark.parametrize(
    ("value", "markdown", "latex"),
    [
        (None, "–", "–"),
        (float("nan"), "–", "–"),
        (float("inf"), "∞", r"$\infty$"),
        (float("-inf"), "-∞", r"$-\infty$"),
        (-0.0, "0", "$0$"),
        (1234567, "1234567", "$1234567$"),
        (1234567.0, "1.23e6", r"$1.23 \times 10^{6}$"),
        (-2e-12, "-2e-12", r"$-2 \times 10^{-12}$"),
        (True, "yes", "yes"),
        (2 / 3, "0.667", "$0.667$"),
    ],
)
def test_a_value_of_each_kind(value, markdown, latex):
    assert markdown_table({"x": [value]}, 3).split("\n")[2] == f"| {markdown} |"
    assert latex_table({"x": [value]}, 3).split("\n")[4] == f"{latex} \\\\"


def test_decimal_points_stand_below_each_other():
    table = latex_table({"x": [510.479, -11.5, 3.0, 1e-9, None]}, 6)
    assert table.split("\n")[4:9] == [
        r"$510.479$ \\",
        r"$-11.5\phantom{00}$ \\",
        r"$3\phantom{.000}$ \\",
        r"$1 \times 10^{-9}$ \\",
        r"– \\",
    ]


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("R&D_50%", r"R\&D\_50\%"),
        ("#1 {z} $x$", r"\#1 \{z\} \$x\$"),
        ("a\\b", r"a\textbackslash{}b"),
        ("x^2 ~ y", r"x\textasciicircum{}2 \textasciitilde{} y"),
        ("<a|b>", r"\textless{}a\textbar{}b\textgreater{}"),
        ("[1, 2)*", "{[}1, 2){*}"),
        ("a-b--c---d", "a-b-{}-c-{}-{}-d"),
        ("größe", "größe"),
    ],
)
def test_what_tex_would_act_on_is_escaped(text, latex):
    lines = latex_table({text: [text]}, 6).split("\n")
    assert (lines[2], lines[4]) == (f"{latex} \\\\", f"{latex} \\\\")


def test_numbers_stand_right_and_text_left():
    columns = {"name": ["a"], "count": [3], "x": [None], "y": [None, 1.0][1:], "kept": [False]}
    assert latex_table(columns, 6).startswith("\\begin{tabular}{lrlrl}\n\\toprule\n")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="TeX is not installed")
def test_tex_takes_it(tmp_path):
    columns = {"a_b & c": AWKWARD, "coef": [10.0**k for k in range(len(AWKWARD))]}
    document = (
        "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n"
        f"{latex_table(columns, 4)}\n\\end{{document}}\n"
    )
    (tmp_path / "table.tex").write_text(document, encoding="utf-8")
    run = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "table.tex"],
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]
