import shlex

import pytest

from equipoise.cli import NEEDED
from equipoise.course.sections.three_rows import LIMITS, SHELL, numbers, words


def test_the_lines_for_a_shell_run(tmp_path, monkeypatch):
    for package in NEEDED:
        pytest.importorskip(package)
    from typer.testing import CliRunner

    from equipoise.cli.app import app

    monkeypatch.chdir(tmp_path)
    made, run = SHELL.splitlines()
    printed, file = made.removeprefix("printf ").split(" > ")
    (tmp_path / file).write_text(shlex.split(printed)[0].replace("\\n", "\n"))
    command, *arguments = shlex.split(run)
    found = CliRunner().invoke(app, arguments)
    assert (command, found.exit_code) == ("equipoise", 0)
    assert "x1ᵀr = 1·3 + 1·2 + 0·1 = 5" in found.output
    assert "x1 = 1.66667" in found.output


def test_the_limits_that_kill_are_where_the_exact_weights_reach_zero():
    # Both kept, they are (6 − λ)/3 and (3 − λ)/3; x1 alone, (5 − λ)/2.
    assert words() == {"x1": "5", "x2": "3"}
    ends = {run["limit"]: run["coef"] for run in numbers()["runs"]}
    assert [limit for limit in LIMITS if ends[limit][1] == 0] == [limit for limit in LIMITS if limit >= 3]
    assert [limit for limit in LIMITS if ends[limit][0] == 0] == [limit for limit in LIMITS if limit >= 5]
    assert ends[1.0] == pytest.approx([5 / 3, 2 / 3], abs=1e-8)
