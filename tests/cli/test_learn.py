import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import equipoise as eq
from equipoise.course.contents import SECTIONS


def sections(file):
    return re.findall(r'<section id="(\w+)"', file.read_text("utf-8"))


def test_the_whole_course_is_written_where_nothing_is_said(succeed, tmp_path):
    assert succeed("learn") == "The course is written to learn.html: open it in a browser.\n"
    assert os.listdir(tmp_path) == ["learn.html"]
    assert {"s4", "s16"} <= set(sections(tmp_path / "learn.html"))
    assert (tmp_path / "learn.html").read_text("utf-8") == eq.learn()


def test_one_section_under_a_name_of_ones_own(succeed, tmp_path):
    told = succeed("learn", "--section", 4, "-o", "gradient-kill.html")
    assert told.startswith("Section 4 (What is “gradient kill”?) is written to gradient-kill.html: ")
    assert sections(tmp_path / "gradient-kill.html") == ["s4"]


def test_an_older_page_of_the_course_is_replaced(succeed, tmp_path):
    (tmp_path / "learn.html").touch()
    succeed("learn", "--section", 4)
    succeed("learn", "--section", 16)
    assert sections(tmp_path / "learn.html") == ["s16"]


@pytest.mark.parametrize(
    "output", [(), ("-o", "learn.html"), ("-o", "./learn.html"), ("--output=learn.html",)]
)
def test_a_file_of_somebody_else_stays(mistake, tmp_path, output):
    (tmp_path / "learn.html").write_text("<p>my own notes</p>")
    told = mistake("learn", *output)
    assert told.endswith("learn.html is no page of the course, and is kept: name another file with -o")
    assert (tmp_path / "learn.html").read_text() == "<p>my own notes</p>"


def test_a_report_of_equipoise_stays_too(mistake, tmp_path):
    report = eq.fit([[1], [1], [0]], [3, 2, 1], l1=1).report()
    (tmp_path / "report.html").write_text(report, "utf-8")
    assert "report.html is no page of the course" in mistake("learn", "-o", "report.html")
    assert (tmp_path / "report.html").read_text("utf-8") == report


@pytest.mark.parametrize("number", [17, 0, -1])
def test_there_are_sixteen_sections(mistake, tmp_path, number):
    assert mistake("learn", "--section", number) == f"--section is {number}: pass a number from 1 to 16"
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("number", ["four", "4.5", ""])
def test_a_section_is_a_whole_number(run, tmp_path, number):
    result = run("learn", "--section", number)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Invalid value for '--section'" in result.stderr
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("-o", "none/learn.html"), "cannot write none/learn.html: there is no folder "),
        (("-o", "folder"), "cannot write folder: it is a folder; name a file in it"),
        (("-o", ""), "cannot write '': that is no name; name a file"),
        (("-o", "a.html", "--output", "b.html"), "--output is given twice, 'a.html', 'b.html': keep one"),
        (("--section", 4, "--section", 5), "--section is given twice, '4', '5': keep one"),
        (("--section", 4, 5), "--section takes one number, and '5' stands behind '4': keep one"),
        ((4,), "'4' is one word too many: learn takes options, such as --section 4"),
    ],
)
def test_what_is_refused(mistake, tmp_path, args, complaint):
    (tmp_path / "folder").mkdir()
    assert mistake("learn", *args).startswith(complaint)
    assert os.listdir(tmp_path) == ["folder"]


def test_help_says_what_it_writes_and_for_how_many_sections(succeed):
    told = " ".join(succeed("learn", "--help").split())
    assert "how a penalty makes coefficients exactly zero" in told
    assert "[default: learn.html]" in told
    assert "--section N" in told
    assert "1 to 16" in told
    assert "learn" in succeed("--help")


@pytest.mark.skipif(os.name == "nt", reason="the lines are those of a POSIX shell")
@pytest.mark.parametrize(
    "section", [section for section in SECTIONS if section.shell], ids=lambda section: section.name
)
def test_the_shell_lines_of_a_section_run(tmp_path, section):
    command = tmp_path / "bin" / "equipoise"
    command.parent.mkdir()
    program = "from equipoise.cli.app import app; app(prog_name='equipoise')"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{program}" "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    found = subprocess.run(
        ["sh", "-eu", "-c", section.shell],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
    )
    assert (found.returncode, found.stderr) == (0, "")


GUIDE = Path(__file__).parents[2] / "docs" / "course.md"
ROW = re.compile(
    r"^\| (\d+) \| (.+?) \| .+ \| `equipoise (learn --section \d+ -o [\w-]+\.html)` \|$", re.MULTILINE
)


def test_the_guide_names_all_sixteen_sections_each_with_a_page_of_its_own():
    rows = ROW.findall(GUIDE.read_text("utf-8"))
    assert [int(number) for number, _, _ in rows] == list(range(1, 17))
    titles = {int(number): title for number, title, _ in rows}
    assert {section.number: section.title for section in SECTIONS}.items() <= titles.items()
    assert len({command.split()[-1] for *_, command in rows}) == 16


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_the_commands_of_the_guide_write_the_sections(succeed, tmp_path, section):
    (command,) = (row[2] for row in ROW.findall(GUIDE.read_text("utf-8")) if int(row[0]) == section.number)
    succeed(*command.split())
    assert sections(tmp_path / command.split()[-1]) == [section.anchor]
