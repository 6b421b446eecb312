import re

import numpy as np
import pytest

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
    assert {number(text) for text in weights(page, 0)} == {0.0}
    page.focus("#walk-step")
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
    for row in lasso.locator(".walk-row").all():
        zone, dot = row.locator(".zone"), row.locator(".dot")
        low = float(zone.get_attribute("x"))
        high = low + float(zone.get_attribute("width"))
        assert low - 0.01 <= float(dot.get_attribute("cx")) <= high + 0.01


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
