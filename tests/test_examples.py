import csv
import importlib.util
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def table(path: Path) -> tuple[list[str], list[list[float]]]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, [[float(cell) for cell in row] for row in rows]


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with the tables as the script makes them now."""
    spec = importlib.util.spec_from_file_location("make_examples", EXAMPLES / "make_examples.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    folder = tmp_path_factory.mktemp("examples")
    script.make(folder)
    return folder


def test_every_table_has_its_lines_in_the_script(made):
    assert {file.name for file in made.iterdir()} == {file.name for file in EXAMPLES.glob("*.csv")}


@pytest.mark.parametrize("name", ["diabetes.csv", "three_rows.csv"])
def test_tables_are_what_the_script_makes(made, name):
    (header, kept), (made_header, rows) = table(EXAMPLES / name), table(made / name)
    assert header == made_header
    np.testing.assert_allclose(kept, rows, rtol=1e-13)  # releases of scikit-learn differ in the last digits


def test_diabetes_has_its_columns_and_rows():
    header, rows = table(EXAMPLES / "diabetes.csv")
    assert header == ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6", "progression"]
    assert len(rows) == 442


def test_three_rows_are_those_of_the_blackboard():
    assert table(EXAMPLES / "three_rows.csv") == (["x1", "x2", "y"], [[1, 1, 3], [1, 0, 2], [0, 1, 1]])
