import numpy as np
import pytest

import equipoise as eq

ROWS = [[1, 1, 3], [1, 0, 2], [0, 1, 1]]
WEAK = [[2, 0.5, 4], [1, -1, 1], [-1, 0.5, -2]]
CLOSE = [
    [10, 9.99, 7.5],
    [-10, -10, 3.25],
    [0.01, 0, 10],
]  # columns that differ by a thousandth


def write(section, rows):
    for i, row in enumerate(rows):
        for name, value in zip(("x1", "x2", "y"), row, strict=True):
            section.page.locator(f"#s12-{name}-{i + 1}").fill(str(value))


def fits(rows, limit):
    X, y = np.array(rows, dtype=float)[:, :2], np.array(rows, dtype=float)[:, 2]
    lasso = eq.fit(X, y, l1=limit, intercept=False)
    ridge = eq.fit(X, y, l1=0, l2=limit, intercept=False)
    return X, y, {"l1": lasso.coef, "l2": ridge.coef}


def check(section, rows, limit):
    X, y, found = fits(rows, limit)
    assert section.read("low") == -limit
    assert section.read("high") == limit
    assert section.read("l2-answer") == 0
    for j in (0, 1):
        assert section.read(f"alone{j + 1}") == pytest.approx(X[:, j] @ y, abs=1e-6)
    for name, coef in found.items():
        for j, pull in enumerate(X.T @ (y - X @ coef)):
            assert section.read(f"{name}-w{j + 1}") == pytest.approx(coef[j], abs=1e-6)
            assert section.read(f"{name}-pull{j + 1}") == pytest.approx(pull, abs=1e-6)
            partial = X[:, j] @ (y - X[:, 1 - j] * coef[1 - j])
            assert section.read(f"{name}-partial{j + 1}") == pytest.approx(partial, abs=1e-6)
        zeros = [f"x{j + 1}" for j in (0, 1) if coef[j] == 0]
        assert section.text(f"{name}-zeros") == f"{len(zeros)} of 2"
        if name == "l1" and limit:
            killed = f"yes: {' and '.join(zeros)}" if zeros else "no: both partial pulls exceed λ"
            assert section.text("l1-kill") == killed
    assert section.text("l2-kill") == ("no" if limit else "no: λ is 0")
    return tuple(found["l1"]), tuple(found["l2"])


@pytest.mark.parametrize("rows", [ROWS, WEAK, CLOSE], ids=["three rows", "weak", "close"])
def test_every_cell_is_the_librarys(lesson, rows):
    section = lesson(12)
    write(section, rows)
    end = float(section.page.locator("#s12-limit").get_attribute("max"))
    seen = set()
    for place, limit in [("first", 0), (2, 2), (3, 3), ("last", end)]:
        section.slide("limit", place)
        seen.add(check(section, rows, limit))
    assert len(seen) == 4
    assert section.text("l1-kill") == "yes: x1 and x2"
    assert section.text("l2-zeros") == "0 of 2"


def test_the_three_rows_by_hand(lesson):
    section = lesson(12)
    section.slide("limit", 3)
    # Pulls 5 and 4 at 0; x1 alone rests at (5 - 3)/2 = 1, and leaves x2 a pull of 4 - 1 = 3, no more than λ.
    assert [section.read(f"l1-w{j}") for j in (1, 2)] == [1, 0]
    assert [section.read(f"l1-pull{j}") for j in (1, 2)] == [3, 3]
    # Put back, x1 has the pull 3 + 2 · 1; x2 has nothing to put back.
    assert [section.read(f"l1-partial{j}") for j in (1, 2)] == [5, 3]
    assert section.text("l1-kill") == "yes: x2"
    # (2 + 6) w1 + w2 = 5 and w1 + (2 + 6) w2 = 4.
    assert [section.read(f"l2-w{j}") for j in (1, 2)] == pytest.approx([36 / 63, 27 / 63], abs=1e-9)
    section.slide("limit", 0)
    assert section.text("l1-kill") == "no: λ is 0"


def test_rows_are_filled_in_by_a_button(lesson):
    section = lesson(12)
    seen = set()
    for k, rows in [(1, WEAK), (0, ROWS)]:
        section.press(f"fill-{k}")
        section.slide("limit", 1)
        seen.add(check(section, rows, 1))
    assert len(seen) == 2


def test_two_equal_columns_and_a_column_of_zeros(lesson):
    section = lesson(12)
    section.press("fill-2")
    section.slide("limit", 2)
    # x1 = x2: for one of them (5 - 2)/2; ridge gives each w with 2w + 2w + 4w = 5.
    assert [section.read(f"l1-w{j}") for j in (1, 2)] == [1.5, 0]
    assert [section.read(f"l2-w{j}") for j in (1, 2)] == pytest.approx([5 / 8, 5 / 8], abs=1e-9)
    assert "x1 and x2 are the same column: under L1 any share" in section.text("note")
    section.slide("limit", "first")
    assert section.read("l1-pull1") == section.read("l1-pull2") == section.read("l2-pull1") == 0
    assert "without a penalty any share" in section.text("note")
    assert [section.read(f"l1-w{j}") for j in (1, 2)] == [2.5, 0]
    # The least squares of the smallest size: there ridge comes from.
    least = np.linalg.lstsq(np.array([[1, 1], [1, 1], [0, 0]]), np.array([3, 2, 1]), rcond=None)[0]
    assert [section.read(f"l2-w{j}") for j in (1, 2)] == pytest.approx(least, abs=1e-9)
    starts = [
        line.get_attribute("points").split()[0]
        for line in section.page.locator("#s12 .plane").nth(1).locator(".curve").all()
    ]
    assert len(starts) == 2
    assert starts[0] == starts[1]
    section.press("fill-3")
    section.slide("limit", 2)
    assert [section.read(f"l1-w{j}") for j in (1, 2)] == [1.5, 0]
    assert [section.read(f"l2-w{j}") for j in (1, 2)] == pytest.approx([5 / 6, 0], abs=1e-9)
    assert section.text("l2-zeros") == "1 of 2"
    assert section.text("note").startswith("x2 is a column of zeros")
    write(section, [[0, 0, 0]] * 3)
    assert section.text("note").startswith("x1 and x2 are columns of zeros: they change no prediction")
    assert section.text("l1-zeros") == "2 of 2"


