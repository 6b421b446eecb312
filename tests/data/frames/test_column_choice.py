"""What a verb is told about columns is a choice among those that there are, or it is said why not."""

import numpy as np
import pytest

from equipoise.data.frames.column_choice import ColumnChoice

COLUMNS = ["a", "b", "c", "y"]


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [
        ({}, ["a", "b", "c"]),
        ({"features": ["c", "a"]}, ["c", "a"]),
        ({"features": ("c", "a", "c")}, ["c", "a"]),
        ({"features": np.array(["b"])}, ["b"]),
        ({"drop": ["b"]}, ["a", "c"]),
        ({"drop": {"a", "c"}}, ["b"]),
        ({"drop": None}, ["a", "b", "c"]),
        ({"features": ["c", "b", "a"], "drop": ["b"]}, ["c", "a"]),
    ],
)
def test_the_columns_chosen_are_in_the_order_asked(choice, chosen):
    assert ColumnChoice(**choice).checked({"y": "y"}).chosen(COLUMNS, ["y"]) == chosen


@pytest.mark.parametrize(
    ("choice", "error", "said"),
    [
        ({"features": "abc"}, TypeError, "features is the text 'abc': pass a list of names"),
        ({"drop": "b"}, TypeError, "drop is the text 'b': pass a list of names"),
        ({"names": "abcy"}, TypeError, "names is the text 'abcy': pass a list of names"),
        ({"drop": 3}, TypeError, "drop is 3: pass a list of names"),
        ({"features": ["a", "y"]}, ValueError, "features names 'y', which is y and so no feature"),
        ({"drop": ["y"]}, ValueError, "drop names 'y', which is y and so no feature: take it out of drop"),
        ({"features": ["d"]}, ValueError, "feature 'd' is not a column of the table"),
        ({"drop": ["d"]}, ValueError, "feature 'd' is not a column of the table"),
        ({"features": ["a"], "drop": ["a"]}, ValueError, "no feature is left"),
        ({"drop": ["a", "b", "c"]}, ValueError, "no feature is left"),
    ],
)
def test_what_cannot_be_chosen_is_said(choice, error, said):
    with pytest.raises(error, match=said):
        ColumnChoice(**choice).checked({"y": "y"}).chosen(COLUMNS, ["y"])


@pytest.mark.parametrize(
    ("names", "error", "said"),
    [
        (["a", "b"], ValueError, "names has 2 names but X has 3 columns: pass one for each"),
        (["a", "b", "a"], ValueError, "names has two columns named 'a': rename one of them"),
        (["a", "", "c"], TypeError, "names holds '' at position 1: pass texts that are not empty"),
        ([0, 1, 2], TypeError, "names holds 0 at position 0: pass texts"),
    ],
)
def test_names_are_distinct_texts_one_for_each_column(names, error, said):
    with pytest.raises(error, match=said):
        ColumnChoice(names=names).names_of(3)


def test_columns_without_names_go_by_x1_to_xp():
    assert ColumnChoice().names_of(2) == ("x1", "x2")
    assert ColumnChoice(names=np.array(["a", "b"])).names_of(2) == ("a", "b")


@pytest.mark.parametrize(
    "given",
    [
        {"names": ["a"]},
        {"features": ["a"]},
        {"drop": ["a"]},
        {"reference": None},
        {"categories": {"a": ["b"]}},
    ],
)
def test_each_argument_is_refused_by_name(given):
    with pytest.raises(TypeError, match=f"{next(iter(given))} was given, but it cannot be"):
        ColumnChoice(**given).refuse_any("it cannot be")
    ColumnChoice(drop=[], reference="binary").refuse_any("it cannot be")
