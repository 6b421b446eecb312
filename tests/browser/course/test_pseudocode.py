import re
from fractions import Fraction

import numpy as np
import pytest

import equipoise as eq

X, Y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
LIMITS = (1, 2, 4, 5)
INITIALIZE, REPEAT, FOR, ADD, PULL, TEST, KILL, ELSE, KEEP, TAKE = range(10)


def run_by_hand(limit):
    """Every line in its turn, with w, r and g after it, in exact fractions."""
    w, r, g = [Fraction(0)] * 2, [Fraction(v) for v in Y], None
    yield (INITIALIZE,), tuple(w), tuple(r), g
    while True:
        yield (REPEAT,), tuple(w), tuple(r), g
        for j in range(2):
            x = [row[j] for row in X]
            yield (FOR,), tuple(w), tuple(r), g
            r = [a + b * w[j] for a, b in zip(r, x, strict=True)]
            yield (ADD,), tuple(w), tuple(r), g
            g = sum(a * b for a, b in zip(r, x, strict=True))
            yield (PULL,), tuple(w), tuple(r), g
            yield (TEST,), tuple(w), tuple(r), g
            killed = abs(g) <= limit
            w[j] = Fraction(0) if killed else (g - limit * (1 if g > 0 else -1)) / 2
            yield (KILL,) if killed else (ELSE, KEEP), tuple(w), tuple(r), g
            r = [a - b * w[j] for a, b in zip(r, x, strict=True)]
            yield (TAKE,), tuple(w), tuple(r), g
        pulls = [sum(a * row[j] for a, row in zip(r, X, strict=True)) for j in range(2)]
        if all(abs(pulls[j] - limit) * 1000 <= limit if w[j] else abs(pulls[j]) <= limit for j in range(2)):
            yield (REPEAT,), tuple(w), tuple(r), g
            return


def lit(section):
    """Numbers of the lines that are lit."""
    classes = [line.get_attribute("class") for line in section.page.locator("#s13 .lines li").all()]
    return tuple(k for k, name in enumerate(classes) if "lit" in name)


def residual(section):
    values = section.page.locator("#s13 [data-at='residual'] text[data-value]").all()
    return [float(value.get_attribute("data-value")) for value in values]


@pytest.mark.parametrize("k", range(4))
def test_the_lines_are_lit_in_their_order_and_the_variables_follow(lesson, k):
    section = lesson(13)
    section.press(f"limit-{k}")
    run = list(run_by_hand(LIMITS[k]))
    section.slide("line", "first")
    for tick in [*range(1, 15), len(run) - 1]:
        if tick < 15:
            section.press("line-on")
        else:
            section.slide("line", "last")
        lines, w, r, g = run[min(tick, len(run) - 1)]
        assert lit(section) == lines
        assert [section.read(f"w{j}") for j in (1, 2)] == pytest.approx([float(v) for v in w], abs=1e-6)
        assert residual(section) == pytest.approx([float(v) for v in r], abs=1e-6)
        assert section.read("limit") == LIMITS[k]
        if g is not None:
            assert section.read("g") == pytest.approx(float(g), abs=1e-6)
    assert int(section.page.locator("#s13-line").get_attribute("max")) == len(run) - 1
    fit = eq.fit(X, Y, l1=LIMITS[k], intercept=False)
    # It stops at a thousandth of the limit, and the weights are a third of that away at most.
    assert [section.read(f"w{j}") for j in (1, 2)] == pytest.approx(fit.coef, abs=1e-3 * LIMITS[k])
    assert "stop" in section.text("said")
    section.slide("line", 1)
    assert section.text("said") == "Round 1."


def test_after_each_round_it_says_how_large_the_largest_total_gradient_is(lesson):
    section = lesson(13)
    section.press("limit-0")
    run, said = list(run_by_hand(1)), []
    for tick, (lines, w, r, _) in enumerate(run):
        if lines == (REPEAT,) and tick > 1:
            pulls = [sum(a * row[j] for a, row in zip(r, X, strict=True)) for j in range(2)]
            assert all(w)
            section.slide("line", tick)
            found = re.match(
                r"After round (\d+) the largest total gradient is ([\d.]+), ", section.text("said")
            )
            said.append(int(found[1]))
            assert float(found[2]) == pytest.approx(float(max(abs(p - 1) for p in pulls)), rel=1e-3)
    assert said == list(range(1, len(said) + 1))
    assert section.text("said").endswith(", no more than 0.001 · λ: stop.")


def test_killed_and_kept_lines_are_both_lit_at_four(lesson):
    section = lesson(13)
    seen = set()
    for tick in range(15):
        section.slide("line", tick)
        seen.update(lit(section))
    assert seen == set(range(10))


def test_what_is_said_is_a_true_sum(lesson):
    section = lesson(13)
    section.press("limit-0")
    section.slide("line", 4)
    assert section.text("said") == "g₁ = x1ᵀr = 1·3 + 1·2 + 0·1 = 5"
    for tick in range(4, 40):
        section.slide("line", tick)
        found = re.fullmatch(r"g[₁₂] = x\dᵀr = (.*) = (\S+)", section.text("said").replace("−", "-"))
        if found:
            terms = [term.strip("()").split("·") for term in found[1].split(" + ")]
            assert sum(float(a) * float(b) for a, b in terms) == pytest.approx(float(found[2]), abs=2e-3)


def test_the_code_beside_it_gives_the_same_twice(capsys):
    from equipoise.course.sections.pseudocode import PYTHON

    exec(PYTHON, {"eq": eq})
    one, other = re.findall(r"\[(.*?)\]", capsys.readouterr().out)
    assert np.array(one.split(), float) == pytest.approx([0.5, 0])
    assert one.split() == other.split()
