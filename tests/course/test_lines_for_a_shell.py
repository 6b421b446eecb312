import shlex

import pytest

from equipoise.cli import NEEDED
from equipoise.course.sections.objective import OBJECTIVE
from equipoise.course.sections.total_gradient import TOTAL_GRADIENT


@pytest.mark.parametrize(
    ("section", "ends"),
    # (6 − λ)/3 and (3 − λ)/3 at λ = 1; (5 − λ)/2 at λ = 2.
    [(TOTAL_GRADIENT, "x1 = 1.66667, x2 = 0.666667"), (OBJECTIVE, "x = 1.5")],
    ids=["total_gradient", "objective"],
)
def test_they_run_and_end_where_the_section_says(tmp_path, monkeypatch, section, ends):
    for package in NEEDED:
        pytest.importorskip(package)
    from typer.testing import CliRunner

    from equipoise.cli.app import app

    monkeypatch.chdir(tmp_path)
    made, run = section.shell.splitlines()
    printed, file = made.removeprefix("printf ").split(" > ")
    (tmp_path / file).write_text(shlex.split(printed)[0].replace("\\n", "\n"))
    command, *arguments = shlex.split(run)
    found = CliRunner().invoke(app, arguments)
    assert (command, found.exit_code) == ("equipoise", 0)
    assert ends in found.output
