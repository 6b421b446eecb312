"""The Python that the README shows runs as printed."""

import re
import shutil
from pathlib import Path

import matplotlib
import pytest

TOP = Path(__file__).parents[1]
BLOCKS = re.findall(r"^```python\n(.*?)^```", (TOP / "README.md").read_text("utf-8"), flags=re.M | re.S)


def test_there_is_python_to_run():
    assert BLOCKS


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_python_of_the_readme_runs(number, tmp_path, monkeypatch):
    matplotlib.use("agg")
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    names = {}
    # A later block goes on with what the earlier ones made.
    for block in BLOCKS[: number + 1]:
        exec(compile(block, "README.md", "exec"), names)
    assert names["fit"].certificate.optimal
