import numpy as np
import pytest
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression, Ridge

import equipoise as eq

DATA = load_diabetes()
X, Y, NAMES = DATA.data, DATA.target, list(DATA.feature_names)
LEAST = LinearRegression().fit(X, Y).coef_
CENTRED = X - X.mean(axis=0)
ALONE = CENTRED.T @ (Y - Y.mean())
PENALTIES = {"lasso": (1, 0), "ridge": (0, 0.002), "net": (1, 0.002)}


def fit(penalty, strength):
    l1, l2 = PENALTIES[penalty]
    return eq.fit(X, Y, l1=l1 * strength, l2=l2 * strength, names=NAMES)


def at(lesson, place, penalty):
    """The section at a place of its slider, under a penalty."""
    section = lesson(16)
    section.slide("strength", place)
    choose(section, "penalty", list(PENALTIES).index(penalty))
    return section


def choose(section, control, k):
    section.page.locator(f"#s16-{control}-{k}").check()


@pytest.mark.parametrize(("place", "strength"), [("first", 0), (5, 20), (11, 120), (14, 300), ("last", 950)])
def test_every_clause_counts_as_the_library_does(lesson, place, strength):
    section = lesson(16)
    section.slide("strength", place)
    assert section.read("l1") == strength
    free = (LEAST**2).sum()
    for penalty in PENALTIES:
        found = fit(penalty, strength)
        killed = [row for row in found.explain() if row.coef == 0]
        assert section.read(f"{penalty}-killed") == len(killed)
        assert section.read(f"{penalty}-share", abs=0.0501) == pytest.approx(
            100 * (found.coef**2).sum() / free, abs=1e-6
        )
        if penalty != "ridge":
            names = section.text(f"{penalty}-names").removeprefix(": ")
            assert set(filter(None, names.split(", "))) == {row.feature for row in killed}
        if penalty == "lasso":
            assert section.page.locator("#s16 [data-at='most']").is_visible() == bool(killed)
            if killed:
                most = max(abs(row.pull) for row in killed)
                assert section.read("lasso-most") == pytest.approx(most, abs=1e-6)
                assert most <= strength
            else:
                assert section.text("lasso-most") == ""
    ridge = Ridge(alpha=2 * 0.002 * strength).fit(X, Y).coef_
    for name, coef in (("ridge", ridge), ("least", LEAST)):
        j = abs(coef).argmax()
        assert section.text(f"{name}-feature") == NAMES[j]
        assert section.read(f"{name}-largest") == pytest.approx(coef[j], abs=1e-6)
    assert section.read("ridge-killed") == 0


def test_the_numbers_of_the_clauses_change(lesson):
    section = lesson(16)
    seen = set()
    for place in (4, 8, 14, "last"):
        section.slide("strength", place)
        shares = [section.read(f"{penalty}-share", abs=0.0501) for penalty in PENALTIES]
        seen.add((*shares, section.read("lasso-most"), section.read("ridge-largest")))
    assert all(len(set(column)) == 4 for column in zip(*seen, strict=True))


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize(("place", "strength"), [("first", 0), (11, 120), ("last", 950)])
def test_the_story_of_each_feature(lesson, penalty, place, strength):
    section = at(lesson, place, penalty)
    seen = set()
    found = fit(penalty, strength)
    for row in found.explain():
        j = NAMES.index(row.feature)
        choose(section, "feature", j)
        assert section.text("who") == row.feature
        assert section.read("alone") == pytest.approx(ALONE[j], abs=1e-6)
        assert section.read("beside") == pytest.approx(row.pull, abs=1e-6)
        others = Y - Y.mean() - np.delete(CENTRED, j, axis=1) @ np.delete(found.coef, j)
        assert section.read("partial") == pytest.approx(CENTRED[:, j] @ others, abs=1e-6)
        assert section.read("coef") == pytest.approx(row.coef, abs=1e-6)
        assert section.read("least") == pytest.approx(LEAST[j], abs=1e-6)
        seen.add(section.read("alone"))
        story = section.text("story")
        assert (section.text("rest") == ", is left.") == (row.coef == 0) == ("killed" in section.text("own"))
        if strength == 0:
            assert "least squares" in story
            assert section.read("beside") == 0
        elif row.coef == 0:
            assert story.startswith("Killed as weak" if row.reason == "weak" else "Killed, for the others")
        else:
            weak = penalty != "ridge" and abs(ALONE[j]) <= strength
            assert story.startswith("Weak alone, and yet kept" if weak else "Kept")
            assert ("turned round" in story) == (row.coef * LEAST[j] < 0)
    assert len(seen) == 10


def test_sex_is_weak_alone_and_survives(lesson):
    section = lesson(16)
    choose(section, "feature", NAMES.index("sex"))
    assert abs(section.read("alone")) < section.read("l1") == pytest.approx(abs(section.read("beside")))
    assert section.read("l1") < -section.read("partial")
    assert section.text("story").startswith("Weak alone, and yet kept")


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize(("place", "strength"), [("first", 0), (11, 120), ("last", 950)])
def test_the_picture_shows_the_partial_pull_of_each(lesson, penalty, place, strength):
    section = at(lesson, place, penalty)
    found, rows = fit(penalty, strength), sorted(range(10), key=lambda j: -abs(ALONE[j]))
    picture = section.page.locator("#s16 .plane").first
    rings = [float(ring.get_attribute("cx")) for ring in picture.locator("circle.ring").all()]
    # Two pulls alone fix the scale.
    scale = (rings[0] - rings[-1]) / (ALONE[rows[0]] - ALONE[rows[-1]])
    marks, lefts = picture.locator("path.bar").all(), picture.locator("path.ring").all()
    for ring, mark, left, j in zip(rings, marks, lefts, rows, strict=True):
        killed = found.coef[j] == 0
        assert mark.get_attribute("class") == ("bar faint" if killed else "bar kept")
        start = float(mark.get_attribute("d")[1:].split()[0]) + (4 if killed else 5)
        others = Y - Y.mean() - np.delete(CENTRED, j, axis=1) @ np.delete(found.coef, j)
        for place, pull in (
            (start, CENTRED[:, j] @ others),
            (
                float(left.get_attribute("d")[1:].split()[0]),
                CENTRED[:, j] @ (Y - Y.mean() - CENTRED @ found.coef),
            ),
        ):
            assert place - ring == pytest.approx(scale * (pull - ALONE[j]), abs=0.02)
    held = 0 if penalty == "ridge" else strength
    assert float(picture.locator(".zone").get_attribute("width")) == pytest.approx(2 * held * scale, abs=0.02)
    assert picture.locator(".border").first.get_attribute("visibility") == ("visible" if held else "hidden")
    assert ("Shaded" in picture.text_content()) == (penalty != "ridge")


def test_a_row_of_a_picture_chooses_its_feature(lesson):
    section = lesson(16)
    for picture in (0, 1):
        for name, row in (("bmi", 0), ("sex", 9)):
            section.page.locator("#s16 .plane svg").nth(picture).locator("rect.reach").nth(row).click()
            assert section.text("who") == name
            assert section.read("alone") == pytest.approx(ALONE[NAMES.index(name)], abs=1e-6)


def test_on_a_phone_nothing_scrolls_sideways(lesson):
    section = lesson(16, viewport={"width": 390, "height": 800}, has_touch=True)
    assert section.page.evaluate("document.documentElement.scrollWidth") == 390
