"""Text output: what a person reads."""

import math

import numpy as np
import pytest

from equipoise.results.trace.text import step_sentence, trace_table
from equipoise.show.tables import align, number, printable
from equipoise.solve.textbook import Descent, descend

X = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
Y = np.array([3.0, 2.0, 1.0])


def three_rows(
    l1: float, l2: float = 0.0, max_sweeps: int = 1000, names: tuple[str, str] = ("x1", "x2")
) -> Descent:
    return descend(X, Y, np.full(2, l1), np.full(2, l2), features=names, max_sweeps=max_sweeps)


def test_letters_that_are_joined_stay_so_and_take_no_room():
    persian, family = "نام\u200cخانوادگی", "👩\u200d👧"
    assert printable(persian + family) == persian + family
    assert printable("a\u200bb\u202ec\x1b") == "a\\u200bb\\u202ec\\x1b"
    lines = align([[persian, "1"], ["x" * 13, "2"]], ["name", "w"]).split("\n")
    assert [
        line.index(number) - line.count("\u200c") for line, number in zip(lines[1:], "12", strict=True)
    ] == [15, 15]


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-2.5, "-2.5"),
        (1.6667, "1.6667"),
        (949.435, "949.435"),
        (5e-12, "5e-12"),
        (1e-5, "1e-5"),
        (150000.0, "150000"),
        (1e12, "1e12"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
        (math.nan, "nan"),
    ],
)
def test_number(x: float, text: str) -> None:
    assert number(x) == text


def test_number_of_digits() -> None:
    assert number(5 / 3) == "1.66667"
    assert number(5 / 3, 3) == "1.67"
    assert number(-1e-20, 1) == "-1e-20"


def test_align_puts_numbers_right_and_names_left() -> None:
    table = align([["a", "1", "x"], ["long name", "-10.5", ""], ["c", "∞", "y"]], ["name", "n", "t"])
    assert table.splitlines() == [
        "name           n  t",
        "a              1  x",
        "long name  -10.5",
        "c              ∞  y",
    ]


def test_align_as_told() -> None:
    assert align([["1", "b"]], ["one", "two"], right=[1]).splitlines() == ["one  two", "1      b"]
    assert align([], ["one", "two"]) == "one  two"


def test_align_measures_what_the_terminal_shows() -> None:
    table = align([["年齢", "1"], ["e\u0301te\u0301", "2"], ["a\nb\x1b", "3"]], ["name", "n"])
    assert table.splitlines() == [
        "name      n",
        "年齢      1",
        "e\u0301te\u0301       2",
        "a\\nb\\x1b  3",
    ]


def test_align_wants_full_rows() -> None:
    with pytest.raises(ValueError, match="shorter"):
        align([["1"]], ["one", "two"])


def test_trace_of_section_14() -> None:
    lines = trace_table(three_rows(1.0), first=3, last=1).splitlines()
    assert lines[0].split() == [
        "sweep", "feature", "pull", "limit", "verdict", "w", "residual", "objective", "|gradient|",
    ]  # fmt: skip
    assert lines[1].split() == ["1", "x1", "5", "1", "kept", "0", "→", "2", "(1,", "0,", "1)", "3", "1"]
    assert "2      1  kept" in lines[2]
    assert "0 → 0.5" in lines[2]
    assert lines[4] == "  ⋮  28 more steps"
    assert lines[-2] == "converged after 16 sweeps: violation 4.66e-10"
    assert lines[-1] == "x1 = 1.66667, x2 = 0.666667"


def test_trace_shows_all_steps_when_asked_or_when_few() -> None:
    run = three_rows(1.0)
    assert len(trace_table(run, first=None).splitlines()) == 1 + len(run.steps) + 3
    # 32 steps: 28 + 3 would hide a single one
    assert "⋮" not in trace_table(run, first=28, last=3)
    assert "⋮  2 more" in trace_table(run, first=27, last=3)
    assert trace_table(run, first=2, last=0).splitlines()[3] == "  ⋮  30 more steps"
    assert trace_table(run, first=0, last=0).splitlines()[1] == "  ⋮  32 more steps"


def test_trace_says_killed_and_not_converged() -> None:
    assert "killed   0 → 0" in trace_table(three_rows(3.0))
    assert "NOT converged after 2 sweeps: violation 0.125" in trace_table(three_rows(1.0, max_sweeps=2))


def test_trace_leaves_out_long_residuals_and_adds_the_intercept() -> None:
    X, y = np.arange(7.0)[:, None], 3 * np.arange(7.0) + 2
    text = trace_table(descend(X, y, np.ones(1), np.zeros(1), features=["x1"], intercept=True))
    assert "residual" not in text
    assert text.splitlines()[-1] == "x1 = 2.96429, intercept = 2.10714"


def test_trace_of_a_name_that_would_break_the_line() -> None:
    text = trace_table(three_rows(3.0, names=("two\nlines", "x2")))
    assert len(text.splitlines()) == 6
    assert "two\\nlines = 1" in text


def test_step_sentences() -> None:
    first, second, *_ = three_rows(1.0).steps
    assert step_sentence(first) == "x1: the residual pulls with 5, the limit is 1: kept, w = (5 - 1)/2 = 2"
    assert step_sentence(second) == "x2: the residual pulls with 2, the limit is 1: kept, w = (2 - 1)/2 = 0.5"
    assert step_sentence(three_rows(6.0).steps[0]) == "x1: |5| ≤ 6: killed, w = 0"
    ridge = three_rows(0.0, 1.0).steps[0]
    assert step_sentence(ridge) == "x1: the residual pulls with 5, there is no limit: kept, w = 5/4 = 1.25"


def test_step_sentences_of_negative_and_of_no_pull() -> None:
    down = descend(X, -Y, np.ones(2), np.zeros(2), features=["x1", "x2"]).steps[0]
    assert step_sentence(down) == "x1: the residual pulls with -5, the limit is 1: kept, w = (-5 + 1)/2 = -2"
    still = descend(X, 0 * Y, np.zeros(2), np.zeros(2), features=["x1", "x2"]).steps[0]
    assert step_sentence(still) == "x1: the residual pulls with 0, there is no limit: kept, w = 0"


def test_trace_breaks_lines_between_coefficients() -> None:
    names = [f"feature {j}" for j in range(40)]
    run = descend(np.eye(40), np.full(40, 2.5), np.ones(40), np.zeros(40), features=names)
    lines = trace_table(run).split("\n\n")[1].splitlines()[1:]
    assert all(line.startswith("feature ") and len(line) <= 100 for line in lines)
    assert " ".join(lines) == ", ".join(f"{name} = 1.5" for name in names)


def test_a_column_of_names_is_narrow_and_tells_them_apart() -> None:
    long = "n" * 400
    names = [f"a{long}z", f"b{long}z", f"{long}1{long}", f"{long}2{long}", "", " ", "x"]
    table = align([[name, ""] for name in names], ["feature", long])
    shown = [row[0] for row in table.rows]
    assert len(set(shown)) == len(names)
    assert shown[4:] == ["“”", "“ ”", "x"]
    few = align([[name, ""] for name in [*names[:2], "x"]], ["feature", long])
    assert max(map(len, few.split("\n"))) < 100
    assert [row[0] for row in few.rows] == [f"{c}{'n' * 30}…{'n' * 15}z" for c in "ab"] + ["x"]
    assert few.header[1] == f"{'n' * 31}…{'n' * 16}"
