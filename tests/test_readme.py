"""The Python that the README and the guide to data show runs as printed."""

import contextlib
import io
import json
import re
import shlex
import shutil
import tomllib
from importlib.util import find_spec
from pathlib import Path

import absent
import matplotlib
import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.datasets import make_regression
from sklearn.linear_model import LassoCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import equipoise as eq

TOP = Path(__file__).parents[1]


def blocks(page):
    return re.findall(r"^```python\n(.*?)^```", (TOP / page).read_text("utf-8"), flags=re.M | re.S)


def fenced(page):
    """Every fenced block, in order: its language and what it holds."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", (TOP / page).read_text("utf-8"), flags=re.M | re.S)


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


# ---- what a reader of the README has, who installs what it says and no more --------------------

EXTRAS = ("cli", "dask", "formula", "plot", "spark")


def brought_by(extras):
    """The packages that some extras install, as pyproject.toml has them."""
    listed = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    return {re.match(r"\w+", line)[0] for extra in extras for line in listed[extra]}


def read_in_order(page):
    """The extras that are installed before each run of Python, and all Python up to its end, in order."""
    extras, code, stages = set(), "", {}
    for kind, block in fenced(page):
        if kind == "sh":
            for installed in re.findall(r"pip install \S*\[([\w,]+)\]", block):
                extras.update(installed.split(","))
        elif kind == "python":
            code += block
            stages[frozenset(extras)] = code
    return list(stages.items())


STAGES = read_in_order("README.md")


def test_the_readme_installs_little_before_its_first_python_and_more_later():
    assert STAGES[0][0] == {"cli"}
    assert {"pandas", "matplotlib", "formulaic"} <= brought_by(EXTRAS) - brought_by({"cli"})
    assert len(STAGES) > 1


@pytest.mark.parametrize(("extras", "code"), STAGES, ids=["+".join(sorted(extras)) for extras, _ in STAGES])
def test_python_of_the_readme_needs_no_extra_that_is_not_installed_yet(extras, code, tmp_path):
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    others = brought_by(EXTRAS) - brought_by(extras) | {"polars"}  # which none of them brings
    absent.run_without(sorted(others), code, cwd=tmp_path)


EACH_STATEMENT = """
import ast, json

with open("code.json") as file:
    statements = ast.parse(json.load(file)).body
names, refused = {}, []
for statement in statements:
    try:
        exec(compile(ast.Module([statement], []), "README.md", "exec"), names)
    except ImportError as error:
        refused.append(str(error))
    except NameError:  # what would have been read from a file
        assert refused
