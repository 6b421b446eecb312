from dataclasses import dataclass

import numpy as np
import pytest

import equipoise as eq
from equipoise.results.balance.text import closest_calls, zeros
from equipoise.results.fit.text import survivors
from equipoise.show.tables import wrap

X = [[1, 1], [1, 0], [0, 1]]
Y = [3, 2, 1]


@dataclass
class Sheet:
    features: tuple
    coef: tuple
    pull: tuple
    limit: tuple
    status: tuple
    reason: tuple


def sheet(*rows):
    return Sheet(*zip(*rows, strict=True))


def test_survivors_come_with_penalty_and_intercept():
    text = survivors(eq.fit(X, Y, l1=1, intercept=False))
    assert text.split("\n") == [
        "2 of 2 features kept at l1 = 1; intercept 0",
        "",
        "feature      coef",
        "x1        1.66667",
        "x2       0.666667",
    ]


def test_no_survivor_has_no_table():
    assert survivors(eq.fit(X, Y, l1=9, intercept=False)) == "0 of 2 features kept at l1 = 9; intercept 0"


def test_standardisation_is_said():
    assert "a feature's limit is l1 times its standard deviation" in survivors(
        eq.fit(X, Y, l1=0.1, standardize=True)
    )


def test_zeros_are_grouped_and_the_closest_comes_first():
    text = zeros(
        sheet(
            ("kept", 1.0, 2.0, 2.0, "active", None),
            ("faint", 0.0, 0.1, 2.0, "killed", "weak"),
            ("weak", 0.0, -1.5, 2.0, "killed", "weak"),
            ("late", 0.0, 1.9, 2.0, "killed", "explained away"),
            ("flat", 0.0, 0.0, 2.0, "constant", None),
            ("held", 0.0, -5.0, 0.0, "at bound", None),
        )
    )
    assert text.split("\n") == [
        "5 of 6 features are zero, and why:",
        "  1 explained away (others took the pull): late",
        "  2 weak (even alone the pull does not exceed the limit): weak, faint",
        "  1 at bound (only a bound holds it): held",
        "  1 constant (nothing to say that the intercept does not say): flat",
    ]


def test_long_lists_are_shortened():
    text = zeros(sheet(*((f"g{j}", 0.0, 0.0, 1.0, "killed", "weak") for j in range(50))), most=3)
    assert text.endswith("g0, g1, g2 and 47 more")


def test_no_zero_needs_no_words():
    assert zeros(sheet(("a", 1.0, 1.0, 1.0, "active", None))) == ""
    assert closest_calls([]) == ""


@pytest.mark.parametrize("width", [20, 40, 100])
def test_lines_are_no_wider_than_asked(width):
    text = wrap("a story of many words, none of them long, that goes on and on " * 5, width, "  ")
    assert all(len(line) <= width for line in text.split("\n"))


def test_words_are_never_broken_and_control_characters_escaped():
    name = "a-very-long-name-" * 5
    assert name in wrap(f"{name} is zero\n\x1b[31m", 20)
    assert "\\n\\x1b[31m" in wrap(f"{name} is zero\n\x1b[31m", 20)


@pytest.mark.parametrize(
    ("y", "values"),
    [([0, 1, 1, 0], "0 and 1"), ([True, False, True, True], "0 and 1"), ([2.5, -1, 2.5, -1], "-1 and 2.5")],
)
def test_a_response_of_two_values_is_named_in_one_line(y, values):
    fit = eq.fit([[1], [2], [4], [3]], y, l1=0.1)
    (told,) = [line for line in str(fit).split("\n") if "linear probability model" in line]
    assert told.startswith(
        f"y has two values, {values}: under squared loss this is a linear probability model"
    )
    assert "linear probability" not in survivors(fit) + str(fit.explain()) + fit.explain("x1")


@pytest.mark.parametrize("y", [[0, 1, 2, 0], [1, 1, 1, 1], [0, 1, 1, 0.5]])
def test_any_other_response_is_not(y):
    assert "linear probability" not in str(eq.fit([[1], [2], [4], [3]], y, l1=0.1))


def test_a_model_from_a_file_knows_no_response(tmp_path):
    eq.fit([[1], [2], [4], [3]], [0, 1, 1, 0], l1=0.1).save(tmp_path / "model.json")
    assert "linear probability" not in str(eq.load(tmp_path / "model.json"))


def test_a_fit_names_its_zeros():
    text = str(eq.fit(X, Y, l1=3.5, intercept=False))
    # r = (9/4, 5/4, 1) leaves 7.625 of 14.
    assert text.split("\n\n")[:4] == [
        "1 of 2 features kept at l1 = 3.5; intercept 0",
        "feature  coef\nx1       0.75",
        "R² 0.4554 on its own rows; root mean squared error 1.59426, of the null model (0, no intercept)\n"
        "2.16025",
        "1 of 2 features is zero, and explain says why: x2",
    ]
    assert text.split("\n\n")[4].startswith("Certificate: optimal")


def test_a_fit_without_zeros_names_none():
    assert "says why" not in str(eq.fit(X, Y, l1=1, intercept=False))


def test_a_fit_whose_data_have_changed_prints_all_the_same():
    data = np.array(X, dtype=float)
    fit, untouched = (eq.fit(values, Y, l1=3.5, intercept=False) for values in (data, X))
    data[0, 1] = 7.0
    assert str(fit) == str(untouched)


def test_a_choice_whose_data_have_changed_prints_all_the_same():
    rng = np.random.default_rng(4)
    data = rng.normal(size=(30, 4))
    y = 2 * data[:, 0] - data[:, 1] + rng.normal(size=30)
    asked = {"folds": 3, "count": 8}
    for verb in (eq.cross_validate, eq.adapt):
        given = data.copy()
        found, untouched = verb(given, y, **asked), verb(data.copy(), y, **asked)
        given[0] = 50.0
        assert str(found) == str(untouched)


def test_twenty_thousand_features_are_no_flood():
    rng = np.random.default_rng(1)
    data = rng.normal(size=(20, 20_000))
    y = data[:, :3].sum(axis=1) + rng.normal(size=20)
    ridge = eq.fit(data, y, l1=0.0, l2=1.0)
    assert len(ridge.support) == 20_000
    path = eq.path(data, y, count=3)
    lasso = eq.fit(data, y, l1=1.0)
    for shown in (ridge, path, lasso, lasso.explain(), lasso.what_if(l1=2.0)):
        assert len(repr(shown).split("\n")) < 60
        assert len(repr(shown)) < 6000
        assert len(shown._repr_html_()) < 60_000
