"""How text is read, said in the shell: the remedies that are named work, and models remember them."""

import numpy as np
import pytest

import equipoise as eq

AGES = [20 + 7 * k % 53 for k in range(40)]
Y = [0.5 * age + k % 3 for k, age in enumerate(AGES)]


def write(path, ages, *, separator=","):
    cells = (f'"{age}"' if separator in str(age) else str(age) for age in ages)
    rows = (
        f"{cell}{separator}{k % 5}{separator}{y}" for k, (cell, y) in enumerate(zip(cells, Y, strict=True))
    )
    path.write_text("\n".join([separator.join(("age", "k", "y")), *rows, ""]))


def solved(ages):
    """The fit of the numbers themselves."""
    X = np.column_stack([ages, [k % 5 for k in range(40)]]).astype(float)
    return eq.fit(X, Y, l1=1, standardize=True)


@pytest.mark.parametrize(
    ("odd", "remedy"),
    [
        ("?", "pass --null '?' if it means a missing value, --as-text age to make its values levels"),
        (".", "pass --null . if"),
        ("none", "pass --null none if"),
        ("#DIV/0!", "pass --null '#DIV/0!' if"),
        ("Total", "pass --null Total if"),
        ("1_000", "pass --thousands _ if"),
        ("301,157.02", "pass --thousands , if"),
        ("<0.1", "write plain numbers"),
        ("12%", "write plain numbers"),
        ("$12", "write plain numbers"),
        ("0007", "pass --as-number age if it is a number"),
    ],
)
def test_a_value_among_numbers_is_named_with_its_line_and_the_remedy(mistake, tmp_path, odd, remedy):
    write(tmp_path / "t.csv", [*AGES[:30], odd, *AGES[31:]])
    said = mistake("fit", "t.csv", "--target", "y", "--l1", 1)
    assert f"column 'age' holds '{odd}'" in said
    assert "(line 32 of t.csv)" in said
    assert remedy in said


def test_what_means_a_missing_value_can_be_said(document, tmp_path):
    write(tmp_path / "t.csv", ["?", *AGES[1:]])
    found = document("fit", "t.csv", "--target", "y", "--l1", 1, "--null", "?", "--missing", "drop")
    there = eq.fit(
        np.column_stack([AGES, [k % 5 for k in range(40)]])[1:].astype(float), Y[1:], l1=1, standardize=True
    )
    np.testing.assert_allclose(found["coef"], there.coef, rtol=1e-9)


@pytest.mark.parametrize(
    ("written", "options", "numbers"),
    [
        (lambda age: f"{age},5", (), lambda age: age + 0.5),
        (lambda age: f"{age},500", ("--decimal", ","), lambda age: age + 0.5),
        (lambda age: f"{age},500", ("--thousands", ","), lambda age: 1000 * age + 500),
        (
            lambda age: f"{age}.500,25",
            ("--decimal", ",", "--thousands", "."),
            lambda age: 1000 * age + 500.25,
        ),
        (lambda age: f"{age}'500", ("--thousands", "'"), lambda age: 1000 * age + 500),
        (lambda age: f"00{age}", ("--as-number", "age"), lambda age: age),
        (lambda age: f" +{age} ", (), lambda age: age),
        (lambda age: f"\u2212{age}", (), lambda age: -age),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_form_of_numbers_is_read_and_remembered(
    document, succeed, tmp_path, written, options, numbers, separator
):
    write(tmp_path / "t.csv", map(written, AGES), separator=separator)
    found = document("fit", "t.csv", "--target", "y", "--l1", 1, *options, "--save", "m.json")
    there = solved(list(map(numbers, AGES)))
    np.testing.assert_allclose(found["coef"], there.coef, rtol=1e-9)
    # A single row is read as the model was: by itself its form would be another, or ambiguous.
    (tmp_path / "one.csv").write_text(
        separator.join(("age", "k")) + "\n" + f'"{written(AGES[3])}"{separator}3\n'
    )
    predicted = float(succeed("predict", "m.json", "one.csv").splitlines()[1])
    assert predicted == pytest.approx(there.intercept + there.coef @ [numbers(AGES[3]), 3], rel=1e-9)


def test_new_data_may_be_written_in_another_way(succeed, tmp_path):
    write(tmp_path / "t.csv", [age + 0.5 for age in AGES])
    succeed("fit", "t.csv", "--target", "y", "--l1", 1, "--save", "m.json")
    there = solved([age + 0.5 for age in AGES])
    (tmp_path / "new.csv").write_text("age;k\n31,5;2\n40;1\n")
    predicted = succeed("predict", "m.json", "new.csv", "--decimal", ",").splitlines()[1:]
    expected = there.intercept + np.array([[31.5, 2], [40, 1]]) @ there.coef
    np.testing.assert_allclose(list(map(float, predicted)), expected, rtol=1e-9)


def test_codes_are_levels_and_any_column_can_be(document, tmp_path):
    write(tmp_path / "codes.csv", [f"0{k % 4}" for k in range(40)])
    found = document("fit", "codes.csv", "--target", "y", "--l1", 1)
    assert found["features"] == ["age=00", "age=01", "age=02", "age=03", "k"]
    write(tmp_path / "numbers.csv", [k % 3 for k in range(40)])
    found = document("fit", "numbers.csv", "--target", "y", "--l1", 1, "--as-text", "age")
    assert found["features"] == ["age=0", "age=1", "age=2", "k"]


def test_what_cannot_be_meant_is_refused(mistake, tmp_path):
    write(tmp_path / "t.csv", AGES)
    fit = ("fit", "t.csv", "--target", "y", "--l1", 1)
    assert "--decimal is ';': pass '.' or ','" in mistake(*fit, "--decimal", ";")
    assert "decimal and thousands are both ','" in mistake(*fit, "--decimal", ",", "--thousands", ",")
    assert "--as-text names 'agee', which is no column: did you mean 'age'?" in mistake(
        *fit, "--as-text", "agee"
    )
    assert "is named in as_number and in as_text" in mistake(*fit, "--as-text", "age", "--as-number", "age")


def test_batches_are_read_the_same(document, mistake, tmp_path):
    (tmp_path / "d").mkdir()
    write(tmp_path / "d" / "a.csv", [f"{age},5" for age in AGES], separator=";")
    found = document("fit", "d", "--target", "y", "--l1", 1)
    np.testing.assert_allclose(found["coef"], solved([age + 0.5 for age in AGES]).coef, rtol=1e-9)
    write(tmp_path / "d" / "a.csv", [*AGES[:30], "?", *AGES[31:]])
    assert "column 'age' holds '?' among 39 numbers (line 32 of d/a.csv)" in mistake(
        "fit", "d", "--target", "y", "--l1", 1
    )
