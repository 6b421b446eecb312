"""Names that R, scikit-learn and formulas give to a level mean its feature, or are refused."""

from types import SimpleNamespace

import pytest

from equipoise.data.frames.encoding import Column, Encoding
from equipoise.data.frames.feature_names import find_features

CITY = Encoding((Column("age", "numeric"), Column("city", "category", ("Oslo", "Rome", "Bonn am Rhein"))))


def find(*names, encoding=CITY, features=None):
    return find_features(names, features or encoding.features, encoding, "coef")


@pytest.mark.parametrize("spelling", ["city={}", "city{}", "city_{}", "city[T.{}]", "city[{}]", "`city`{}"])
def test_each_program_spells_a_level_in_its_way(spelling):
    names = [spelling.format(level) for level in ("Bonn am Rhein", "Oslo", "Rome")]
    assert find(*names, "age") == [3, 1, 2, 0]


def test_a_column_in_quotes_or_logical():
    assert find("`age`") == [0]
    assert find("ageTRUE") == [0]
    with pytest.raises(ValueError, match="coef names 'ageFALSE', which is no feature"):
        find("ageFALSE")


def test_columns_without_names_are_called_v_by_r():
    assert find_features(["V2", "x3"], ("x1", "x2", "x3"), None, "coef") == [1, 2]
    with pytest.raises(ValueError, match="coef names 'V2', which is no feature"):
        find_features(["V2"], ("a", "b"), None, "coef")


def test_one_feature_by_two_names_is_refused():
    with pytest.raises(ValueError, match="names feature 'city=Rome' twice, by 'cityRome' and 'city_Rome'"):
        find("cityRome", "city_Rome")


def test_a_name_that_can_be_read_in_two_ways_is_refused():
    two = Encoding((Column("g", "category", ("ab", "c")), Column("ga", "category", ("b", "d"))))
    with pytest.raises(ValueError, match="'gab', which can mean the feature 'g=ab' or 'ga=b'"):
        find("gab", encoding=two)
    assert find("g=ab", "ga_b", encoding=two) == [0, 2]


def test_a_column_that_is_called_like_a_level():
    both = Encoding((Column("gu", "numeric"), Column("g", "category", ("u", "v"))))
    with pytest.raises(ValueError, match="'gu', which can mean the feature 'gu' or 'g=u'"):
        find("gu", "gv", encoding=both)
    assert find("gu", "g=v", "g=u", encoding=both) == [0, 2, 1]


class OneForTwoLevels(SimpleNamespace):
    """A column of two levels that makes one feature, of the second."""


STUDENT = SimpleNamespace(
    columns=(
        OneForTwoLevels(name="Student", kind="category", levels=("No", "Yes"), features=("Student=Yes",)),
    ),
    features=("Student=Yes",),
)


@pytest.mark.parametrize("spelling", ["Student={}", "Student{}", "Student_{}"])
def test_a_reference_level_is_refused(spelling):
    assert find(spelling.format("Yes"), encoding=STUDENT) == [0]
    with pytest.raises(
        ValueError,
        match=rf"coef names '{spelling.format('No')}', which is level 'No' of column 'Student', "
        "the reference of 'Student=Yes'",
    ):
        find(spelling.format("No"), encoding=STUDENT)


def test_of_a_formula():
    pd = pytest.importorskip("pandas")
    pytest.importorskip("formulaic")
    import equipoise as eq

    X, _ = eq.formula("y ~ a + g", pd.DataFrame({"a": [1.0, 2, 4], "g": list("uvw"), "y": [1.0, 2, 3]}))
    assert X.features == ("a", "g[T.v]", "g[T.w]")
    assert find("gw", "g_v", "a", encoding=X.formula) == [2, 1, 0]
    with pytest.raises(ValueError, match=r"'gu', which is level 'u' .* the reference of 'g\[T.v\]'"):
        find("gu", encoding=X.formula)
