"""What the tests of pages in a browser share: data, and reading and moving what a page shows."""

import re

import numpy as np


def number(text):
    """A number as the page writes it; None where it has none."""
    return float(text.replace("∞", "inf")) if text else None


def sample(n=60, p=8, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) @ (np.eye(p) + 0.4) + rng.normal(size=p)
    y = X @ np.where(np.arange(p) % 3 == 0, rng.normal(size=p) * 2, 0.0) + rng.normal(size=n)
    return X, y


def settle(page):
    """Wait until what was asked for has been drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)
    settle(page)


def table(page):
    """The balance sheet as shown: feature → its cells."""
    rows = page.eval_on_selector_all(
        "#sheet tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {name: cells for name, *cells in rows}


def choose(page, name):
    """Click a feature's row."""
    page.locator("#sheet tbody tr").nth(list(table(page)).index(name)).click()
    settle(page)


def go_to(page, at):
    """Move the slider to a place on the path."""
    page.focus("#slider")
    press(page, "Home")
    press(page, "ArrowRight", at)


def marks(page, selector):
    """The middle, shape and classes of marks: a rectangle whose corners are as round as can be is a disc."""
    found = page.eval_on_selector_all(
        selector,
        """all => all.map((e) => { const of = (name) => Number(e.getAttribute(name));
          return [of("x") + of("width") / 2, of("y") + of("height") / 2, of("rx") > 0 ? "disc"
            : e.getAttribute("transform") ? "diamond" : "square", e.getAttribute("class")]; })""",
    )
    return [tuple(mark) for mark in found]


def shares(page, places):
    """Pull ÷ limit at places across, read off the axis: logarithmic outside the borders."""
    ticks = page.eval_on_selector_all(
        "#pulls svg text.quiet", "all => all.map(t => [t.textContent, Number(t.getAttribute('x'))])"
    )
    told = {text: x for text, x in ticks if re.fullmatch(r"−?(limit|0|[0-9]+×)", text)}
    at = {float(re.sub("limit", "1", t.replace("−", "-").rstrip("×"))): x for t, x in told.items()}
    out = []
    for x in places:
        share = 2.0 * (x - at[-1.0]) / (at[1.0] - at[-1.0]) - 1.0
        side = float(np.sign(share))
        outside = [s for s in at if s * side > 1]
        if abs(share) > 1 + 1e-9 and outside:
            far = max(outside, key=abs)
            share = side * abs(far) ** ((x - at[side]) / (at[far] - at[side]))
        out.append(share)
    return out
