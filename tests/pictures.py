"""What the tests of pictures share: data, and whether texts lie upon each other."""

from pathlib import Path

import numpy as np
import pandas as pd

# Names that are mathematics to a careless picture.
NASTY = "cost_$per_unit$_of_{x}^2 in the last quarter"


def correlated(rows, columns, *, rho=0.6, seed=0, true=5):
    rng = np.random.default_rng(seed)
    X = np.sqrt(rho) * rng.normal(size=(rows, 1)) + np.sqrt(1 - rho) * rng.normal(size=(rows, columns))
    true = min(true, columns)
    return X, X[:, :true] @ (2.0 * rng.normal(size=true)) + rng.normal(size=rows)


def diabetes():
    frame = pd.read_csv(Path(__file__).parents[1] / "examples" / "diabetes.csv")
    return frame, frame.pop("progression")


def drawn(display):
    """The display, rendered: what matplotlib warns of is an error then."""
    display.figure_.canvas.draw()
    return display


def overlapping(texts):
    """Pairs of texts whose boxes share more than a hair, in pixels."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    return [
        (a, b)
        for i, (a, first) in enumerate(boxes)
        for b, second in boxes[i + 1 :]
        if min(first.x1, second.x1) - max(first.x0, second.x0) > 0.5
        and min(first.y1, second.y1) - max(first.y0, second.y0) > 0.5
    ]


def outside(texts, figure):
    """Texts that the edge of the figure cuts."""
    box = figure.bbox
    return [
        text.get_text()
        for text in texts
        if text.get_window_extent().x0 < box.x0 - 1
        or text.get_window_extent().x1 > box.x1 + 1
        or text.get_window_extent().y0 < box.y0 - 1
        or text.get_window_extent().y1 > box.y1 + 1
    ]
