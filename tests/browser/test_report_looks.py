"""What a report looks like: arrows, colours, paper, telephones, names of every kind."""

import re

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from pages import choose, go_to, marks, press, sample, settle, shares, table

import equipoise as eq
from equipoise.show.plots import COLOURS

ODD = (
    "W" * 24,
    "نام‌خانوادگی",
    "特徴量の名前がとても長い場合の表示",
    "cafe\u0301 nai\u0308ve",
    "abc עברית 12",
    "👩‍👩‍👧‍👦 family",
    "a very long name of a feature that goes on and on and on for ever",
    "e" + "\u0301" * 30,
)

BOXES = """all => all.filter((e) => e.checkVisibility()).map((e) => {
  const own = e.getBoundingClientRect(), svg = e.ownerSVGElement.getBoundingClientRect();
  return [e.textContent, own.left - svg.left, svg.right - own.right, own.height];
})"""


def alone(X, y, limit):
    return X.T @ (y - y.mean()) / limit


def hollow(page):
    return page.eval_on_selector_all(
        "#pulls .alone", "all => all.map(e => [+e.getAttribute('cx'), +e.getAttribute('cy')])"
    )


@pytest.mark.parametrize("at", [0, 6, 12, 24])
def test_arrows_lead_from_the_pull_alone_to_the_pull_left(show, at):
    X, y = sample()
    X -= X.mean(axis=0)
    path = eq.path(X, y, count=25)
    page = show(path.report())
    go_to(page, at)
    t = path.strengths[at]
    pull = X.T @ (y - y.mean() - X @ path.at(t).coef)
    assert max(np.abs(alone(X, y, t))) == pytest.approx(path.strengths[0] / t)
    np.testing.assert_allclose(
        shares(page, [x for x, _ in hollow(page)]), alone(X, y, t), rtol=2e-3, atol=2e-3
    )
    dots = [x for x, *_ in marks(page, "#pulls .row .dot")]
    np.testing.assert_allclose(shares(page, dots), pull / t, atol=2e-3)
    tips = page.eval_on_selector_all("#pulls .arrow", "all => all.map(e => e.getAttribute('d'))")
    far = [abs(start - dot) > 20 for (start, _), dot in zip(hollow(page), dots, strict=True)]
    assert sum(far) <= len(tips) <= 8
    for path_ in tips:
        tail, height, tip = re.match(r"M(\S+) (\S+)H\S+?M\S+ \S+?L(\S+) ", path_).groups()
        near = [k for k, (_, cy) in enumerate(hollow(page)) if cy == float(height)]
        assert abs(float(tail) - hollow(page)[near[0]][0]) < 5
        assert abs(float(tip) - dots[near[0]]) < 9


def test_of_many_features_a_few_have_arrows_and_the_one_selected(show):
    X, y = sample(n=120, p=300, seed=3)
    path = eq.path(X, y, count=20)
    at = int(np.flatnonzero((path.coef != 0).sum(axis=1) > 30)[0])
    page = show(path.report(strength=float(path.strengths[at])))
    assert len(hollow(page)) == 20
    zero = path.features[99 + int(np.flatnonzero(path.coef[at, 99:] == 0)[0])]
    page.get_by_label("Search").fill(zero)
    settle(page)
    choose(page, zero)
    assert len(hollow(page)) == 21
    j = path.features.index(zero)
    share = alone(X - X.mean(axis=0), y, path.strengths[at])[j]
    assert shares(page, [hollow(page)[-1][0]])[0] == pytest.approx(share, rel=5e-3, abs=5e-3)


def css_color(text):
    return to_hex([int(value) / 255 for value in re.findall(r"\d+", text)[:3]])


