"""The Python that the README and the guide to data show runs as printed."""

import re
import shutil
from pathlib import Path

import matplotlib
import pytest

TOP = Path(__file__).parents[1]


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", (TOP / page).read_text("utf-8"), flags=re.M | re.S)


def test_there_is_python_to_run():
    assert len(blocks("README.md")) > 2
    assert len(blocks("docs/data.md")) > 2


@pytest.mark.parametrize("number", range(len(blocks("README.md"))))
def test_python_of_the_readme_runs(number, tmp_path, monkeypatch):
    matplotlib.use("agg")
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    names = {}
    # A later block goes on with what the earlier ones made.
    for block in blocks("README.md")[: number + 1]:
        exec(compile(block, "README.md", "exec"), names)
    assert names["fit"].certificate.optimal


@pytest.mark.filterwarnings("ignore")  # Dask's own
def test_python_of_the_guide_to_data_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in blocks("docs/data.md"):
        exec(compile(block, "docs/data.md", "exec"), names)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "3000 rows × 3 features in 5 folds; target y"
    assert float(printed[1]) < 25
    assert names["path"][-1].certificate.optimal


def test_python_of_the_guide_to_columns_prints_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names, said = {}, []
    for block in blocks("docs/columns.md"):
        exec(compile(block, "docs/columns.md", "exec"), names)
        said += re.findall(r"print\(.*\)(?:  |\n)# (.*)$", block, flags=re.M)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(said) == 5
    assert printed[0].startswith(said[0].removesuffix("…"))
    assert printed[1:] == said[1:]


def test_every_file_that_the_readme_names_exists():
    text = (TOP / "README.md").read_text("utf-8")
    named = re.findall(r"`((?:tests|docs|benchmarks|src|examples)/[\w./-]*)`|\]\(((?!http)[^)#]+)", text)
    named = [path or link for path, link in named]
    assert len(named) > 10
    # Where a wheel is tested, there are no sources beside its tests.
    here = [path for path in named if (TOP / path.split("/")[0]).exists()]
    assert [path for path in here if not (TOP / path).exists()] == []
