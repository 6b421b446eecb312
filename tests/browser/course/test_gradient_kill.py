import pytest

import equipoise as eq

X, Y = [[1], [1], [0]], [3, 2, 1]


@pytest.mark.parametrize(("place", "limit"), [("first", 0), (12, 3), (20, 5), ("last", 7)])
def test_let_go_it_comes_to_rest_where_the_library_says(lesson, place, limit):
    section = lesson(4)
    section.slide("limit", place)
    section.press("go")
    fit = eq.fit(X, Y, l1=limit, intercept=False)
    row = fit.explain()["x1"]
    assert section.read("rest") == pytest.approx(fit.coef[0], abs=1e-6)
    assert section.read("pull") == pytest.approx(row.pull, abs=1e-6)
    assert section.read("gradient") == 0
    assert ("Killed" in section.text("verdict")) == (fit.coef[0] == 0)


@pytest.mark.parametrize(("place", "w"), [("first", -1), (0.5, 0.5), ("last", 3.5)])
def test_away_from_rest_a_gradient_is_left(lesson, place, w):
    section = lesson(4)
    section.slide("limit", 8)
    section.slide("weight", place)
    pull = sum(x * (y - w * x) for (x,), y in zip(X, Y, strict=True))
    answer = 2 if w > 0 else -2
    assert section.read("pull") == pytest.approx(pull, abs=1e-6)
    assert section.read("gradient") == pytest.approx(answer - pull, abs=1e-6)
