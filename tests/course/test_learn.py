import re

import pytest

import equipoise as eq
from equipoise.course.contents import SECTIONS

TITLES = {
    1: "What is a gradient?",
    2: "Critical clarification: what optimization is really doing",
    3: "Loss + regularization = total objective",
    4: "What is “gradient kill”?",
    5: "L1 regularization (LASSO)",
    6: "Linear model and residual",
    7: "Data loss and key derivation",
    8: "What is an inner product?",
    9: "How optimization works with multiple features",
    10: "Why weak and correlated features disappear",
    11: "Why L2 (Ridge) does not produce zeros",
    12: "Summary table",
    13: "Pseudocode (Coordinate Descent)",
    14: "Numeric walkthrough",
    15: "Extension to Elastic Net",
    16: "Final takeaway",
}


def test_every_section_has_its_anchor_its_heading_and_something_to_move():
    page = eq.learn()
    for section in SECTIONS:
        assert section.title == TITLES[section.number]
        (body,) = re.findall(rf'<section id="s{section.number}".*?</section>', page, flags=re.DOTALL)
        assert len(re.findall(r"<h2\b", body)) == 1
        assert 'class="play"' in body
        assert 'class="code"' in body
        assert f'href="#s{section.number}"' in page
    assert len(page.encode()) < 3_000_000


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_the_code_of_a_section_runs(section):
    exec(section.python, {"eq": eq})


@pytest.mark.parametrize("section", [0, 17, True, "4", 4.5])
def test_there_are_no_other_sections(section):
    with pytest.raises(ValueError, match=r"section is .*: pass a number from 1 to"):
        eq.learn(section=section)


def test_one_section_alone(tmp_path):
    assert eq.learn(tmp_path / "page.html", section=4) is None
    page = (tmp_path / "page.html").read_text("utf-8")
    assert re.findall(r'<section id="(\w+)"', page) == ["s4"]
