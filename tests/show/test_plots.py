"""Pages and pictures of matplotlib have one scheme of colours."""

import re
from importlib import resources

import pytest

from equipoise.show.plots import BLUE, COLOURS, GREY, KEPT, KILLED, PALE, STROKES


def variables(block):
    return dict(re.findall(r"--([a-z0-9]+): (#[0-9a-f]{3,6});", block))


STYLE = resources.files("equipoise").joinpath("show/page/base.css").read_text("utf-8")
LIGHT, DARK, PAPER = (variables(block) for block in re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL))


@pytest.mark.parametrize("scheme", [LIGHT, PAPER], ids=["light", "paper"])
def test_pages_by_day_and_on_paper_have_the_colours_of_the_pictures(scheme):
    assert tuple(scheme[f"c{k}"] for k in range(6)) == COLOURS[:6]
    assert (scheme["alive"], scheme["killed"], scheme["accent"]) == (KEPT, KILLED, BLUE)


def test_the_dead_zone_and_ink_too():
    assert (LIGHT["zone"], LIGHT["ink"], LIGHT["killed"]) == (PALE, COLOURS[6], GREY)


def test_every_scheme_has_every_colour_and_no_two_alike():
    for scheme in (LIGHT, DARK, PAPER):
        assert set(scheme) == set(LIGHT)
        lines = [scheme[f"c{k}"] for k in range(6)]
        assert len({*lines, scheme["ink"], scheme["ground"]}) == 8
        assert scheme["alive"] == scheme["c0"] != scheme["killed"]


def test_there_are_as_many_strokes_and_lines_tell_apart_by_either():
    assert re.findall(r"\.d([1-9]) \{ stroke-dasharray", STYLE) == [str(k) for k in range(1, len(STROKES))]
    assert len({(k % len(COLOURS), k % len(STROKES)) for k in range(28)}) == 28
