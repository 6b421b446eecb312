"""While a slider moves, no picture moves under the reader's eyes."""

import pytest

# The place of each picture below its slider, at every position of it: how far it wanders, in pixels.
WANDERING = """
([section, control]) => {
  const input = document.getElementById(`s${section}-${control}`);
  const pictures = [...input.closest(".play").querySelectorAll("figure, .lines")];
  const places = [];
  for (let k = Number(input.min); k <= Number(input.max); k += Math.max(Number(input.step), 0.25)) {
    input.value = k;
    input.dispatchEvent(new Event("input"));
    const top = input.getBoundingClientRect().top;
    places.push(pictures.map((picture) => picture.getBoundingClientRect().top - top));
  }
  const columns = pictures.map((_, i) => places.map((row) => row[i]));
  return columns.map((column) => Math.max(...column) - Math.min(...column));
}
"""
CONTROLS = [
    (9, "stage"),
    (10, "correlation"),
    (11, "l1"),
    (12, "limit"),
    (13, "line"),
    (14, "step"),
    (15, "row"),
    (16, "strength"),
]


@pytest.mark.parametrize("width", [390, 1000])
@pytest.mark.parametrize(("number", "control"), CONTROLS)
def test_no_picture_wanders(lesson, number, control, width):
    section = lesson(number, viewport={"width": width, "height": 900})
    moves = section.page.evaluate(WANDERING, [number, control])
    assert moves
    assert max(moves) < 4
