import json
from functools import cache, partial
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def unforced(monkeypatch):
    """Colour as it is without anybody's wish, which servers that run tests may have."""
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def invoke():
    """Run the command line; its commands are built once for all tests, which halves what most take."""
    testing = pytest.importorskip("typer.testing")
    for package in ("rich", "duckdb", "pyarrow"):
        pytest.importorskip(package)
    from typer.main import get_command

    from equipoise.cli.app import app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(testing, "_get_command", cache(get_command), raising=False)
        yield partial(testing.CliRunner().invoke, app)


@pytest.fixture
def run(invoke, monkeypatch, tmp_path):
    """Run the command line in an empty folder; what it printed, apart, and its exit code."""
    monkeypatch.chdir(tmp_path)
    return lambda *args: invoke([str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def succeed(run):
    """Run the command line, which must succeed and say nothing on stderr; what it printed."""

    def call(*args):
        result = run(*args)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout

    return call


@pytest.fixture
def document(succeed):
    """Run the command line with --json; the document, which must be all that it prints."""

    def call(*args):
        printed = succeed(*args, "--json")
        assert printed.count("\n") == 1

        def refuse(constant):
            raise ValueError(f"{constant} is not JSON")

        return json.loads(printed, parse_constant=refuse)

    return call


@pytest.fixture
def mistake(run):
    """Run the command line, which must refuse; its sentence."""

    def call(*args):
        result = run(*args)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("equipoise: ")
        assert result.stderr.count("\n") == 1
        return result.stderr.removeprefix("equipoise: ").strip()

    return call


@pytest.fixture
def diabetes():
    return EXAMPLES / "diabetes.csv"


@pytest.fixture
def three_rows():
    return EXAMPLES / "three_rows.csv"


@pytest.fixture
def odd(tmp_path):
    """A table with a category, a constant, a copy, weights, and names that markup and terminals act upon."""
    import numpy as np

    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rng = np.random.default_rng(0)
    columns = {
        name: rng.normal(size=60)
        for name in ("[red]x", "<b>a,b</b>", "café λ", "new\nline", "esc\x1b[31m", "offset")
    }
    columns["city"] = rng.choice(["Oslo", "Rome", "Bern"], 60)
    columns["constant"] = np.ones(60)
    columns["copy"] = columns["[red]x"]
    columns["weight"] = rng.integers(0, 3, 60)
    columns["y"] = 3 * columns["[red]x"] - 2 * columns["café λ"] + rng.normal(size=60)
    path = tmp_path / "odd.parquet"
    parquet.write_table(pa.table(columns), path)
    return path
