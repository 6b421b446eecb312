import re

import numpy as np
import pytest
from pages import marks

import equipoise as eq

NASTY = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script>")


def number(text):
    return float(text.removesuffix(" killed"))


@pytest.fixture
def open_page(open_file):
    """Open a page from its file and wait until it is drawn."""
    return lambda html, **options: open_file(html, ".walk-run svg", **options)


def weights(page, k):
    return page.locator(".walk-run").nth(k).locator(".walk-w").all_text_contents()


def at(page):
    return int(page.inner_text("#walk-at").split()[0])


@pytest.fixture
def toy():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(12, 3))
    return eq.trace(X, X @ [3.0, -1.0, 0.0] + rng.normal(size=12), l1=4.0)


def test_the_slider_shows_the_run(open_page, toy):
    page = open_page(toy.report())
    page.focus("#walk-step")
    page.keyboard.press("Home")
    assert {number(text) for text in weights(page, 0)} == {0.0}
    three = toy.beside()
    runs = [three.lasso, three.ridge, three.elastic_net]
    w = [np.zeros(3) for _ in runs]
    for step in range(1, 10):
        page.keyboard.press("ArrowRight")
        assert at(page) == step
        for k, run in enumerate(runs):
            if step <= len(run.steps):
                w[k][(step - 1) % 3] = run.steps[step - 1].after
            np.testing.assert_allclose([number(text) for text in weights(page, k)], w[k], rtol=1e-4)
            assert all(w[k][j] == 0 for j, text in enumerate(weights(page, k)) if "killed" in text)
            tally = page.locator(".walk-tally").nth(k).inner_text()
            assert f"{run.steps[min(step, len(run.steps)) - 1].objective:.6g}" in tally
    page.keyboard.press("End")
    for k, run in enumerate(runs):
        np.testing.assert_allclose([number(text) for text in weights(page, k)], run.coef, rtol=1e-4)
        assert "In balance after" in page.locator(".walk-sentence").nth(k).inner_text()
    assert not any("killed" in text for text in weights(page, 1))


def test_at_the_end_no_gradient_is_left_and_zeros_lie_in_the_zone(open_page, toy):
    page = open_page(toy.report())
    page.focus("#walk-step")
    page.keyboard.press("End")
    lines = page.eval_on_selector_all(
        ".walk-left", "lines => lines.map(l => l.getAttribute('x1') - l.getAttribute('x2'))"
    )
    np.testing.assert_allclose(lines, 0, atol=1e-4)
    lasso = page.locator(".walk-run").nth(0)
    assert lasso.locator(".zone").count() == 3
    assert page.locator(".walk-run").nth(1).locator(".zone").count() == 0
    found = marks(page, ".walk-run:first-child .walk-row .dot")
    zones = [
        (float(zone.get_attribute("x")), float(zone.get_attribute("width")))
        for zone in lasso.locator(".zone").all()
    ]
    for w, (low, width), (x, _, shape, _) in zip(toy.coef, zones, found, strict=True):
        assert low - 0.01 <= x <= low + width + 0.01
        assert shape == ("disc" if w else "square")


def test_it_starts_and_prints_where_all_are_in_balance(open_page, toy):
    page = open_page(toy.report())
    three = toy.beside()
    last = max(len(run.steps) for run in (three.lasso, three.ridge, three.elastic_net))
    assert at(page) == last
    np.testing.assert_allclose([number(text) for text in weights(page, 0)], toy.coef, rtol=1e-4)
    page.focus("#walk-step")
    page.keyboard.press("Home")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert at(page) == last
    assert "In balance after" in page.locator(".walk-sentence").nth(0).inner_text()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert at(page) == 0
    page.keyboard.press("End")
    page.clock.install()
    page.click("#walk-play")  # from the last step it starts over
    assert at(page) == 0
    page.clock.run_for(400)
    assert at(page) == 1


def test_it_plays_and_pauses(open_page, toy):
    page = open_page(toy.report())
    from playwright.sync_api import expect

    page.click("#walk-play")
    assert "Pause" in page.inner_text("#walk-play")
    expect(page.locator("#walk-at")).to_have_text(re.compile("^[2-9] of"), timeout=10_000)
    page.click("#walk-play")
    stood = at(page)
    assert "Play" in page.inner_text("#walk-play")
    page.wait_for_timeout(1200)
    assert at(page) == stood
    page.click("#walk-back")
    assert at(page) == stood - 1


def test_in_a_report_too(open_page):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(30, 4))
    fit = eq.fit(X, X[:, 0] * 2 + rng.normal(size=30), l1=6.0, standardize=True)
    page = open_page(fit.report())
    page.focus("#walk-step")
    page.keyboard.press("End")
    shown = [number(text) for text in weights(page, 0)]
    np.testing.assert_allclose(shown, fit.coef * X.std(axis=0), rtol=1e-4, atol=1e-9)
    assert page.inner_text("#walk-zeros").startswith("Coefficients that are exactly zero, of 4")


def test_names_do_no_harm(open_page):
    pd = pytest.importorskip("pandas")
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(20, 3)), columns=list(NASTY))
    page = open_page(eq.trace(X, X.iloc[:, 0] * 2, l1=1.0).report())
    assert page.eval_on_selector_all("#walk-ends tbody th", "ths => ths.map(t => t.textContent)") == list(
        NASTY
    )
    assert page.locator("#walkthrough img").count() == 0


def test_on_a_telephone_and_in_the_dark(open_page, toy):
    page = open_page(toy.report(), viewport={"width": 390, "height": 800}, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"


@pytest.mark.parametrize(("width", "media"), [(390, "screen"), (768, "screen"), (687, "print")])
def test_names_of_every_kind_fit_and_keep_their_direction(open_page, width, media):
    pd = pytest.importorskip("pandas")
    names = [
        "W" * 24,
        "نام\u200cخانوادگی",
        "特徴量の名前がとても長い場合の表示",
        "a name of many letters, and of more",
    ]
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(20, 4)), columns=names)
    y = pd.Series(X.iloc[:, 1] * 4 + rng.normal(size=20), name="שכר")
    page = open_page(eq.trace(X, y, l1=6.0).report(), viewport={"width": width, "height": 900})
    page.emulate_media(media=media)
    assert page.title().startswith("\u2068שכר\u2069 from a pandas frame: lasso step by step")
    assert page.locator("h1 bdi").first.inner_text() == "שכר"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#walk-ends tbody bdi").all_inner_texts() == names
    edges = page.eval_on_selector_all(
        "#walk-runs text",
        """all => all.map((e) => { const own = e.getBoundingClientRect(),
          svg = e.ownerSVGElement.getBoundingClientRect();
          return Math.min(own.left - svg.left, svg.right - own.right); })""",
    )
    assert min(edges) > -1.0
    page.emulate_media(media="screen")
    page.focus("#walk-step")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")  # the step of the second feature
    assert names[1] in page.locator(".walk-sentence bdi").all_inner_texts()