def test_what_cancels_is_zero_however_large_its_parts(lesson):
    section = lesson(12)
    # x1 and x2 differ by a hundredth in two rows: without a penalty weights of two million fit all three.
    write(section, [[10, 9.99, 10], [9.99, 9.98, -10], [0, 0, 0]])
    section.slide("limit", "first")
    assert section.read("l1-w1") == pytest.approx((10 * 9.98 + 10 * 9.99) / -0.0001, rel=1e-9)
    assert [section.read(f"{name}-pull{j}") for name in ("l1", "l2") for j in (1, 2)] == [0] * 4


def test_a_limit_that_was_set_comes_back_when_it_fits_again(lesson):
    section = lesson(12)
    section.slide("limit", 4)
    write(section, [[1, 1, 0], [1, 0, 0], [0, 1, 0]])
    assert section.read("high") == 1
    section.press("fill-0")
    assert check(section, ROWS, 4)[0] == pytest.approx((0.5, 0))


@pytest.mark.parametrize(
    "rows", [[[1, 2, 3], [1, 2, 2], [0, 0, 1]], [[1, -3, 3], [-2, 6, 2], [0.5, -1.5, 1]]]
)
def test_without_a_penalty_ridge_shares_between_multiples_as_its_limit_does(lesson, rows):
    section = lesson(12)
    write(section, rows)
    section.slide("limit", "first")
    X, y = np.array(rows, float)[:, :2], np.array(rows, float)[:, 2]
    shown = [section.read(f"l2-w{j}") for j in (1, 2)]
    assert shown == pytest.approx(np.linalg.pinv(X) @ y, abs=1e-9)
    assert shown == pytest.approx(eq.fit(X, y, l1=0, l2=1e-7, intercept=False).coef, abs=1e-6)


def test_a_multiple_gets_all_where_it_is_the_longer(lesson):
    section = lesson(12)
    rows = [[1, 2, 3], [1, 2, 2], [0, 0, 1]]
    write(section, rows)
    section.slide("limit", 2)
    check(section, rows, 2)
    assert section.read("l1-w1") == 0
    assert section.read("l1-w2") > 0


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "x2 in row 1 is empty"),
        ("two", "x2 in row 1 is “two”, which is no decimal number: write one such as −1.5."),
        ("1e300", "x2 in row 1 is “1e300”, which is no decimal number"),
        ("Infinity", "x2 in row 1 is “Infinity”, which is no decimal number"),
        ("0x5", "x2 in row 1 is “0x5”, which is no decimal number"),
        ("0b1", "x2 in row 1 is “0b1”, which is no decimal number"),
        ("1 000", "x2 in row 1 is “1 000”, which is no decimal number"),
        ("1,000.5", "x2 in row 1 is “1,000.5”, which is no decimal number"),
        (".", "x2 in row 1 is “.”, which is no decimal number"),
        ("−", "x2 in row 1 is “−”, which is no decimal number"),
        ("−10.01", "x2 in row 1 is −10.01: write a number from −10 to 10."),
        ("300", "x2 in row 1 is 300: write a number from −10 to 10."),
        ("0.125", "x2 in row 1 is 0.125: write at most two decimals."),
        ("0,125", "x2 in row 1 is 0,125: write at most two decimals."),
    ],
)
def test_what_is_no_number_is_told_and_nothing_wrong_is_shown(lesson, written, complaint):
    section = lesson(12)
    section.page.locator("#s12-x2-1").fill(written)
    assert section.text("mistake").startswith(complaint)
    assert section.page.locator("#s12-x2-1").get_attribute("aria-invalid") == "true"
    section.slide("limit", 2)
    cells = section.page.locator("#s12 table.summary [data-show]").all_text_contents()
    assert set(cells) == {"–"}
    section.page.locator("#s12-x2-1").fill(" 1.00 ")
    assert section.text("mistake") == ""
    check(section, ROWS, 2)


@pytest.mark.parametrize(
    ("written", "value"),
    [("-2", -2), ("−2", -2), ("−1,5", -1.5), ("1.5", 1.5), ("+.5", 0.5), ("2.", 2), ("007", 7), ("−0", 0)],
)
def test_decimal_numbers_are_read_as_they_are_written(lesson, written, value):
    section = lesson(12)
    section.page.locator("#s12-x2-1").fill(written)
    assert section.text("mistake") == ""
    section.slide("limit", 2)
    check(section, [[1, value, 3], *ROWS[1:]], 2)


def test_on_a_phone_nothing_scrolls_sideways(lesson):
    section = lesson(12, viewport={"width": 390, "height": 800}, has_touch=True)
    assert section.page.evaluate("document.documentElement.scrollWidth") == 390
    assert section.page.locator("#s12 .wide").evaluate("e => e.scrollWidth <= e.clientWidth")
