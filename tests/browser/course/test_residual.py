import numpy as np
import pytest

import equipoise as eq
from equipoise.course.patients import NAMES, column

THREE = (np.array([[1.0, 1], [1, 0], [0, 1]]), np.array([3.0, 2, 1]))


def people():
    table = np.column_stack([column(name) for name in NAMES])
    X = table[:, [1, 2, 4]]
    return (X - X.mean(axis=0)) / X.std(axis=0), table[:, 5] - 153


def agrees(section, X, y, w, row=0):
    """Every number that stands in the section is that of y, Xw and y − Xw; returns them."""
    predicted = X @ w
    residual = y - predicted
    for name, values in {"hat": predicted, "r": residual, "square": residual**2}.items():
        read = [section.read(f"{'three' if len(y) == 3 else 'people'}-{name}{i + 1}") for i in range(len(y))]
        assert read == pytest.approx(values.tolist(), abs=1e-6)
    assert section.read("predicted") == pytest.approx(predicted[row], abs=1e-6)
    assert section.read("left") == pytest.approx(residual[row], abs=1e-6)
    assert section.read("squares") == pytest.approx(residual @ residual, rel=1e-6, abs=1e-9)
    assert section.read("loss") == pytest.approx(0.5 * residual @ residual, rel=1e-6, abs=1e-9)
    factors = [term.split(" · ") for term in section.text("sum").replace("−", "-").split(" + ")]
    assert np.array([[float(f.strip("()")) for f in pair] for pair in factors]) == pytest.approx(
        np.column_stack([X[row], w]), rel=5e-4
    )
    return predicted.tolist()


def test_drag_a_weight_of_the_three_rows_and_all_follows(lesson):
    section = lesson(6)
    seen = [agrees(section, *THREE, np.zeros(2))]
    moves = [(1, "first", [-1, 0]), (1, 1.25, [1.25, 0]), (1, "last", [3, 0])]
    moves += [(2, "first", [3, -1]), (2, 0.5, [3, 0.5]), (2, "last", [3, 3])]
    for control, place, w in moves:
        section.slide(f"three-{control}", place)
        seen.append(agrees(section, *THREE, np.array(w)))
    assert len({tuple(one) for one in seen}) == len(seen)


@pytest.mark.parametrize(("place", "row"), [("first", 0), (2, 1), ("last", 2)])
def test_the_row_that_is_written_out(lesson, place, row):
    section = lesson(6)
    section.slide("three-1", 1.5)
    section.slide("three-row", place)
    agrees(section, *THREE, np.array([1.5, 0]), row)
    assert section.text("row") == str(row + 1)


@pytest.mark.parametrize(("button", "l1"), [(1, 0.0), (2, 1.0)])
def test_the_weights_of_the_library(lesson, button, l1):
    section = lesson(6)
    section.press(f"three-ready-{button}")
    fit = eq.fit(*THREE, l1=l1, intercept=False)
    # By hand: without a penalty 2 and 1 explain all; with λ = 1 the weights are 5/3 and 2/3.
    assert fit.coef == pytest.approx([2, 1] if l1 == 0 else [5 / 3, 2 / 3])
    agrees(section, *THREE, fit.coef)
    assert ("Everything" in section.text("verdict")) == (l1 == 0)
    section.press("three-ready-0")
    agrees(section, *THREE, np.zeros(2))


def test_twelve_people(lesson):
    section = lesson(6)
    section.press("data-1")
    X, y = people()
    agrees(section, X, y, np.zeros(3))
    w = [0.0, 0.0, 0.0]
    for k, middle in enumerate([20.5, 7, 3.5]):
        for place, weight in [("first", -10), (middle, middle), ("last", 50)]:
            section.slide(f"people-{k + 1}", place)
            w[k] = weight
            agrees(section, X, y, np.array(w))
    for place, row in [("first", 0), (7, 6), ("last", 11)]:
        section.slide("people-row", place)
        agrees(section, X, y, np.array([50.0, 50, 50]), row)
    section.slide("people-row", 1)
    for button, l1 in [(1, 0.0), (2, 100.0)]:
        section.press(f"people-ready-{button}")
        agrees(section, X, y, eq.fit(X, y, l1=l1, intercept=False).coef)
