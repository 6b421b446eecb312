import re

import numpy as np
import pytest
from pages import choose, go_to, marks, number, press, sample, settle, shares, table

import equipoise as eq

NASTY = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script>", "a & b", "<b>bold</b>")


def test_the_slider_shows_the_numbers_of_the_path(show):
    X, y = sample()
    path = eq.path(X, y, count=25, l2=0.1, standardize=True)
    page = show(path.report())
    page.focus("#slider")
    press(page, "Home")
    at = 0
    for key, times in (("ArrowRight", 4), ("ArrowRight", 7), ("ArrowLeft", 3), ("End", 1)):
        press(page, key, times)
        at = {"ArrowRight": at + times, "ArrowLeft": at - times, "End": len(path) - 1}[key]
        t = path.strengths[at]
        fit, sheet = path.at(t), path.at(t).explain()
        pull = X.T @ (y - fit.intercept - X @ fit.coef)
        limit = t * (X.std(axis=0) + 2.0 * 0.1 * X.var(axis=0) * np.abs(fit.coef))
        shown = table(page)
        assert set(shown) == set(fit.features)
        for j, name in enumerate(fit.features):
            coef, told_pull, told_limit, slack, status, enters_at = shown[name]
            assert number(coef) == pytest.approx(fit.coef[j], rel=1e-5)
            assert number(told_pull) == pytest.approx(pull[j], rel=1e-5, abs=1e-9)
            assert number(told_limit) == pytest.approx(limit[j], rel=1e-5)
            expected = 0.0 if fit.coef[j] else limit[j] - abs(pull[j])
            assert number(slack) == pytest.approx(expected, rel=1e-4, abs=1e-9)
            assert status == ": ".join(filter(None, (sheet.status[j], sheet.reason[j])))
            assert number(enters_at) == pytest.approx(sheet.enters_at[j], rel=1e-5)
        readout = page.inner_text("#readout")
        assert f"{len(fit.support)} of 8 features kept" in readout
        assert f"strength exactly {float(t)!r}" in readout
        assert "features kept" in page.get_attribute("#slider", "aria-valuetext")


def test_the_dots_stand_where_the_pulls_do(show):
    X, y = sample()
    path = eq.path(X, y, count=25)
    page = show(path.report(strength=float(path.strengths[8])))
    page.emulate_media(reduced_motion="reduce")
    fit = path.at(float(path.strengths[8]))
    share = X.T @ (y - fit.intercept - X @ fit.coef) / path.strengths[8]
    found = marks(page, "#pulls .row .dot")
    np.testing.assert_allclose(shares(page, [x for x, *_ in found]), share, atol=1e-3)
    for w, (_, _, shape, kind) in zip(fit.coef, found, strict=True):
        assert (shape, kind.strip()) == (("disc", "dot alive") if w else ("square", "dot killed"))


def test_the_buttons_go_to_the_two_choices(show):
    X, y = sample()
    cv = eq.cross_validate(X, y, folds=5, count=40)
    page = show(cv.report())
    assert cv.best_strength != cv.one_se_strength
    for name, strength, fit in (
        ("best", cv.best_strength, cv.best),
        ("one-SE", cv.one_se_strength, cv.one_se),
    ):
        page.get_by_role("button", name=name, exact=True).click()
        settle(page)
        assert f"strength exactly {strength!r}" in page.inner_text("#readout")
        mean = cv.mean[np.flatnonzero(cv.path.strengths == strength)[0]]
        assert f"mean squared error of rows held out {mean:.4g}" in page.inner_text("#readout")
        coef = [number(cells[0]) for _, cells in sorted(table(page).items())]
        assert coef == pytest.approx(
            [w for _, w in sorted(zip(fit.features, fit.coef, strict=True))], rel=1e-5
        )
        pressed = page.get_by_role("button", name=name, exact=True).get_attribute("aria-pressed")
        assert pressed == "true"


def test_the_table_is_searched_and_sorted(show):
    X, y = sample(p=12)
    page = show(eq.fit(X, y, l1=20.0).report())
    pull = page.get_by_role("columnheader", name="pull")
    for direction, sign in (("descending", -1), ("ascending", 1)):
        pull.get_by_role("button", name="pull", exact=True).click()
        settle(page)
        values = [number(cells[1]) for cells in table(page).values()]
        assert values == sorted(values, key=lambda x: sign * x)
        assert pull.get_attribute("aria-sort") == direction
    page.get_by_role("button", name="feature", exact=True).press("Enter")
    settle(page)
    assert list(table(page)) == [f"x{j}" for j in range(1, 13)]
    assert pull.get_attribute("aria-sort") == "none"
    page.get_by_label("Search").fill("x1")
    settle(page)
    assert list(table(page)) == ["x1", "x10", "x11", "x12"]
    assert page.inner_text("#found") == "4 of 12 features"
    page.get_by_label("Search").fill("killed")
    page.get_by_label("kept only").check()
    settle(page)
    assert table(page) == {}


