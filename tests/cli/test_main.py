import importlib.metadata
import io
import json
import os
import subprocess
import sys

import pytest

from equipoise.cli import NEEDED, main

MAIN = (sys.executable, "-c", "from equipoise.cli import main; main()")


@pytest.fixture(autouse=True)
def installed():
    for package in NEEDED:
        pytest.importorskip(package)


def shell(*args, **environment):
    """What a new process prints, and its exit code."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"} | environment
    return subprocess.run([*MAIN, *map(str, args)], capture_output=True, env=env, timeout=120)


def test_the_console_script_is_main():
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="equipoise")
    assert script.load() is main


def test_a_process_prints_one_document_and_nothing_else(three_rows):
    done = shell(
        "fit", three_rows, "--target", "y", "--l1", 1, "--no-standardize", "--no-intercept", "--json"
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["coef"] == pytest.approx([5 / 3, 2 / 3], rel=1e-12)


def test_the_package_runs_as_the_script_does(three_rows):
    asked = ("fit", three_rows, "--target", "y", "--l1", 1)
    command = [sys.executable, "-m", "equipoise"]
    found = subprocess.run([*command, *map(str, asked)], capture_output=True, timeout=120)
    assert (found.returncode, found.stderr, found.stdout) == (0, b"", shell(*asked).stdout)
    refused = subprocess.run([*command, "fit"], capture_output=True, timeout=120)
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert b"__main__" not in refused.stderr


def test_a_process_exits_with_2(three_rows):
    done = shell("fit", three_rows, "--target", "z", "--l1", 1)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"equipoise: target 'z' is not a column of the table")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("more", "remedy"),
    [
        (("--lambda", 1), "the penalty is --l1"),
        (("--l1", 1, "--features", "x1", "x2"), "--features x1,x2"),
        (("--l1", 1, "--l1", 2), "--l1 is given twice, '1', '2': keep one"),
        (("--l1", 1, "--drop", "y"), "column 'y' is the target"),
    ],
)
def test_a_process_answers_a_misread_word_with_one_sentence(three_rows, more, remedy):
    done = shell("fit", three_rows, "--target", "y", *more)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"equipoise: ")
    assert remedy in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_a_terminal_without_the_characters_is_no_error(three_rows):
    done = shell("fit", three_rows, "--target", "y", "--l1", 1, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"3 rows ? 2 features" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGPIPE")
def test_a_reader_that_leaves_is_no_error(three_rows):
    process = subprocess.Popen(
        [*MAIN, "fit", str(three_rows), "--target", "y", "--l1", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    )
    process.stdout.close()
    with process.stderr as errors:
        assert errors.read() == b""
    assert process.wait(120) == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_is_a_sentence(three_rows):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*MAIN, "fit", three_rows, "--target", "y", "--l1", "1"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
        )
    assert done.returncode == 2
    assert done.stderr == b"equipoise: cannot write the output: No space left on device\n"


def test_the_version(succeed):
    assert succeed("--version") == f"equipoise {importlib.metadata.version('equipoise')}\n"


@pytest.mark.parametrize("verb", ["fit", "path", "trace", "explain", "predict", "audit"])
def test_help_of_every_verb(succeed, verb):
    assert f"  {verb} " in succeed("--help")
    assert "Usage: " in succeed(verb, "--help")


@pytest.mark.parametrize("package", NEEDED)
def test_a_missing_package_is_a_sentence(monkeypatch, capsys, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SystemExit) as exit:
        main()
    assert exit.value.code == 2
    assert capsys.readouterr() == ("", 'the command line needs: pip install "equipoise[cli]"\n')


def test_help_loads_nothing_that_computes():
    code = "import sys, equipoise.cli.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    loaded = set(done.stdout.split())
    assert "equipoise.cli.app" in loaded
    assert not {"numpy", "scipy", "sklearn", "narwhals", "duckdb", "pyarrow"} & loaded


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nobody_watches_a_file(monkeypatch):
    from equipoise.cli.progress import progress_bar

    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar("folding", 3) as update:
        assert update is None


@pytest.mark.parametrize(("patience", "shown"), [(-1.0, True), (1e9, False)])
def test_only_what_lasts_has_a_bar(monkeypatch, patience, shown):
    from equipoise.cli import progress

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "PATIENCE", patience)
    with progress.progress_bar("folding", 3) as update:
        for done in (1, 2, 3):
            update(done)
    assert ("folding" in terminal.getvalue()) is shown
