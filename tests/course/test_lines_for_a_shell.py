import shlex

import pytest

from equipoise.cli import NEEDED
from equipoise.course.contents import SECTIONS

ENDS = {
    2: ["x1 = 1.66667, x2 = 0.666667"],  # (6 − λ)/3 and (3 − λ)/3 at λ = 1
    3: ["x = 1.5"],  # (5 − λ)/2 at λ = 2
    12: ["x1          1\n", "x1       0.571429\nx2       0.428571\n"],  # (5 − 3)/2 alone; 36/63 and 27/63
    14: ["x1ᵀr = 1·3 + 1·2 + 0·1 = 5\n"],
    # 30 w1 + 28 w2 = 28.4 − 2 and 28 w1 + 30.08 w2 = 28.38 − 2, while x3 is killed.
    15: ["x1       0.468514\nx2       0.440878\n"],
}


def made_by(line):
    """What printf prints, its format once for every argument, and the file it goes to."""
    printed, _, file = line.removeprefix("printf ").rpartition(" >")
    form, *given = shlex.split(printed)
    form = form.replace("\\n", "\n")
    return form if not given else "".join(form % one for one in given), file.strip("> ")


@pytest.mark.parametrize("section", [one for one in SECTIONS if one.shell], ids=lambda section: section.name)
def test_they_run_and_end_where_the_section_says(tmp_path, monkeypatch, section):
    for package in NEEDED:
        pytest.importorskip(package)
    from typer.testing import CliRunner

    from equipoise.cli.app import app

    monkeypatch.chdir(tmp_path)
    found = []
    for line in section.shell.splitlines():
        if line.startswith("printf "):
            text, file = made_by(line)
            with open(tmp_path / file, "a", encoding="utf-8") as out:
                out.write(text)
            continue
        command, *arguments = shlex.split(line)
        found.append(CliRunner().invoke(app, arguments))
        assert (command, found[-1].exit_code) == ("equipoise", 0)
    for ends, run in zip(ENDS[section.number], found, strict=True):
        assert ends in run.output