def test_a_feature_tells_its_story(show):
    X, y = sample()
    fit = eq.fit(X, y, l1=25.0, l2=0.3)
    page = show(fit.report())
    for name in fit.features:
        choose(page, name)
        settle(page)
        assert page.inner_text("#sentence") == fit.explain(name)
        assert page.inner_text("#story-title") == name
        row = fit.explain()[name]
        bars = page.eval_on_selector_all(
            "#takers tr", "rows => rows.map(row => [row.cells[0].textContent, row.cells[2].textContent])"
        )
        told = {feature: float(value) for feature, value in bars}
        assert told.pop("alone") == pytest.approx(row.alone, rel=1e-5)
        assert told.pop("= pull") == pytest.approx(row.pull, rel=1e-5, abs=1e-9)
        assert told == pytest.approx({k: -share for k, share in row.absorbed_by.items()}, rel=1e-5)


def test_all_of_it_works_by_keyboard(show):
    X, y = sample()
    fit = eq.fit(X, y, l1=25.0)
    page = show(fit.report())
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid" or reached[-1] == ""
        if reached[-1].startswith("x"):
            break
    first = reached[-1]
    assert [
        name for name in reached if name in {"slider", "explained here", "search", "kept-only", "feature"}
    ] == ["slider", "explained here", "search", "kept-only", "feature"]
    press(page, "ArrowDown")
    second = page.evaluate("document.activeElement.textContent")
    assert list(table(page))[:2] == [first, second]
    press(page, "Enter")
    assert page.inner_text("#sentence") == fit.explain(second)
    assert page.evaluate("document.activeElement.textContent") == second


def test_names_from_the_data_are_harmless(show):
    pd = pytest.importorskip("pandas")
    X, y = sample(p=len(NASTY))
    fit = eq.fit(pd.DataFrame(X, columns=list(NASTY)), y, l1=20.0)
    page = show(fit.report())
    assert set(table(page)) == set(NASTY)
    for name in NASTY:
        choose(page, name)
        settle(page)
        assert page.inner_text("#story-title") == name
        assert page.inner_text("#sentence") == fit.explain(name)
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 4


def test_a_thousand_features_stay_quick_and_whole(show):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(100, 1000))
    y = X[:, :10].sum(axis=1) + rng.normal(size=100)
    path = eq.path(X, y, count=100)
    fit = path.at(float(path.strengths[50]))
    page = show(path.report(strength=float(path.strengths[50])))
    assert page.locator("#sheet tbody tr").count() == 100
    page.get_by_role("button", name="Show all 1000 rows").click()
    settle(page)
    pull = X.T @ (y - fit.intercept - X @ fit.coef)
    shown = table(page)
    assert [number(shown[name][1]) for name in fit.features] == pytest.approx(pull, rel=1e-5, abs=1e-9)
    page.get_by_label("Search").fill("x777")
    settle(page)
    assert list(table(page)) == ["x777"]


def luminance(color):
    channels = [int(value) / 255 for value in re.findall(r"\d+", color)[:3]]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_by_day_and_by_night(show, scheme):
    X, y = sample()
    page = show(eq.fit(X, y, l1=25.0).report(), color_scheme=scheme)
    ground = luminance(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert (ground < 0.05) == (scheme == "dark")
    for selector in ("#finding", "#sheet tbody td", "#sentence", ".key", ".note", "summary", "dt", "pre"):
        ink = luminance(page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).color"))
        assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5, selector
    for selector in ("#pulls text", "#path .axis text"):
        ink = luminance(page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).fill"))
        assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5, selector
    assert page.screenshot()[:8] == b"\x89PNG\r\n\x1a\n"


def test_on_paper_every_row_stands_and_no_controls(show):
    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, 150))
    y = X @ rng.normal(size=150) + rng.normal(size=300)
    fit = eq.fit(X, y, l1=10.0)
    assert 110 < len(fit.support) < 150
    page = show(fit.report())
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    visible = page.eval_on_selector_all(
        "#sheet tbody tr",
        """rows => rows.filter((row) => row.offsetHeight > 0)
          .map((row) => [row.cells[0].textContent, row.cells[5].textContent])""",
    )
    sheet = fit.explain()
    why = [": ".join(filter(None, told)) for told in zip(sheet.status, sheet.reason, strict=True)]
    assert dict(visible) == dict(zip(fit.features, why, strict=True))
    for control in ("#slider", "#choices", "#search", "#show-all"):
        assert not page.locator(control).is_visible()
    assert page.evaluate(
        "document.querySelector('.scroll').scrollHeight <= document.querySelector('.scroll').clientHeight + 1"
    )
    assert len(page.pdf()) > 10_000


def test_nothing_moves_by_itself_for_those_who_ask_for_that(show):
    X, y = sample()
    page = show(eq.fit(X, y, l1=25.0).report(), reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('#pulls .dot')).transitionDuration") in {
        "0s",
        "",
    }


