import ast
import re
from pathlib import Path

import pytest

import equipoise as eq

SOURCES = Path(eq.__file__).parent

# Rooms and verbs that no command calls, and sentences about what no file or option of a command can hold.
BEYOND = re.compile(
    r"^(estimators|strength|infer|show|course)/|^results/.*(display|from_estimator)|^select/(adaptive|leave_one_out|gcv)"
    r"|^api/(adapt|debias|relax|selective_intervals|stability_selection)|^data/disk/mmap_store|^data/arguments/calls"
)
UNREACHED = (
    "repeats is",  # no command repeats
    "np.asarray(",  # of arrays, or of a matrix on disk, which a command reads where it needs it
    "np.sqrt and its like",  # functions of a formula are written so in the shell, too
    "X is of a formula",  # which commands take by --formula
    "a .npy file",  # no command opens one
)


def text_of(node: ast.expr) -> str:
    """An expression of text, with 7 for what is filled in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(value) for value in node.values)
    if isinstance(node, ast.BinOp):
        return text_of(node.left) + text_of(node.right)
    return "7"


def sentences() -> list[str]:
    """Texts of some words in the rooms that a command reaches, docstrings left out."""
    found = []
    for path in sorted(SOURCES.rglob("*.py")):
        if BEYOND.search(path.relative_to(SOURCES).as_posix()):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                found += [text for text in map(text_of, node.exc.args) if " " in text]
    return [text for text in found if not any(part in text for part in UNREACHED)]


@pytest.fixture(scope="module")
def options():
    pytest.importorskip("typer")
    from typer.main import get_command

    from equipoise.cli.app import app

    verbs = get_command(app).commands.values()
    everything = [param for verb in verbs for param in verb.params]
    return {verb.name: verb.params for verb in verbs} | {"all": everything}


def test_no_sentence_that_the_shell_can_reach_names_an_argument_of_python(options):
    from equipoise.cli.spelling import in_shell

    told = [in_shell(text, options["all"]) for text in sentences()]
    assert len(told) > 150  # they are found
    python = r"(?<![\w-])[a-z_]\w*='|=(?:True|False|None|inf)\b|sample_weight|\beq\.|equipoise\.[a-zM]"
    left = [text for text in told if re.search(python, text)]
    assert left == []


@pytest.mark.parametrize(
    ("verb", "python", "shell"),
    [
        ("fit", "pass missing='drop'", "pass --missing drop"),
        ("predict", "pass unseen='zero' to count", "pass --unseen zero to count"),
        ("fit", 'pass missing="mean"', "pass --missing mean"),
        ("fit", "use lower=-inf and upper=inf for none", "use --lower -inf and --upper inf for none"),
        ("fit", "pass standardize=False", "pass --no-standardize"),
        ("fit", "pass standardize=True or positive=True", "pass --standardize or --positive"),
        ("fit", "sample_weight is negative", "--weights is negative"),
        ("fit", "l1 is -1: pass 0 or more", "--l1 is -1: pass 0 or more"),
        ("fit", "folds: fold 3 has no row", "--folds: fold 3 has no row"),
        ("fit", "lower (3) exceeds upper (1) for", "--lower (3) exceeds --upper (1) for"),
        ("fit", "lower or upper of feature 'a' is", "--lower or --upper of feature 'a' is"),
        ("fit", "X column 'a' holds 1 infinite value", "column 'a' holds 1 infinite value"),
        (
            "predict",
            "a.csv, rows from 0: X lacks column 'a'",
            "a.csv, rows from 0: FILE lacks column 'a'",
        ),
        (
            "trace",
            "for small data, eq.fit solves large ones",
            "for small data, equipoise fit solves large ones",
        ),
        ("fit", "features are many", "features are many"),
        # What a verb has no option for stays, and so do the user's own words.
        ("learn", "pass missing='drop'", "pass missing='drop'"),
        ("fit", "'l1=3' is not a column", "'l1=3' is not a column"),
        ("fit", "data/folds=3/part.csv: no such file", "data/folds=3/part.csv: no such file"),
        ("fit", "the query failed: no column where folds=3", "the query failed: no column where folds=3"),
        ("fit", "write --l1=3", "write --l1=3"),
        ("fit", "target 'l1' is not a column", "target 'l1' is not a column"),
    ],
)
def test_a_sentence_is_spelled_for_the_shell(options, verb, python, shell):
    from equipoise.cli.spelling import in_shell

    assert in_shell(python, options[verb]) == shell


@pytest.fixture(autouse=True)
def files(tmp_path):
    texts = {
        "cities.csv": "a,city,y\n1,Oslo,1\n2,Rome,3\n3,Oslo,2\n4,Rome,5\n",
        "unseen.csv": "a,city\n1,Bern\n",
        "gaps.csv": "a,b,y\n1,,1\n,2,2\n3,,4\n",
        "other.csv": "a,city,y\n1,Oslo,9\n2,Rome,3\n3,Oslo,2\n4,Rome,5\n",
        "weights.csv": "a,y,w\n1,1,1\n2,3,-1\n3,4,1\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)


def test_an_unseen_category_is_answered_by_an_option_that_works(succeed, mistake):
    succeed("fit", "cities.csv", "--target", "y", "--l1", 0.1, "--save", "model.json")
    told = mistake("predict", "model.json", "unseen.csv")
    assert "level 'Bern'" in told
    assert "or pass --unseen zero to " in told
    assert succeed("predict", "model.json", "unseen.csv", "--unseen", "zero").startswith("prediction\n")


def test_missing_values_are_answered_by_an_option_that_works(succeed, mistake, tmp_path):
    told = mistake("fit", "gaps.csv", "--target", "y", "--l1", 1)
    assert told.startswith("column '")
    assert told.endswith(
        "pass --missing drop to leave out such rows, or --missing mean to put in the means of columns"
    )
    succeed("fit", "gaps.csv", "--target", "y", "--l1", 1, "--missing", "mean")
    told = mistake("fit", "gaps.csv", "--target", "y", "--l1", 1, "--missing", "drop")
    assert told.startswith("--missing drop leaves no row")
    assert told.endswith("or pass --missing mean")
    (tmp_path / "response.csv").write_text("a,y\n1,1\n2,\n3,4\n")
    told = mistake("fit", "response.csv", "--target", "y", "--l1", 1)
    assert told.endswith("pass --missing drop to leave out such rows")
    succeed("fit", "response.csv", "--target", "y", "--l1", 1, "--missing", "drop")


def test_a_missing_value_in_a_file_that_is_not_read_whole(succeed, mistake):
    feather, csv = pytest.importorskip("pyarrow.feather"), pytest.importorskip("pyarrow.csv")
    table = csv.read_csv("gaps.csv").append_column("c", [[1, 2, 3]])
    feather.write_feather(table, "gaps.arrow", compression="uncompressed")
    told = mistake("fit", "gaps.arrow", "--target", "y", "--l1", 1, "--features", "a,c")
    assert told.endswith(": pass --missing drop")
    succeed("fit", "gaps.arrow", "--target", "y", "--l1", 1, "--features", "a,c", "--missing", "drop")


def test_a_verb_without_the_option_is_not_sent_to_it(mistake):
    assert "--missing" not in mistake("trace", "gaps.csv", "--target", "y", "--l1", 1)


def test_weights_are_called_weights(mistake):
    told = mistake("fit", "weights.csv", "--target", "y", "--l1", 1, "--weights", "w")
    assert told.startswith("--weights is negative")


def test_other_data_than_the_models(succeed, mistake):
    succeed("fit", "cities.csv", "--target", "y", "--l1", 0.1, "--save", "model.json")
    told = mistake("explain", "model.json", "other.csv", "--target", "y")
    assert told.endswith("give the same FILE, --target, --weights and --offset")


def test_a_missing_value_in_a_formula(mistake):
    pytest.importorskip("formulaic")
    told = mistake("fit", "gaps.csv", "--formula", "y ~ a", "--l1", 1)
    assert told.endswith("pass --missing drop to leave out such rows")


def test_a_column_is_dropped_by_an_option_where_there_is_one(mistake, tmp_path):
    rows = "".join(f"patient {k},{k % 7},{'yes' if k % 3 else 'no'}\n" for k in range(60))
    (tmp_path / "patients.csv").write_text("the id,dose,well\n" + rows)
    told = mistake("fit", "patients.csv", "--target", "well", "--loss", "binomial", "--l1", 1)
    assert "rather than group them: say --drop 'the id', or pass --as-text 'the id'" in told
    assert "drop it" not in told
