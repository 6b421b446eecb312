"""What a notebook shows of results, in a real browser: light and dark, wide and narrow."""

import numpy as np
import pandas as pd
import pytest

import equipoise as eq

NAMES = [
    "<script>alert(1)</script>",
    "",
    "גיל",
    "a very long name that goes on and on for ever",
]
RNG = np.random.default_rng(1)
X = pd.DataFrame(RNG.normal(size=(60, 4)), columns=NAMES)
FIT = eq.fit(X, X.to_numpy() @ [3.0, 0.1, -2.0, 1.0] + RNG.normal(size=60), l1=15.0)
SHOWN = [
    FIT,
    FIT.explain(),
    FIT.survivors(),
    FIT.what_if(without=["גיל"]),
    eq.path(X, FIT.predict(X), count=20),
]

GROUNDS = {"light": ("#ffffff", "rgb(34, 34, 34)"), "dark": ("#111111", "rgb(221, 221, 221)")}


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("ground", GROUNDS)
def test_results_take_the_notebooks_colours_and_width(open_file, ground, width):
    back, ink = GROUNDS[ground]
    body = "".join(f"<div>{one._repr_html_()}</div>" for one in SHOWN)
    html = (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<body style="background:{back};color:{ink};font:14px sans-serif">{body}'
    )
    page = open_file(html, "table", viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    looks = page.evaluate(
        """[...document.querySelectorAll('p, th, td, bdi')].map(
            e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor])"""
    )
    assert len(looks) > 100
    assert {tuple(look) for look in looks} == {(ink, "rgba(0, 0, 0, 0)")}
    # The first table fits: its last column ends inside the page.
    ends = page.evaluate("document.querySelector('tr').lastElementChild.getBoundingClientRect().right")
    assert ends <= width
    cells = page.locator("td").all_text_contents()
    assert NAMES[0] in cells
    assert NAMES[2] in cells
