"""The guide for the next owner: its code runs, its output is true, and what it names exists."""

import doctest
import importlib.util
import re
import shutil
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
PAGE = (TOP / "docs" / "architecture.md").read_text("utf-8")
PACKAGE = Path(importlib.util.find_spec("equipoise").origin).parent
IMPORT = r"^ *(?:from|import|cimport) equipoise\.(\w+)"


@pytest.fixture
def examples(tmp_path, monkeypatch):
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


def test_the_code_runs_and_prints_what_is_shown(examples):
    names = {"__name__": "architecture"}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for kind, block in re.findall(r"^```(python|pycon)\n(.*?)^```", PAGE, flags=re.M | re.S):
        if kind == "python":
            exec(compile(block, "docs/architecture.md", "exec"), names)
        else:
            test = doctest.DocTestParser().get_doctest(block, names, "architecture.md", None, 0)
            runner.run(test, clear_globs=False)
            names.update(test.globs)
    assert runner.tries > 20
    assert runner.failures == 0


def test_the_command_prints_what_is_shown(examples):
    from typer.testing import CliRunner

    from equipoise.cli.app import app

    command, shown = re.search(
        r"^```sh\nequipoise (.*?)\n```\n\n```text\n(.*?)^```", PAGE, re.M | re.S
    ).groups()
    printed = CliRunner().invoke(app, command.split()).stdout
    for part in shown.split("…\n"):
        assert part in printed


def test_every_file_named_exists():
    named = {name for name in re.findall(r"`([\w/]+/\w+\.(?:pyx?|md))`", PAGE) if "ladder" not in name}
    assert len(named) > 40
    here = {name for name in named if is_here(name)}
    folders = (TOP, TOP / "src" / "equipoise", PACKAGE)
    assert sorted(name for name in here if not any((folder / name).is_file() for folder in folders)) == []


def is_here(name):
    """Whether a file can be looked for: Cython sources are not installed."""
    return not name.endswith(".pyx") or (TOP / "src").exists()


def test_every_function_on_the_way_is_in_its_file():
    steps = re.findall(r"\| `([\w/]+\.pyx?)` \| `(\w+)` \|", PAGE)
    assert len(steps) > 20
    for file, name in steps:
        if not is_here(file):
            continue
        folder = PACKAGE if file.endswith(".py") else TOP / "src" / "equipoise"
        source = (folder / file).read_text("utf-8")
        assert re.search(rf"^\s*(def|class) {name}\b", source, flags=re.M), f"{file} has no {name}"


def test_rooms_import_what_the_picture_says():
    picture = re.search(r"^room .*?^```", PAGE, re.M | re.S)[0]
    lines = [re.split(r"  +", line) for line in picture.splitlines()[2:] if re.match(r"\w", line)]
    drawn = [name for name, _, _ in lines]
    assert sorted(drawn) == sorted(folder.parent.name for folder in PACKAGE.glob("*/__init__.py"))
    for place, (name, _, allowed) in enumerate(lines, start=1):
        named = set(re.findall(r"\w+", allowed)) & set(drawn)
        below = set(drawn[place:])
        assert named <= below
        files = [file for kind in ("*.py", "*.pyx") for file in (PACKAGE / name).rglob(kind)]
        imports = {room for file in files for room in re.findall(IMPORT, file.read_text("utf-8"), re.M)}
        granted = below - named if allowed.startswith("everything") else named
        assert imports - {name} - granted == set(), f"{name} imports what its line does not name"