print(json.dumps([len(statements), refused]))
"""


def test_python_of_the_readme_works_without_any_extra_or_says_what_to_install(tmp_path):
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    (tmp_path / "code.json").write_text(json.dumps("".join(blocks("README.md"))))
    gone = sorted(brought_by(EXTRAS) | {"polars"})
    printed = absent.run_without(gone, EACH_STATEMENT, cwd=tmp_path)
    statements, refused = json.loads(printed.splitlines()[-1])
    assert statements > 40
    remedies = {
        re.search(r'needs? (\w+): pip install "equipoise\[(\w+)\]"$', line).groups() for line in refused
    }
    assert remedies == {("pyarrow", "cli"), ("matplotlib", "plot")}
    assert len(refused) == 4  # a file gathered, fitted and read, and the pictures


def test_an_absent_package_is_told_apart_from_one_that_is_there():
    code = (
        "from importlib.util import find_spec\nprint(*(find_spec(n) is None for n in ('pandas', 'polars')))"
    )
    assert absent.run_without(["pandas"], code).split() == ["True", "False"]
    with pytest.raises(AssertionError, match="No module named 'pandas'"):
        absent.run_without(["pandas"], "import pandas")


# ---- what it shows is what is printed ----------------------------------------------------------


def shown(page):
    """Every block that is followed by what it prints: the language, the blocks up to there, the output."""
    blocks, found = {"sh": [], "python": []}, []
    before = ""
    for kind, block in fenced(page):
        if kind == "text" and before in blocks:
            found.append((before, list(blocks[before]), block))
        elif kind in blocks:
            blocks[kind].append(block)
        before = kind
    return found


def run_shell(commands):
    """What the last of some commands prints."""
    from typer.testing import CliRunner

    from equipoise.cli.app import app

    for line in "".join(commands).splitlines():
        command = line.rpartition("&& ")[2]
        if command.startswith("equipoise "):
            result = CliRunner().invoke(app, shlex.split(command)[1:])
            assert result.exit_code == 0, result.output
    return result.stdout


def run_python(code):
    """What the last block of some code prints."""
    names = {}
    for block in code:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(block, "README.md", "exec"), names)
    matplotlib.pyplot.close("all")
    return printed.getvalue()


@pytest.mark.parametrize(("kind", "blocks_before", "output"), shown("README.md"))
def test_what_the_readme_shows_is_what_is_printed(kind, blocks_before, output, tmp_path, monkeypatch):
    matplotlib.use("agg")
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    printed = run_shell(blocks_before) if kind == "sh" else run_python(blocks_before)
    if kind == "python":  # a sentence is one line, which the page breaks
        printed, output = (" ".join(text.split()) for text in (printed, output))
    # What is left of rounding depends on the machine.
    printed, output = (re.sub(r"\d\.\d+e-[1-3]\d\b", "0", text.strip("\n")) for text in (printed, output))
    assert printed == output


def test_the_readme_shows_what_is_printed():
    assert len(shown("README.md")) >= 5


# ---- the other pages ---------------------------------------------------------------------------


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


def said_in(block):
    """What a block says its calls of print print."""
    return re.findall(r"print\(.*\)(?:  |\n)# (.*)$", block, flags=re.M)


def test_python_of_the_page_on_estimators_prints_what_it_says(tmp_path, monkeypatch, capsys):
    shutil.copytree(TOP / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    names, said = {}, []
    for block in blocks("docs/estimators.md"):
        if any(find_spec(name) is None and name in block for name in ("skl2onnx", "eli5")):
            continue  # what no extra brings
        exec(compile(block, "docs/estimators.md", "exec"), names)
        said += said_in(block)
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(said) == 6
    assert printed[0].startswith(said[0].removesuffix("…"))
    assert printed[1:] == said[1:]


def test_python_of_the_page_on_losses_prints_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names, said = {}, []
    for block in blocks("docs/losses.md"):
        exec(compile(block, "docs/losses.md", "exec"), names)
        said += said_in(block)
    assert capsys.readouterr().out.splitlines() == said
    assert len(said) == 11


def test_commands_of_the_page_on_losses_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    age, dose = rng.normal(60.0, 9.0, 80), rng.normal(size=80)
    recovered = np.where(rng.random(80) < 1 / (1 + np.exp(-2 * dose)), "yes", "no")
    patients = pd.DataFrame({"id": np.arange(80), "age": age, "dose": dose, "recovered": recovered})
    patients[:60].to_csv("patients.csv", index=False)
    patients[60:].to_csv("new.csv", index=False)
    months = rng.integers(1, 12, 80)
    seen = rng.poisson(months * np.exp(0.02 * (age - 60.0)))
    visits = pd.DataFrame({"age": age, "months": months, "visits": seen})
    visits.to_csv("visits.csv", index=False)
    (block,) = (text for kind, text in fenced("docs/losses.md") if kind == "sh")
    lines = block.splitlines()
    chosen, counted = (run_shell([line]) for line in (lines[0], lines[-1]))
    assert "coefficients are of the log-odds of recovered = yes" in chosen
    assert "At one-se, 60 rows held out, each predicted by a model that was not fitted to it" in chosen
    assert "coefficients are of the log of the expected count of visits" in counted
    assert "area under the ROC curve" in run_shell([lines[2]])
    assert "id" in run_shell([lines[1]])


@pytest.mark.filterwarnings("ignore")  # theirs
def test_models_in_onnx_predict_as_the_page_on_estimators_promises():
    pytest.importorskip("skl2onnx")
    runtime = pytest.importorskip("onnxruntime")
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4)) + 2.0
    y = X @ [1.0, 0.0, -2.0, 0.5] + rng.normal(size=60)
    (block,) = (block for block in blocks("docs/estimators.md") if "skl2onnx" in block)
    names = {"eq": eq, "X": pd.DataFrame(X), "y": y, "np": np}
    exec(compile(block, "docs/estimators.md", "exec"), names)
    models = [eq.Lasso(0.1), eq.ElasticNet(0.1), eq.Ridge(), eq.LassoCV(), eq.ElasticNetCV(), eq.RidgeCV()]
    for model in models:
        kind = type(model).__name__
        names["update_registered_converter"](
            type(model), f"Equipoise{kind}", names["shapes"], names["convert"]
        )
        for targets in [y] if kind in ("LassoCV", "ElasticNetCV") else [y, np.column_stack([y, X[:, 1] - y])]:
            for dtype, bound in ((np.float32, 1e-5), (np.float64, 1e-12)):
                for whole in (model, make_pipeline(StandardScaler(), model)):
                    A = X.astype(dtype)
                    converted = names["to_onnx"](whole.fit(A, targets), A[:1]).SerializeToString()
                    session = runtime.InferenceSession(converted, providers=["CPUExecutionProvider"])
                    found = session.run(None, {"X": A})[0].reshape(targets.shape)
                    assert found.dtype == dtype
                    assert np.abs(found - whole.predict(A)).max() < bound


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_choices_of_alpha_are_those_of_the_table():
    X, y = make_regression(noise=4, random_state=0)
    text = (TOP / "docs/estimators.md").read_text("utf-8").replace("−", "-")
    rows = re.findall(r"^\| (.*?) \| ([\d.]+) \| (\d+) \| (-[\d.]+) \|$", text, flags=re.M)
    assert len(rows) == 5
    for who, *told in rows:
        tol = re.search(r"`tol=(.*?)`", who)
        if tol is None:
            model = eq.LassoCV(cv=5)
        elif sklearn.__version__.startswith("1.9.") or float(tol.group(1)) <= 1e-6:
            model = LassoCV(cv=5, tol=float(tol.group(1)), max_iter=100_000)
        else:
            continue
        model.fit(X, y)
        kept = np.count_nonzero(model.coef_)
        assert told == [f"{model.alpha_:.4f}", str(kept), f"{model.predict(X[:1])[0]:.4f}"], who
    loss = eq.LassoCV(cv=5).fit(X, y)
    at = {f"{alpha:.4f}": mean for alpha, mean in zip(loss.alphas_, loss.mse_path_.mean(axis=1), strict=True)}
    assert f"is {at['0.3964']:.1f} at 0.3964 and {at['0.2432']:.1f} at 0.2432" in text


def test_every_file_that_the_readme_names_exists():
    text = (TOP / "README.md").read_text("utf-8")
    named = re.findall(r"`((?:tests|docs|benchmarks|src|examples)/[\w./-]*)`|\]\(((?!http)[^)#]+)", text)
    named = [path or link for path, link in named]
    assert len(named) > 10
    # Where a wheel is tested, there are no sources beside its tests.
    here = [path for path in named if (TOP / path.split("/")[0]).exists()]
    assert [path for path in here if not (TOP / path).exists()] == []


def test_the_guide_to_data_has_every_table_there_is():
    text = (TOP / "docs/data.md").read_text("utf-8")
    found = re.findall(r"^\| `(\w+)\(\)` \| (\d+) × (\d+)", text, flags=re.M)
    rows = {name: (int(n), int(p)) for name, n, p in found}
    assert rows == {name: getattr(eq.datasets, name)()[0].shape for name in eq.datasets.__all__}
