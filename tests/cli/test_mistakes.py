import json
import re
from pathlib import Path

import pytest

FIT = ("fit", "good.csv", "--target", "y")


@pytest.fixture(autouse=True)
def files(tmp_path):
    """Tables and models, good and bad, in the folder where the command line runs."""
    texts = {
        "good.csv": "a,b,city,y\n1,2,Oslo,1\n2,1,Rome,3\n3,5,Oslo,2\n4,4,Rome,5\n",
        "gaps.csv": "a,y\n1,1\n,2\n3,4\n",
        "infinite.csv": "a,y\n1,1\ninf,2\n3,4\n",
        "gap_in_y.csv": "a,y\n1,1\n2,\n3,4\n",
        "weights.csv": "a,y,negative,zero\n1,1,1,0\n2,3,-1,0\n3,4,1,0\n",
        "only_y.csv": "y\n1\n2\n",
        "one_row.csv": "a,b,y\n1,2,3\n",
        "empty.csv": "",
        "header.csv": "a,y\n",
        "ragged.csv": "a,y\n1,2\n1,2,3\n",
        "text.parquet": "a,y\n1,2\n",
        "text.xyz": "a,y\n1,2\n",
        "twins.csv": "a,a,y\n1,2,3\n4,5,6\n",
        "other.json": '{"format": "something else"}',
        "coefs.csv": "feature,coef\na,1\nb,2\n",
        "unnamed.csv": "name,value\na,1\n",
        "unknown.csv": "feature,coef\nA,1\n",
        "twice.csv": "feature,coef\na,1\na,2\n",
        "texts.csv": "feature,coef\na,1\nb,one\n",
        "two_intercepts.csv": "feature,coef\nintercept,1\n(Intercept),2\n",
        "nameless.csv": "feature,coef\na,1\n,2\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "folder").mkdir()


@pytest.fixture
def model(succeed):
    succeed(*FIT, "--l1", 0.5, "--drop", "b", "--save", "model.json")


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("fit", "good.csv", "--target", "why"), "target 'why' is not a column of the table"),
        (
            ("fit", "good.csv", "--target", "city"),
            "the target holds two labels, 'Oslo' and 'Rome': pass --loss binomial",
        ),
        (("fit", "nothing.csv", "--target", "y"), "there is no file nothing.csv"),
        (("fit", "folder", "--target", "y"), "folder"),
        (("fit", "empty.csv", "--target", "y"), "empty.csv is empty"),
        (("fit", "header.csv", "--target", "y"), "header.csv has no rows"),
        (("fit", "ragged.csv", "--target", "y"), "ragged.csv line 3 has 3 values"),
        (("fit", "text.parquet", "--target", "y"), "text.parquet is not a readable Parquet file"),
        (("fit", "text.xyz", "--target", "y"), "text.xyz is of unknown type '.xyz'"),
        (("fit", "twins.csv", "--target", "y"), "'a'"),
        (("fit", "select nonsense", "--target", "y"), "the query failed"),
        (("fit", "gaps.csv", "--target", "y", "--l1", 1), "column 'a' holds 1 missing value"),
        (("fit", "infinite.csv", "--target", "y", "--l1", 1), "column 'a' holds 1 infinite value"),
        (("fit", "gap_in_y.csv", "--target", "y", "--l1", 1), "target 'y' holds 1 missing value"),
        (("fit", "only_y.csv", "--target", "y", "--l1", 1), "no feature is left"),
        (("fit", "only_y.csv", "--target", "y", "--memory", "1GB"), "no feature is left"),
        (("fit", "header.csv", "--target", "y", "--memory", "1GB"), "header.csv has no rows"),
        (("fit", "one_row.csv", "--target", "y"), "FILE has 1 row, and cross-validation holds out some rows"),
        (("fit", "one_row.csv", "--target", "y", "--folds", 2), "and fits to others: give --l1"),
        (("fit", "one_row.csv", "--target", "y", "--memory", "1GB"), "at least 2 folds"),
        ((*FIT, "--l1", -1), "l1 is -1: pass 0 or more"),
        ((*FIT, "--l1", "nan"), "l1 is NaN: pass a number"),
        ((*FIT, "--l1", 1, "--l2", -1), "l2 is -1: pass 0 or more"),
        ((*FIT, "--l1", 1, "--l2", "inf"), "l2 is inf: pass a finite number"),
        ((*FIT, "--l1", 1, "--choose", "best"), "--choose is for choosing a strength, and --l1 gives one"),
        ((*FIT, "--l1", 1, "--folds", 5), "--folds is for choosing a strength, and --l1 gives one"),
        ((*FIT, "--folds", 1), "folds is 1: pass at least 2"),
        ((*FIT,), "folds is 10: pass at least 2 and at most the number of rows, 4"),
        ((*FIT, "--l1", 1, "--features", "a,z"), "feature 'z' is not a column of the table"),
        ((*FIT, "--l1", 1, "--features", "a,y"), "column 'y' is the target: it cannot be a feature too"),
        ((*FIT, "--l1", 1, "--features", "a", "--drop", "a"), "no feature is left"),
        ((*FIT, "--l1", 1, "--drop", "z"), "feature 'z' is not a column of the table"),
        ((*FIT, "--l1", 1, "--weights", "z"), "weights column 'z' is not a column of the table"),
        ((*FIT, "--l1", 1, "--weights", "city"), "weights column 'city' is not numeric"),
        ((*FIT, "--l1", 1, "--weights", "y"), "column 'y' is named both as target and as weights"),
        ((*FIT, "--l1", 1, "--offset", "y"), "column 'y' is named both as target and as offset"),
        (("fit", "weights.csv", "--target", "y", "--l1", 1, "--weights", "negative"), "negative in 1 row"),
        (("fit", "weights.csv", "--target", "y", "--l1", 1, "--weights", "zero"), "is 0 in every row"),
        ((*FIT, "--l1", 1, "--save", "good.csv"), "good.csv is read here and would be written over"),
        ((*FIT, "--l1", 1, "--save", "folder"), "cannot write folder: it is a folder"),
        ((*FIT, "--l1", 1, "--save", "no/model.json"), "cannot write no/model.json: there is no folder"),
        (("path", "good.csv", "--target", "y", "--count", 0), "count is 0"),
        (("path", "good.csv", "--target", "y", "--ratio", 2), "ratio is 2.0"),
        (("path", "good.csv", "--target", "y", "--output", "good.csv"), "would be written over"),
        (("trace", "good.csv", "--target", "y", "--l1", -1), "l1 is -1"),
        (("trace", "good.csv", "--target", "y", "--l1", 1, "--tol", "nan"), "tol is nan"),
        (("predict", "nothing.json", "good.csv"), "nothing.json: no such file or directory"),
        (("predict", "good.csv", "good.csv"), "good.csv is not an equipoise model"),
        (("predict", "other.json", "good.csv"), "other.json is not an equipoise model"),
        (("predict", "folder", "good.csv"), "folder"),
        (("audit", "coefs.csv", "good.csv", "--target", "y"), "--l1 is missing"),
        (
            ("audit", "unnamed.csv", "good.csv", "--target", "y", "--l1", 1),
            "needs the columns 'feature' and 'coef'",
        ),
        (("audit", "unknown.csv", "good.csv", "--target", "y", "--l1", 1), "'A'"),
        (("audit", "twice.csv", "good.csv", "--target", "y", "--l1", 1), "names feature 'a' twice"),
        (("audit", "texts.csv", "good.csv", "--target", "y", "--l1", 1), "column 'coef' is not numeric"),
        (("audit", "two_intercepts.csv", "good.csv", "--target", "y", "--l1", 1), "has two intercepts"),
        (("audit", "nameless.csv", "good.csv", "--target", "y", "--l1", 1), "names no feature in row 1"),
    ],
)
def test_a_mistake_is_a_sentence(mistake, args, complaint):
    assert complaint in mistake(*args)
    if "--target" in args:
        assert complaint in mistake(*args, "--json")


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("explain", "model.json", "good.csv", "--target", "z"), "target 'z' is not a column"),
        (("explain", "model.json", "good.csv", "c", "--target", "y"), "there is no feature 'c'"),
        (("explain", "model.json", "good.csv", "--target", "b"), "not the data the model was fitted to"),
        (("explain", "model.json", "gaps.csv", "--target", "y"), "FILE lacks column 'city'"),
        (("predict", "model.json", "gaps.csv"), "FILE lacks column 'city'"),
        (("predict", "model.json", "good.csv", "--offset", "z"), "offset column 'z' is not a column"),
        (("predict", "model.json", "good.csv", "--output", "model.json"), "would be written over"),
        (("audit", "model.json", "gaps.csv", "--target", "y"), "FILE lacks column 'city'"),
    ],
)
def test_a_mistake_with_a_good_model_is_a_sentence(mistake, model, args, complaint):
    assert complaint in mistake(*args)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda text: text.replace('"intercept": ', '"intercept": 1'), "was changed or cut short"),
        (lambda text: text[: len(text) // 2], "is not JSON"),
        (lambda text: re.sub(r'"version": \d+', '"version": 999', text), "version"),
        (lambda text: json.dumps([json.loads(text)]), "is not an equipoise model"),
    ],
)
@pytest.mark.parametrize("verb", ["predict", "explain", "audit"])
def test_a_model_that_was_tampered_with(mistake, model, verb, change, complaint):
    path = Path("model.json")
    path.write_text(change(path.read_text()))
    more = () if verb == "predict" else ("--target", "y")
    assert complaint in mistake(verb, "model.json", "good.csv", *more)