def test_the_page_and_matplotlib_have_the_same_colours_marks_and_strokes(show):
    X, y = sample(n=80, p=12, seed=5)
    cv = eq.cross_validate(X, y, folds=4, count=30)
    page = show(cv.report())
    style = "(e) => [getComputedStyle(e).stroke, getComputedStyle(e).strokeDasharray]"
    curves = page.eval_on_selector_all("#path .curve.named", f"all => all.map({style}).reverse()")
    assert len(set(map(tuple, curves))) == len(curves) == 10
    assert [css_color(colour) for colour, _ in curves] == [COLOURS[k % 7] for k in range(10)]
    picture = eq.PathDisplay.from_path(cv.path, ax=Figure().subplots())
    dashes = ["none", *[None] * 3]
    names = page.eval_on_selector_all("#path .curve.named", "all => all.map(e => e.textContent).reverse()")
    for k, ((colour, dash), name) in enumerate(zip(curves, names, strict=True)):
        line = picture.lines_[name]
        assert css_color(colour) == to_hex(line.get_color())
        dashes[k % 4] = dashes[k % 4] or dash
        assert dash == dashes[k % 4]
        assert (dash == "none") == (line.get_linestyle() == "-")
    assert len(set(dashes)) == 4
    looks = cv.one_se.explain().plot(ax=Figure().subplots()).pulls_
    shapes = {"o": "disc", "s": "square", "D": "diamond"}
    kinds = {"active": "alive", "killed": "killed"}
    for status, line in looks.items():
        mark = page.locator(f"#pulls .row .dot.{kinds[status]}").first
        assert css_color(mark.evaluate("e => getComputedStyle(e).fill")) == to_hex(line.get_color())
        found = {shape for _, _, shape, kind in marks(page, "#pulls .row .dot") if kinds[status] in kind}
        assert found == {shapes[line.get_marker()]}
    lines = page.eval_on_selector_all("#cv .choice", f"all => all.map({style})")
    drawn = eq.CrossValidationDisplay.from_cross_validation(cv, ax=Figure().subplots())
    assert css_color(page.locator("#cv .mean").evaluate("e => getComputedStyle(e).stroke")) == to_hex(
        drawn.line_.get_color()
    )
    told = {to_hex(line.get_color()) for line in drawn.ax_.lines} - {to_hex(drawn.line_.get_color())}
    assert {css_color(colour) for colour, _ in lines} <= told
    assert len({dash for _, dash in lines}) == 2


def test_marks_and_strokes_are_as_different_in_the_dark(show):
    X, y = sample(n=80, p=12, seed=5)
    page = show(eq.path(X, y, count=20).report(), color_scheme="dark")
    style = "all => all.map((e) => [getComputedStyle(e).stroke, getComputedStyle(e).strokeDasharray].join())"
    curves = page.eval_on_selector_all("#path .curve.named", style)
    assert len(set(curves)) == 10
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground not in {curve.partition(")")[0] + ")" for curve in curves}


@pytest.mark.parametrize("p", [3, 40, 300])
def test_on_paper_the_first_picture_is_on_the_first_page(show, p):
    X, y = sample(n=60, p=p, seed=1)
    # A4 less its margins, at 96 to the inch.
    page = show(eq.fit(X, y, l1=30.0).report(), viewport={"width": 687, "height": 1016})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    settle(page)
    box = page.locator("#pulls svg").bounding_box()
    assert box["y"] + box["height"] < 1016
    assert page.locator("#terms dd").first.is_visible()
    assert page.locator("#sheet tbody tr").count() == p
    assert not page.locator(".help").first.is_visible()


@pytest.mark.parametrize(
    ("width", "media"), [(390, "screen"), (768, "screen"), (1400, "screen"), (687, "print")]
)
@pytest.mark.parametrize("p", [8, 60])
def test_labels_are_whole_and_charts_fit(show, p, width, media):
    pd = pytest.importorskip("pandas")
    X, y = sample(p=p)
    names = [*ODD, *(f"x{j}" for j in range(p - len(ODD)))]
    cv = eq.cross_validate(pd.DataFrame(X, columns=names), y, folds=4, count=20)
    page = show(cv.report(), viewport={"width": width, "height": 800})
    page.emulate_media(media=media)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = page.eval_on_selector_all("#pulls text, #path text, #cv text, #walk-runs text", BOXES)
    assert len(boxes) > 30
    assert not [box for box in boxes if min(box[1:3]) < -1.0]
    assert min(height for *_, height in boxes) > 9.0
    for figure in page.locator(".figure").all():
        assert figure.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_on_a_telephone_a_tap_brings_the_story_into_view(show):
    X, y = sample(p=30)
    fit = eq.fit(X, y, l1=25.0)
    options = {"viewport": {"width": 390, "height": 700}, "has_touch": True, "reduced_motion": "reduce"}
    page = show(fit.report(), **options)
    for selector in ("#sheet tbody tr", "#pulls .row"):
        page.locator(selector).nth(2).tap()
        settle(page)
        settle(page)
        box = page.locator("#story").bounding_box()
        bar = page.locator("#controls").bounding_box()
        assert bar["y"] + bar["height"] <= box["y"] + 1
        assert box["y"] + min(box["height"], 300) <= 700
        assert page.inner_text("#sentence") in map(fit.explain, fit.features)


