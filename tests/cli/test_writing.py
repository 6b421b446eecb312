"""Outputs of the command line: where they may go, and what they are never written over."""

import json
import os
import subprocess
import sys

import pytest

import equipoise as eq

MAIN = [sys.executable, "-c", "from equipoise.cli import main; main()"]

posix = pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs /dev/stdout")


@pytest.fixture
def model(succeed, diabetes, tmp_path):
    succeed("fit", diabetes, "--target", "progression", "--l1", 500, "--save", "model.json")
    return tmp_path / "model.json"


@pytest.mark.parametrize(
    "verb",
    [
        ("predict", "model.json", "DATA"),
        ("path", "DATA", "--target", "progression", "--count", "5"),
        ("trace", "DATA", "--target", "progression", "--l1", "500"),
        ("report", "DATA", "--target", "progression", "--l1", "500"),
    ],
)
def test_every_output_has_a_short_form(succeed, model, diabetes, tmp_path, verb):
    asked = [diabetes if word == "DATA" else word for word in verb]
    written = []
    for option in ("-o", "--output"):
        succeed(*asked, option, "out")
        written.append((tmp_path / "out").read_text())
    assert len(written[0]) > 100
    assert verb[0] == "report" or written[0] == written[1]  # a report holds its command line


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("select * from 'data/a.csv'", "data/a.csv"),
        ("select * from 'data/*.csv'", "data/a.csv"),
        ("from read_csv(['data/a.csv', 'data/b.csv'])", "data/b.csv"),
        ("data", "data/a.csv"),
        ("data/*.csv", "data/b.csv"),
        ("data/a.csv", "link.csv"),
        ("link.csv", "./data/a.csv"),
    ],
)
def test_what_is_read_is_never_written_over(mistake, succeed, model, diabetes, tmp_path, source, output):
    (tmp_path / "data").mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "data" / name).write_bytes(diabetes.read_bytes())
    (tmp_path / "link.csv").symlink_to(tmp_path / "data" / "a.csv")
    assert mistake("predict", model, source, "-o", output) == (
        f"{output} is read here and would be written over: choose another name"
    )
    for name in ("a.csv", "b.csv"):
        assert (tmp_path / "data" / name).read_bytes() == diabetes.read_bytes()
    assert succeed("predict", model, source, "-o", "data/new.txt") == ""


@posix
def test_a_model_saved_to_standard_output_is_whole(three_rows, tmp_path):
    fit = [*MAIN, "fit", three_rows, "--target", "y", "--l1", "1", "--save"]
    printed = subprocess.run([*fit, "/dev/stdout"], capture_output=True, timeout=120, check=True).stdout
    subprocess.run([*fit, tmp_path / "model.json"], capture_output=True, timeout=120, check=True)
    model, _ = json.JSONDecoder().raw_decode(printed.decode())
    saved = json.loads((tmp_path / "model.json").read_text())
    for document in (model, saved):
        del document["model"]["provenance"], document["checksum"]  # its command line and time are its own
    assert model == saved
    with (tmp_path / "out.txt").open("wb") as out:
        subprocess.run([*fit, "/dev/stdout"], stdout=out, timeout=120, check=True)
    assert json.JSONDecoder().raw_decode((tmp_path / "out.txt").read_text())[0]["format"] == "equipoise model"


def closed(*arguments, redirected):
    """Run the command line with some of its standard streams closed; its exit code and its stderr."""
    command = ["sh", "-c", f'exec "$@" {redirected}', "sh", *MAIN, *map(str, arguments)]
    done = subprocess.run(command, stderr=subprocess.PIPE, timeout=120)
    return done.returncode, done.stderr.decode()


@posix
def test_a_closed_output_is_a_sentence_and_files_are_whole(three_rows, tmp_path):
    fit = ("fit", three_rows, "--target", "y", "--l1", "1")
    complaint = (2, "equipoise: cannot write the output: Bad file descriptor\n")
    assert closed(*fit, redirected=">&-") == complaint
    assert closed("--help", redirected=">&-") == complaint
    path = tmp_path / "model.json"
    assert closed(*fit, "--save", path, redirected=">&-") == complaint
    assert json.loads(path.read_text())["format"] == "equipoise model"
    assert eq.load(path).features == ("x1", "x2")
    out = tmp_path / "out.csv"
    assert closed("predict", path, three_rows, "-o", out, redirected=">&- <&-") == (0, "")
    assert len(out.read_text().splitlines()) == 4
    said = "equipoise: cannot write /dev/stdout: bad file descriptor\n"
    assert closed("predict", path, three_rows, "-o", "/dev/stdout", redirected=">&-") == (2, said)


@posix
def test_other_closed_streams(three_rows, tmp_path):
    assert closed("fit", "none.csv", "--target", "y", redirected="2>&-") == (2, "")
    empty = "equipoise: standard input is empty: it needs column names and at least one row\n"
    assert closed("fit", "-", "--target", "y", redirected="<&-") == (2, empty)


@posix
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_names_the_file(mistake, model, three_rows, diabetes):
    said = "cannot write /dev/full: no space left on device; free some, or choose another disk"
    assert mistake("fit", three_rows, "--target", "y", "--l1", 1, "--save", "/dev/full") == said
    assert mistake("predict", model, diabetes, "-o", "/dev/full") == said


def test_a_misspelt_query_is_no_missing_file(mistake):
    assert mistake("fit", "selct * from 'x.csv'", "--target", "y") == (
        "did you mean a query? selct is not SELECT"
    )
