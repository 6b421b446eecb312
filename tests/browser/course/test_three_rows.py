import re
from fractions import Fraction

import pytest

import equipoise as eq

X, Y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
COLUMNS = [[1, 1, 0], [1, 0, 1]]
CARD = ["without-1", "without-2", "without-3", "pull", "weight"]
CARD += ["residual-1", "residual-2", "residual-3", "gradient-1", "gradient-2", "objective"]


def dot(a, b):
    return sum(u * v for u, v in zip(a, b, strict=True))


def by_hand(limit, count):
    """The numbers of every step in the order of the card, in exact fractions."""
    w, r = [Fraction(0)] * 2, [Fraction(v) for v in Y]
    for k in range(count):
        j = k % 2
        r = [a + w[j] * b for a, b in zip(r, COLUMNS[j], strict=True)]
        without, pull = r, dot(r, COLUMNS[j])
        w[j] = Fraction(0) if abs(pull) <= limit else (pull - limit) / 2
        r = [a - w[j] * b for a, b in zip(r, COLUMNS[j], strict=True)]
        pulls = [dot(r, x) for x in COLUMNS]
        total = [limit - pulls[i] if w[i] else -max(pulls[i] - limit, 0) for i in range(2)]
        yield [*without, pull, w[j], *r, *total, dot(r, r) / 2 + limit * sum(w)]


def value_of(sum_):
    """What a sum as it is printed comes to: a reader of its own."""
    for sign, meant in {"·": "*", "÷": "/", "½": "0.5", "²": "**2"}.items():
        sum_ = sum_.replace(sign, meant)
    sum_ = re.sub(r"\|(-?[\d.e-]+)\|", r"abs(\1)", sum_)
    assert re.fullmatch(r"[-+*/().\d\sabse]+", sum_)
    return eval(sum_)


def opened(text):
    """The sum of what stands opened, and what is said that it comes to."""
    *_, sum_, result = text.replace("−", "-").split(" = ")
    return re.sub(r"^row \d: ", "", sum_.split(", ")[-1]), float(result)


@pytest.mark.parametrize("k", [0, 1, 2, 5, 12, 31])
def test_every_number_of_a_step_opens_and_its_sum_is_right(lesson, k):
    section = lesson(14)
    section.slide("step", "first" if k == 0 else "last" if k == 31 else k)
    truth = list(by_hand(1, 32))[k]
    for name, exact in zip(CARD, truth, strict=True):
        button = section.page.locator(f"#s14 button[data-show='{name}']")
        button.click()
        assert section.read(name) == pytest.approx(float(exact), abs=1e-6)
        assert button.get_attribute("aria-pressed") == "true"
        sum_, result = opened(section.text("opened"))
        assert result == pytest.approx(float(exact), abs=1e-6)
        assert value_of(sum_) == pytest.approx(float(exact), abs=1e-6)


def test_the_first_inner_product_is_written_out(lesson):
    section = lesson(14)
    assert section.text("opened") == "x1ᵀr = 1·3 + 1·2 + 0·1 = 5"
    section.press("step-on")
    assert section.text("opened") == "x2ᵀr = 1·1 + 0·0 + 1·1 = 2"
    section.press("step-back")
    assert section.text("head") == "Step 1, round 1: the turn of x1"


def test_it_ends_at_five_thirds_and_two_thirds(lesson):
    section = lesson(14)
    assert int(section.page.locator("#s14-step").get_attribute("max")) == len(eq.trace(X, Y, l1=1).steps) - 1
    section.slide("step", 30)
    assert section.read("weight") == pytest.approx(5 / 3, abs=1e-6)
    section.slide("step", "last")
    assert section.read("weight") == pytest.approx(2 / 3, abs=1e-6)
    assert [section.read(f"gradient-{j}") for j in (1, 2)] == [0, 0]


def test_the_table_holds_all_steps_and_opens_too(lesson):
    section = lesson(14)
    table = section.page.locator("#s14 [data-at='table']")
    section.page.locator("#s14 summary").first.click()
    lines = table.locator("tbody tr:not(.unfolded)").all()
    truth = list(by_hand(1, 32))
    assert len(lines) == len(truth)
    for line, numbers in zip(lines, truth, strict=True):
        shown = line.locator("button").evaluate_all("found => found.map((one) => Number(one.dataset.value))")
        assert shown == pytest.approx([float(v) for v in numbers[3:]], abs=1e-6)
    for k, place in [(0, 0), (3, 4), (6, 7)]:
        button = lines[k].locator("button").nth(place)
        button.click()
        sum_, result = opened(table.locator(".unfolded").text_content())
        assert result == pytest.approx(float(truth[k][3 + place]), abs=1e-6)
        assert value_of(sum_) == pytest.approx(float(truth[k][3 + place]), abs=1e-6)
        assert table.locator(".unfolded").count() == 1
    button.click()
    assert table.locator(".unfolded").count() == 0


def solution(limit):
    """The exact weights: both kept, x1 alone, or none."""
    if limit < 3:
        return [Fraction(6 - limit) / 3, Fraction(3 - limit) / 3]
    return [max(Fraction(5 - limit) / 2, Fraction(0)), Fraction(0)]


@pytest.mark.parametrize(
    ("place", "limit"), [("first", 0), (2, 1), (5, 2.5), (6, 3), (7, 3.5), (9, 4.5), (10, 5), ("last", 6)]
)
def test_at_other_limits_features_are_killed(lesson, place, limit):
    section = lesson(14)
    section.slide("limit", place)
    exact = solution(Fraction(limit))
    fit = eq.fit(X, Y, l1=limit, intercept=False)
    for j, w in enumerate(exact):
        assert section.read(f"end-{j + 1}") == pytest.approx(float(w), abs=1e-6)
        assert section.read(f"end-{j + 1}") == pytest.approx(fit.coef[j], abs=1e-6)
        others = [y - exact[1 - j] * x for y, x in zip(Y, COLUMNS[1 - j], strict=True)]
        assert section.read(f"last-{j + 1}") == pytest.approx(float(dot(others, COLUMNS[j])), abs=1e-6)
        assert section.text(f"fate-{j + 1}") == ("kept" if w else "killed")
    assert section.read("limit") == limit
    steps = section.page.locator("#s14 [data-at='others'] tbody tr").count()
    assert steps == len(eq.trace(X, Y, l1=limit).steps)


def test_it_says_from_which_limits_each_is_killed(lesson):
    text = " ".join(lesson(14).page.locator("#s14").text_content().split())
    assert "At λ = 1 nothing is killed." in text
    # With x1 alone its weight is (5 − λ)/2, and x2 is left with 4 − (5 − λ)/2, which is λ at 3.
    x2 = next(Fraction(k, 8) for k in range(100) if 4 - (5 - Fraction(k, 8)) / 2 <= Fraction(k, 8))
    assert (x2, dot(Y, COLUMNS[0])) == (3, 5)
    assert f"x2 is killed from λ = {x2} on" in text
    assert "from λ = 5 on" in text


def test_from_step_two_on_each_step_halves_the_larger_total_gradient(lesson):
    section, found = lesson(14), []
    for k in range(1, 12):
        section.slide("step", k)
        found.append(max(abs(section.read(f"gradient-{j}")) for j in (1, 2)))
    # By hand: after x1 went to 2 the pull on x2 is 2, one more than is held; then x2 goes to 1/2.
    assert found == pytest.approx([0.5**k for k in range(1, 12)], abs=1e-9)