@pytest.mark.parametrize(
    "asked",
    [
        {"l1": 0.0},  # least squares: one strength, and no path
        {"l1": 0.0, "l2": 2.0},  # a ridge: no dead zone
        {"l1": 1e6},  # nothing is kept
        {"l1": np.array([0.0, np.inf, 1.0, 2.0]), "lower": 0.0, "upper": 0.2},
    ],
)
def test_odd_problems_are_drawn_too(show, asked):
    X, y = sample(p=4)
    fit = eq.fit(X, y, **asked)
    page = show(fit.report())
    shown = table(page)
    assert [number(shown[name][0]) for name in fit.features] == pytest.approx(fit.coef, rel=1e-5)
    assert f"{len(fit.support)} of 4 features kept" in page.inner_text("#readout")
    places = page.eval_on_selector_all("svg [cx], svg [x1]", "all => all.map(e => e.outerHTML)")
    assert places
    assert not [mark for mark in places if "NaN" in mark or "Infinity" in mark]


def test_a_path_down_to_no_penalty_is_drawn_to_its_end(show):
    X, y = sample(p=4)
    path = eq.path(X, y, strengths=[50.0, 5.0, 0.0])
    page = show(path.report())
    page.focus("#slider")
    press(page, "End")
    shown = table(page)
    assert [number(shown[name][0]) for name in path.features] == pytest.approx(path.at(0.0).coef, rel=1e-5)
    assert "NaN" not in page.inner_html("#path")


def test_the_names_of_two_near_choices_do_not_overlap(show):
    X, y = sample(n=120, p=6)
    cv = eq.cross_validate(X, y, folds=4, strengths=np.geomspace(900.0, 1e-6, 120))
    page = show(cv.report())
    box = "e => { const b = e.getBoundingClientRect(); return [e.textContent, b.left, b.right]; }"
    boxes = page.eval_on_selector_all("#cv > svg > text", f"all => all.map({box})")
    named = {name: (left, right) for name, left, right in boxes}
    assert set(named) == {"one-SE", "best"}
    assert named["one-SE"][1] < named["best"][0]


def test_the_probabilities_of_a_yes_or_no_are_drawn(show):
    X, y = sample()
    events = (y > np.median(y)) * 1.0
    fit = eq.fit(X, events, loss="binomial", l1=1.0)
    page = show(fit.report())
    chance = 1 / (1 + np.exp(-(fit.intercept + X @ fit.coef)))
    order = np.argsort(chance)
    tenths = [order[i * len(y) // 10 : (i + 1) * len(y) // 10] for i in range(10)]
    dots = page.query_selector_all("#calibration circle")
    assert len(dots) == 10
    ends = page.query_selector("#calibration .choice")
    left, right, bottom, top = (float(ends.get_attribute(name)) for name in ("x1", "x2", "y1", "y2"))
    for dot, rows in zip(dots, tenths, strict=True):
        across = (float(dot.get_attribute("cx")) - left) / (right - left)
        up = (float(dot.get_attribute("cy")) - bottom) / (top - bottom)
        assert (across, up) == (pytest.approx(chance[rows].mean()), pytest.approx(events[rows].mean()))
    pairs = chance[events == 1][:, None] - chance[events == 0]
    area = float((pairs > 0).mean() + 0.5 * (pairs == 0).mean())
    assert page.inner_text("#roc-area") == f"area {area:.4g}, 0.5 for guessing"
    assert "deviance explained" in page.inner_text("#readout")


@pytest.mark.parametrize("width", [390, 1000])
def test_odds_ratios_of_a_unit_and_of_a_standard_deviation_move_with_the_slider(show, width):
    X, y = sample()
    events = np.where(y > np.median(y), "ill", "well")
    cv = eq.cross_validate(X, events, loss="binomial", event="ill", standardize=True, folds=4, count=15)
    page = show(cv.report(), viewport={"width": width, "height": 800})
    head = page.eval_on_selector_all("#sheet thead .sort", "all => all.map((e) => e.textContent)")
    assert head[1:4] == ["coef", "odds ratio", "of one sd"]
    for at in (4, 9):
        go_to(page, at)
        fit = eq.fit(X, events, loss="binomial", event="ill", standardize=True, l1=cv.path.strengths[at])
        shown = table(page)
        for name, w, sd in zip(fit.features, fit.coef, X.std(axis=0), strict=True):
            told = [number(cell) for cell in shown[name][:3]]
            assert told == pytest.approx([w, np.exp(w), np.exp(w * sd)], rel=1e-5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.inner_text("#path-unit") == "change of the log-odds per standard deviation"
    assert page.inner_text("#probabilities-rows") == "of 60 rows, each predicted by a model not fitted to it"
    assert "The likelier label is wrong for" in page.inner_text("#probabilities-told")
    axes = page.eval_on_selector_all("#roc text, #calibration text", "all => all.map((e) => e.textContent)")
    assert {"1 − specificity: false alarms", "sensitivity: y = ill found"} <= set(axes)
    assert {"mean probability of y = ill", "share with y = ill"} <= set(axes)


def test_the_report_of_squares_has_no_probabilities(show):
    page = show(eq.fit(*sample(), l1=1.0).report())
    assert not page.is_visible("#probabilities")
    assert "explained 0" not in page.inner_text("#readout")