@pytest.mark.parametrize(
    "args",
    [
        ("trace", "good.csv", "--l1", 1),
        (*FIT, "--l1", "one"),
        (*FIT, "--choose", "worst"),
        (*FIT, "--sparkle"),
        (*FIT, "--sparkle", "bright"),
        ("trace", "good.csv", "--target", "y", "--l1", 1, "--steps", 0),
        ("predict", "model.json", "good.csv", "--unseen", "guess"),
        ("fitt", "good.csv"),
    ],
)
def test_wrong_usage_is_exit_code_2_too(run, args):
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: " in result.stderr
    assert "Error: " in result.stderr


WRITERS = [
    (*FIT, "--l1", 1, "--save", "old.txt"),
    ("path", "good.csv", "--target", "y", "--output", "old.txt"),
    ("predict", "model.json", "good.csv", "--output", "old.txt"),
]


@pytest.mark.parametrize("args", WRITERS)
def test_a_mistake_leaves_the_old_file_alone(mistake, model, args):
    Path("old.txt").write_text("old")
    mistake(*(arg if arg != "good.csv" else "gaps.csv" for arg in args))
    assert Path("old.txt").read_text() == "old"


@pytest.mark.parametrize("args", WRITERS)
def test_a_failure_to_write_leaves_the_old_file_alone(mistake, model, args, monkeypatch):
    Path("old.txt").write_text("old")
    before = sorted(Path().iterdir())

    def fail(self, target):
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "replace", fail)
    assert "no space left on device" in mistake(*args)
    assert Path("old.txt").read_text() == "old"
    assert sorted(Path().iterdir()) == before


def test_an_interruption_is_exit_code_130(run, monkeypatch):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("equipoise.cli.solving.fit", interrupt)
    result = run(*FIT, "--l1", 1)
    assert (result.exit_code, result.stdout, result.stderr) == (130, "", "equipoise: interrupted\n")


def test_a_bug_keeps_its_traceback(run, monkeypatch):
    def fail(*args, **options):
        raise ZeroDivisionError

    monkeypatch.setattr("equipoise.cli.solving.fit", fail)
    with pytest.raises(ZeroDivisionError):
        run(*FIT, "--l1", 1)


def test_an_error_without_words_is_named():
    pytest.importorskip("typer")
    from equipoise.cli.mistakes import sentence

    assert sentence(MemoryError()) == "MemoryError"
    assert sentence(ValueError("two\n lines, \x1b[31m")) == "two lines, \\x1b[31m"
