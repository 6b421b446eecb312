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
    assert section.read("held") == -answer
    assert section.read("left") == pytest.approx(pull - answer, abs=1e-6)


@pytest.mark.parametrize("limit", ["first", 16, "last"])
@pytest.mark.parametrize("weight", ["first", 0, "last"])
def test_every_force_has_a_lane_and_stays_in_the_picture(lesson, limit, weight):
    section = lesson(4)
    section.slide("limit", limit)
    section.slide("weight", weight)
    picture = section.page.locator("#s4 .play svg").bounding_box()
    arrows = [one.bounding_box() for one in section.page.locator("#s4 .arrow path").all()]
    for k, head in enumerate(arrows):
        assert head["x"] >= picture["x"] + picture["width"] * 0.3  # the names stand at the left
        assert head["x"] + head["width"] <= picture["x"] + picture["width"]
        if section.read(("pull", "held", "left")[k]):
            lane = (head["y"] + head["height"] / 2 - picture["y"]) / (picture["width"] / 360) / 52
            assert int(lane) == k
