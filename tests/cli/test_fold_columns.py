"""--folds and --groups: columns of text, whole groups, blocks in order, one split."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import TimeSeriesSplit

import equipoise as eq

N = 60
RNG = np.random.default_rng(5)
X = RNG.normal(size=(N, 3))
Y = X @ [2.0, -1.0, 0.0] + RNG.normal(size=N)
SITE = np.array(["north", "south", "east"])[np.arange(N) % 3]
PERSON = np.repeat(np.arange(12), 5)
SPLIT = np.where(np.arange(N) % 4 == 0, "validation", "train")


@pytest.fixture
def file(tmp_path):
    """A table with columns of folds and groups."""
    frame = pd.DataFrame(X, columns=["a", "b", "c"]).assign(
        y=Y, site=SITE, person=[f"p{p}" for p in PERSON], split=SPLIT
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    return tmp_path / "t.csv"


ASKED = ("--target", "y", "--features", "a,b,c", "--no-standardize")


def by_hand(folds):
    """The choice of a cross-validation with these pairs of rows."""
    pairs = [(np.flatnonzero(train), np.flatnonzero(test)) for train, test in folds]
    return eq.cross_validate(X, Y, folds=pairs)


WAYS = [ASKED, (*ASKED, "--memory", "1GB"), ("--formula", "y ~ a + b + c", "--no-standardize")]


@pytest.mark.parametrize("asked", WAYS)
def test_a_column_of_text_names_the_folds(document, file, asked):
    told = document("fit", file, *asked, "--folds", "site")["choice"]
    cv = by_hand([(name != SITE, name == SITE) for name in ("east", "north", "south")])
    assert told["folds"] == 3
    assert told["best_strength"] == pytest.approx(cv.best_strength, rel=1e-9)
    assert told["one_se_strength"] == pytest.approx(cv.one_se_strength, rel=1e-9)


@pytest.mark.parametrize("asked", WAYS)
def test_groups_are_held_out_together(document, file, asked):
    told = document("fit", file, *asked, "--groups", "person", "--folds", 4)["choice"]
    cv = eq.cross_validate(X, Y, folds=4, groups=[f"p{p}" for p in PERSON])
    assert told["folds"] == 4
    assert told["best_strength"] == pytest.approx(cv.best_strength, rel=1e-9)
    assert told["one_se_strength"] == pytest.approx(cv.one_se_strength, rel=1e-9)


def test_groups_in_a_report(succeed, file, tmp_path):
    page = tmp_path / "page.html"
    succeed("report", file, *ASKED, "--groups", "person", "--folds", 3, "-o", page)
    assert "rows of a group are held out together" in page.read_text()


@pytest.mark.parametrize(("folds", "count"), [("ordered", 10), ("ordered:4", 4)])
def test_blocks_in_order(document, succeed, file, folds, count):
    told = " ".join(succeed("fit", file, *ASKED, "--folds", folds).split())
    assert f"by {count}-fold cross-validation on blocks of rows in their order" in told
    told = document("fit", file, *ASKED, "--folds", folds)["choice"]
    cv = eq.cross_validate(X, Y, folds=TimeSeriesSplit(count))
    assert told["folds"] == count
    assert told["best_strength"] == pytest.approx(cv.best_strength, rel=1e-9)
    assert told["one_se_strength"] == pytest.approx(cv.one_se_strength, rel=1e-9)


@pytest.mark.parametrize("given", [("--folds", "split"), ("--folds", "ordered:1")])
def test_one_split_chooses_the_best_and_says_so(run, file, given):
    told = run("fit", file, *ASKED, *given, "--json")
    assert "one split of the rows has no standard error: the best strength is chosen" in told.stderr
    choice = json.loads(told.stdout)["choice"]
    order = np.arange(N)
    train = SPLIT == "train" if given[1] == "split" else order < N // 2
    strengths = eq.path(X, Y).strengths
    share = train.sum() / N
    loss = [
        np.mean((Y[~train] - eq.fit(X[train], Y[train], l1=t * share).predict(X[~train])) ** 2)
        for t in strengths
    ]
    assert choice["method"] == "best"
    assert choice["strength"] == choice["best_strength"]
    assert choice["strength"] == pytest.approx(strengths[int(np.argmin(loss))], rel=1e-9)
    assert choice["one_se_strength"] is None
    text = run("fit", file, *ASKED, *given).stdout
    assert "chosen by one split of the rows: best, the smallest mean loss" in " ".join(text.split())
    assert "best is the only choice" in text
    assert "nan" not in text


def test_a_report_of_one_split(run, file, tmp_path):
    told = run("report", file, *ASKED, "--folds", "split", "-o", tmp_path / "page.html")
    assert "the best strength is chosen" in told.stderr
    assert "chosen by one split of the rows: best" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize(
    ("more", "found"),
    [
        (("--folds", "split", "--choose", "one-se"), "--choose is one-se, but one split of the rows has no"),
        (("--folds", "split", "--early-stop"), "--early-stop compares the losses of folds, and there is one"),
        (("--groups", "person", "--folds", 13), "--folds is 13, but there are 12 groups, and no group is"),
        (("--groups", "person", "--folds", 13, "--memory", "1GB"), "--folds is 13, but there are 12 groups"),
        (("--groups", "person", "--l1", 1), "--groups is for choosing a strength, and --l1 gives one"),
        (("--groups", "person", "--folds", "site"), "fits to some rows of group p0 and holds out others"),
        (("--groups", "person", "--folds", "site"), "keep each group in one fold, or leave out --groups"),
        (("--groups", "persons"), "groups column 'persons' is not a column of the table: did you mean"),
        (("--groups", "y"), "is named both as target and as groups"),
        (("--groups", "a"), "column 'a' is the groups: it cannot be a feature too"),
        (("--folds", "ordered", "--memory", "1GB"), "--folds ordered holds out rows after those before"),
        (("--folds", "split", "--memory", "1GB"), "'split' holds 'train', 'validation', and gathered data"),
        (("--folds", "ordered:0"), "--folds is 'ordered:0': ask for at least 1 block"),
        (("--folds", "ordered:x"), "--folds is 'ordered:x': ask for at least 1 block, as in 'ordered:5'"),
        (("--folds", "ordered:60"), "--folds asks for 60 blocks in order and one before them"),
    ],
)
def test_what_is_refused(mistake, file, more, found):
    assert found in mistake("fit", file, *ASKED, *more)


def test_a_column_called_ordered_is_not_misread(mistake, document, file):
    frame = pd.read_csv(file).rename(columns={"site": "ordered"})
    frame.to_csv(file, index=False)
    for more in (ASKED, ("--formula", "y ~ a + b")):
        told = mistake("fit", file, *more, "--folds", "ordered")
        assert "asks for blocks of rows in their order, and the table has a column of that name" in told
        assert "rename the column" in told


def test_rows_that_are_dropped_need_no_label(document, file):
    frame = pd.read_csv(file)
    frame.loc[frame.person == "p3", ["a", "site"]] = np.nan
    frame.loc[frame.person == "p3", "person"] = np.nan
    frame.to_csv(file, index=False)
    left = PERSON != 3
    for more, arguments in (
        (("--folds", "site"), {"folds": SITE[left]}),
        (("--groups", "person", "--folds", 3), {"folds": 3, "groups": [f"p{p}" for p in PERSON[left]]}),
    ):
        told = document("fit", file, *ASKED, "--missing", "drop", *more)["choice"]
        cv = eq.cross_validate(X[left], Y[left], **arguments)
        assert told["best_strength"] == pytest.approx(cv.best_strength, rel=1e-9)
