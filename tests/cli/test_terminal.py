"""What a terminal shows: colour and width, in a pseudo-terminal, against what a pipe gets."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from equipoise.cli.terminal import fitted, painted

MAIN = (sys.executable, "-c", "from equipoise.cli import main; main()")
ANSI = re.compile(r"\x1b\[[\d;]*m")
UNSET = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")


def environment(**given):
    return {name: value for name, value in os.environ.items() if name not in UNSET} | given


def shown(*args, width=80, **given):
    """What a terminal of some columns gets."""
    pty, termios, fcntl = (pytest.importorskip(name) for name in ("pty", "termios", "fcntl"))
    import struct

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    env = environment(**{"TERM": "xterm"} | given)
    with subprocess.Popen(
        [*MAIN, *map(str, args)], stdout=theirs, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=env
    ) as process:
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # what Linux says at the end
                break
            if not part:
                break
            parts.append(part)
        assert process.stderr.read() == b""
    os.close(ours)
    assert process.returncode == 0
    return b"".join(parts).decode().replace("\r\n", "\n")


@pytest.fixture
def model(succeed, diabetes, tmp_path):
    succeed("fit", diabetes, "--target", "progression", "--l1", 1000, "--save", tmp_path / "model.json")
    return tmp_path / "model.json"


# ---- colour ----------------------------------------------------------------------------------------


def test_a_terminal_shows_colour_and_otherwise_the_same_text(succeed, diabetes):
    command = ("fit", diabetes, "--target", "progression", "--l1", 2000)
    plain = succeed(*command)
    # As wide as the file's page, no line is filled otherwise.
    coloured = shown(*command, width=110)
    assert ANSI.sub("", coloured).split() == plain.split()
    assert "\x1b" not in plain
    assert "\x1b[1m5 of 10 features\x1b[0m kept" in coloured
    assert "\x1b[32mbmi\x1b[0m       510.479" in coloured
    assert "s6 \x1b[31mis zero\x1b[0m because" in coloured
    assert "\x1b[31m5 explained away\x1b[0m (others took the pull)" in coloured
    assert "Certificate: \x1b[1m\x1b[32moptimal\x1b[0m: every pull" in coloured


@pytest.mark.parametrize(
    "given", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}]
)
def test_nobody_sees_colour_who_does_not_want_it(given, three_rows):
    assert "\x1b" not in shown("fit", three_rows, "--target", "y", "--l1", 1, **given)


def test_a_pipe_has_colour_only_by_force(succeed, three_rows, monkeypatch):
    command = ("fit", three_rows, "--target", "y", "--l1", 1)
    plain = succeed(*command)
    for value, coloured in (("1", True), ("0", False), ("", False)):
        monkeypatch.setenv("FORCE_COLOR", value)
        printed = succeed(*command)
        assert ("\x1b" in printed) == coloured
        assert ANSI.sub("", printed) == plain


@pytest.mark.parametrize("more", [("--json",), ("--table", "markdown"), ("--table", "latex")])
def test_documents_and_papers_have_neither_colour_nor_blocks(more, succeed, three_rows):
    command = ("fit", three_rows, "--target", "y", "--l1", 1, *more)
    plain = re.sub(r'"when": "[^"]*"', "", succeed(*command))
    assert re.sub(r'"when": "[^"]*"', "", shown(*command, width=40, FORCE_COLOR="1")) == plain


def test_files_have_no_colour(diabetes, model, tmp_path):
    shown("predict", model, diabetes, "-o", tmp_path / "out.csv", FORCE_COLOR="1")
    shown(
        "report", diabetes, "--target", "progression", "--l1", 900, "-o", tmp_path / "r.html", FORCE_COLOR="1"
    )
    for file in (tmp_path / "out.csv", tmp_path / "r.html", model):
        assert b"\x1b" not in file.read_bytes()


@pytest.mark.parametrize(
    ("line", "colour"),
    [
        ("Certificate: optimal: every pull is balanced", "32"),
        ("Certificate: optimal, but it is not proved", "33"),
        ("Certificate: optimal as far as float64 can tell", "33"),
        ("Certificate: not certified: rounding keeps", "31"),
        ("Audit: not the solution: the objective can", "31"),
        ("Audit: as good as its digits: a solution", "33"),
    ],
)
def test_the_verdict_has_the_colour_of_its_kind(line, colour):
    assert re.findall(r"\x1b\[(\d+)m", painted(line)) == ["1", colour, "0"]


def test_every_status_has_a_colour():
    from equipoise import Status

    for status in Status:
        assert "\x1b" in painted(f"Certificate: {status.value}.")


def test_the_sheet_and_the_changes_are_told_apart():
    assert painted("s5  1  active  7") == "s5  1  \x1b[32mactive\x1b[0m  7"
    assert painted("s4  0  killed: explained away  7") == "s4  0  \x1b[31mkilled: explained away\x1b[0m  7"
    assert painted("s5  4  0  leaves").endswith("\x1b[31mleaves\x1b[0m")
    assert painted("a sentence on what is active and killed") == "a sentence on what is active and killed"


def test_what_a_file_holds_cannot_colour(odd):
    told = shown("fit", odd, "--target", "y", "--choose", "best")
    assert "esc\\x1b[31m" in ANSI.sub("", told)


# ---- width -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [50, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(width, succeed, diabetes):
    shutil.copy(diabetes, ".")  # a short name
    command = ("fit", "diabetes.csv", "--target", "progression", "--l1", 1000)
    plain, told = succeed(*command), ANSI.sub("", shown(*command, width=width))
    assert max(map(len, told.split("\n"))) <= width
    assert told.split() == plain.split()


def test_prose_fills_a_wide_terminal(succeed, model, diabetes):
    command = ("what-if", model, diabetes, "--without", "s5")
    assert max(map(len, succeed(*command).split("\n"))) <= 100
    assert max(map(len, ANSI.sub("", shown(*command, width=200)).split("\n"))) > 130


@pytest.mark.parametrize("width", [40, 60, 90])
def test_a_wide_table_comes_in_blocks_with_every_cell_in_its_row(width, succeed, model, diabetes):
    """The cells of each feature, block after block, are those of its row in a pipe."""

    def rows(text):
        found = {}
        for line in text.split("\n\npull: ")[0].split("\n"):
            name, *cells = re.split(r" {2,}", line.strip())
            found.setdefault(name, []).extend(cells)
        return found

    told = ANSI.sub("", shown("explain", model, diabetes, width=width))
    assert rows(told) | {"": []} == rows(succeed("explain", model, diabetes)) | {"": []}
    assert told.count("feature  ") > 1
    assert max(map(len, told.split("\n"))) <= width


def test_a_trace_keeps_sweep_and_feature_in_each_block():
    table = [
        "sweep  feature  pull  verdict",
        "    1  x1          5  kept",
        "  ⋮  17 more steps",
        "    2  x2          2  killed",
    ]
    assert fitted("\n".join(table), 22).split("\n") == [
        "sweep  feature  pull",
        "    1  x1          5",
        "  ⋮  17 more steps",
        "    2  x2          2",
        "",
        "sweep  feature  verdict",
        "    1  x1       kept",
        "  ⋮",
        "    2  x2       killed",
    ]


def test_a_table_of_wide_characters_is_left_whole():
    table = "feature  coef  pull\n数字          1     2"
    assert fitted(table, 10) == table


def test_only_the_ends_of_a_filled_page_are_taken_out():
    filled = "a " * 49 + "a\nwords that went on"  # 99 characters: the next word had no room
    assert fitted(filled, 200) == "a " * 49 + "a words that went on"
    assert fitted("a short line\nanother", 200) == "a short line\nanother"
    assert fitted("a" * 99 + "\n  an indented line", 200) == "a" * 99 + "\n  an indented line"


def test_help_follows_the_terminal(succeed):
    lines = shown("fit", "-h", width=150).split("\n")
    assert 100 < max(map(len, lines)) <= 150
    assert max(map(len, shown("fit", "-h", width=60).split("\n"))) <= 60
    assert max(map(len, succeed("fit", "-h").split("\n"))) <= 80
