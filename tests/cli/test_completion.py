"""What shells complete: verbs, options, values, the columns of FILE; in a real bash where there is one."""

import os
import shlex
import shutil
import subprocess
import sys

import pytest

from equipoise.cli import NEEDED

MAIN = (sys.executable, "-c", "from equipoise.cli import main; main()")
COLUMNS = ["age", "body mass", "city", "y"]


@pytest.fixture(autouse=True)
def installed():
    for package in NEEDED:
        pytest.importorskip(package)


@pytest.fixture
def table(tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(f"{','.join(COLUMNS)}\n1,2,Oslo,3\n")
    return file


def completed(line, shell="bash"):
    """What is offered for the last word of a line; nothing on stderr, whatever the line."""
    words = shlex.split(line) + ([""] if line.endswith(" ") else [])
    asked = {
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_EQUIPOISE_COMPLETE": f"complete_{shell}",
    }
    done = subprocess.run(MAIN, capture_output=True, text=True, env=os.environ | asked, timeout=120)
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1] if done.stdout.strip() else []


def test_verbs_options_and_values():
    assert completed("equipoise f") == ["fit"]
    assert completed("equipoise fit people.csv --ta") == ["--target", "--table"]
    assert completed("equipoise fit people.csv --table ") == ["markdown", "latex"]
    assert completed("equipoise fit people.csv --choose o") == ["one-se"]
    assert completed("equipoise fit people.csv --scoring a") == ["auc", "absolute_error"]


def test_a_file_is_left_to_the_shell():
    assert completed("equipoise fit ") == []


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("equipoise fit {} --target ", ["age", r"body\ mass", "city", "y"]),
        ("equipoise fit {} --l1 3 --target c", ["city"]),
        ("equipoise fit {} --target bo", [r"body\ mass"]),
        ("equipoise fit {} --target y --weights a", ["age"]),
        ("equipoise fit {} --features age,c", ["age,city"]),
        ("equipoise what-if model.json {} --without a", ["age"]),
        ("equipoise fit {} --target z", []),
    ],
)
def test_columns_come_from_the_header(table, line, offered):
    assert completed(line.format(table)) == offered


@pytest.mark.parametrize("kind", ["parquet", "arrow", "arrows", "csv.gz"])
def test_other_files_have_columns_too(kind, tmp_path):
    import gzip

    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    data = pa.table({"age": [1.0], "y": [2.0]})
    file = tmp_path / f"data.{'arrow' if kind == 'arrows' else kind}"
    if kind == "parquet":
        parquet.write_table(data, file)
    elif kind == "csv.gz":
        file.write_bytes(gzip.compress(b"age,y\n1,2\n"))
    else:
        make = pa.ipc.new_file if kind == "arrow" else pa.ipc.new_stream
        with make(str(file), data.schema) as writer:
            writer.write_table(data)
    assert completed(f"equipoise fit {file} --target ") == ["age", "y"]


@pytest.mark.parametrize(
    "source",
    ["missing.csv", "'select * from people.csv'", "-", ".", "broken.parquet", "empty.csv", "'data/*.csv'"],
)
def test_what_has_no_header_offers_no_column(source, table, monkeypatch):
    monkeypatch.chdir(table.parent)
    (table.parent / "broken.parquet").write_bytes(b"PAR1")
    (table.parent / "empty.csv").write_text("")
    assert completed(f"equipoise fit {source} --target ") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_name_that_a_shell_would_run_is_not_offered(shell, tmp_path):
    file = tmp_path / "odd.csv"
    file.write_text('age,a$(touch ran),b`touch ran`,"c\\$(touch ran)",*,x;y,"q""q"\n1,2,3,4,5,6,7\n')
    offered = completed(f"equipoise fit {file} --target ", shell)
    assert "age" in "".join(offered)
    assert not any(mark in "".join(offered).replace("'*: :((", "") for mark in ("touch", "*", ";", "`", "$"))


def test_a_line_with_a_mistake_is_completed_all_the_same():
    assert completed("equipoise fit people.csv --lambda 3 --l1 1 --l1 2 --ta") == ["--target", "--table"]


def test_other_shells_are_answered_in_their_way(table):
    assert completed(f"equipoise fit {table} --target b", "fish") == ["body mass"]
    assert completed(f"equipoise fit {table} --target b", "zsh") == ["_arguments '*: :((\"body mass\"))'"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [(["f"], ["fit"]), (["fit", "people.csv", "--target", "b"], [r"body\ mass"]), (["fit", "peo"], [])],
)
def test_a_real_bash_takes_the_script(words, offered, table):
    """The script that --show-completion prints, sourced, and its function called as Tab calls it."""
    command = table.parent / "equipoise"
    command.write_text(f'#!/bin/sh\nexec {shlex.join(MAIN)} "$@"\n')
    command.chmod(0o755)
    script = f"""
source <({command} --show-completion)
complete -p equipoise
COMP_WORDS=({shlex.join(["equipoise", *words])}); COMP_CWORD={len(words)}
_equipoise_completion equipoise
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    path = f"{table.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        capture_output=True,
        text=True,
        cwd=table.parent,
        env=os.environ | {"PATH": path},
        timeout=120,
    )
    assert done.stderr == ""
    first, *rest = done.stdout.strip().split("\n")
    assert first == "complete -o default -F _equipoise_completion equipoise"
    assert rest == offered


def test_installing_writes_to_the_home_of_whoever_asks(tmp_path):
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{shlex.join([*MAIN, '--install-completion'])}; exit $?"],
        capture_output=True,
        text=True,
        env=os.environ | {"HOME": str(tmp_path)},
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "bash completion installed" in done.stdout
    assert "_equipoise_completion" in "".join(p.read_text() for p in tmp_path.rglob("*.sh"))


def test_the_help_is_plain_and_names_it(succeed):
    told = succeed("--help")
    assert "--install-completion" in told
    assert "\x1b" not in told
    assert "╭" not in told


def test_an_unknown_option_is_told_as_ever(run):
    result = run("--instal-completion")
    assert result.exit_code == 2
    assert "--install-completion" in result.stderr