def test_the_way_to_the_story_is_smooth_only_for_those_who_like_it(show):
    X, y = sample()
    for motion, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        page = show(
            eq.fit(X, y, l1=25.0).report(), viewport={"width": 390, "height": 700}, reduced_motion=motion
        )
        page.evaluate(
            "() => { Element.prototype.scrollIntoView = (how) => { window.asked = how.behavior; }; }"
        )
        page.locator("#sheet tbody tr").first.click()
        settle(page)
        settle(page)
        assert page.evaluate("window.asked") == behaviour


def test_words_are_explained_where_they_stand(show):
    X, y = sample()
    page = show(eq.fit(X, y, l1=25.0, standardize=True).report(), has_touch=True)
    headings = page.locator("#sheet thead th")
    assert headings.nth(0).locator(".help").count() == 0
    for k in range(1, headings.count()):
        term, mark = headings.nth(k).get_attribute("aria-label"), headings.nth(k).locator(".help")
        box = mark.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        if k % 2:
            mark.tap()
        else:
            mark.focus()
            press(page, "Enter")
        assert mark.get_attribute("aria-expanded") == "true"
        meaning = page.text_content(f'#terms [data-term="{term}"]')
        assert page.inner_text("#meaning") == f"{term} {meaning}"
        assert len(meaning) > 40
    page.keyboard.press("Escape")
    mark.click()
    assert not page.locator("#meaning").is_visible() or mark.get_attribute("aria-expanded") == "true"
    assert not page.locator("#terms dd").first.is_visible()
    page.focus("#terms summary")
    press(page, "Enter")
    assert page.locator("#terms dd").first.is_visible()
    assert {"alone", "pull", "limit", "slack", "enters at"} <= set(
        page.locator("#terms dt").all_inner_texts()
    )


def test_odd_names_are_whole_and_keep_their_direction(show):
    pd = pytest.importorskip("pandas")
    X, y = sample(p=len(ODD))
    frame, target = pd.DataFrame(X, columns=list(ODD)), pd.Series(y, name="שכר (income)")
    fit = eq.fit(frame, target, l1=20.0)
    page = show(fit.report(), viewport={"width": 1400, "height": 900})
    names = fit.features  # accents joined to their letters
    assert set(table(page)) == set(names)
    assert page.locator("h1 bdi").first.inner_text() == "שכר (income)"
    assert page.title().startswith("\u2068שכר (income)\u2069 from a pandas frame: ")
    for name in names:
        choose(page, name)
        assert page.inner_text("#story-title") == name
        assert page.inner_text("#sentence") == fit.explain(name)
        turned = [n for n in names if re.search("[\u0590-\u08ff]", n) and n in fit.explain(name)]
        assert sorted(page.locator("#sentence bdi").all_inner_texts()) == sorted(turned)
    drawn = page.eval_on_selector_all(
        "#pulls .row text", "all => all.map(t => [t.firstChild.textContent, t.textContent])"
    )
    for name, (shown, _) in zip(names, drawn, strict=True):
        bare = shown.strip("\u2068\u2069")
        first, _, last = bare.partition("…")
        assert bare == name or (name.startswith(first) and name.endswith(last) and len(bare) > 8)
        assert (bare != shown) == bool(re.search("[\u0590-\u08ff]", name))
