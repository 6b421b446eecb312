from fractions import Fraction

import numpy as np
import pytest

import equipoise as eq

X = np.array(
    [
        [1, -1, 1, 0, -1],
        [0, -1, 0, -1, 0],
        [1, 0, -1, 1, 1],
        [1, 0, 1, -1, -1],
        [1, 1, -1, 0, -1],
        [0, -1, 0, 1, 0],
    ]
)
Y = np.array([-2, -6, 8, 5, 3, 7])
LIMITS = (1, 3, 6, 16)


def by_hand(limit, visits):
    """Weights and the residual after so many visits, in exact fractions."""
    w, r, pull = [Fraction(0)] * 5, [Fraction(int(v)) for v in Y], None
    for visit in range(visits):
        j = visit % 5
        x = [int(v) for v in X[:, j]]
        r = [a + b * w[j] for a, b in zip(r, x, strict=True)]
        pull = sum(a * b for a, b in zip(r, x, strict=True))
        sign = 1 if pull > 0 else -1
        w[j] = Fraction(0) if abs(pull) <= limit else (pull - sign * limit) / sum(b * b for b in x)
        r = [a - b * w[j] for a, b in zip(r, x, strict=True)]
    return w, r, pull


def drawn(section):
    values = section.page.locator("#s9 [data-at='residual'] text[data-value]").all()
    return [float(value.get_attribute("data-value")) for value in values]


def weights(section):
    return [section.read(f"weight-{j}") for j in range(1, 6)]


@pytest.mark.parametrize("visits", [1, 2, 7, 11])
def test_a_visit_goes_through_its_four_stages(lesson, visits):
    section = lesson(9)
    (old, kept_back, _), (new, residual, pull) = by_hand(3, visits - 1), by_hand(3, visits)
    j = (visits - 1) % 5
    section.slide("stage", 4 * visits - 3)
    without = [float(r + int(x) * old[j]) for r, x in zip(kept_back, X[:, j], strict=True)]
    assert drawn(section) == pytest.approx(without, abs=1e-6)
    assert section.text("stage-1").startswith(
        f"r with x{j + 1}’s part put back" if old[j] else f"x{j + 1} explains nothing"
    )
    assert weights(section) == pytest.approx([float(w) for w in old], abs=1e-6)
    section.press("stage-on")
    assert section.text("stage-2").endswith(f"= {float(pull):g}".replace("-", "−"))
    section.press("stage-on")
    assert ("killed" in section.text("stage-3")) == (new[j] == 0)
    assert weights(section) == pytest.approx([float(w) for w in new], abs=1e-6)
    assert section.text(f"verdict-{j + 1}") == ("kept" if new[j] else "killed")
    # Its weight is new, r is not yet: there are no total gradients to show.
    assert section.text("state").startswith(f"x{j + 1} is being visited")
    assert {section.text(name) for name in ("largest", f"gradient-{j + 1}")} == {"–"}
    section.press("stage-on")
    assert drawn(section) == pytest.approx([float(r) for r in residual], abs=1e-6)
    section.press("stage-back")
    assert drawn(section) == pytest.approx(without, abs=1e-6)


@pytest.mark.parametrize("k", range(4))
def test_at_its_end_it_stands_where_the_exact_fit_does(lesson, k):
    section = lesson(9)
    section.press(f"limit-{k}")
    section.slide("stage", "first")
    pulls = X.T @ Y
    assert section.read("largest") == pytest.approx(max(abs(pulls).max() - LIMITS[k], 0), abs=1e-6)
    section.slide("stage", "last")
    fit = eq.fit(X, Y, l1=LIMITS[k], intercept=False)
    assert weights(section) == pytest.approx(fit.coef, abs=1e-6)
    assert drawn(section) == pytest.approx(Y - X @ fit.coef, abs=1e-6)
    assert section.read("largest") == 0
    assert "finished" in section.text("state")


def test_the_total_gradient_of_each_is_that_of_the_objective(lesson):
    section = lesson(9)
    seen = []
    for visit in range(1, 8):
        section.press("visit")
        w, r, _ = by_hand(3, visit)
        slope = [-sum(a * int(b) for a, b in zip(r, X[:, j], strict=True)) for j in range(5)]
        total = [
            slope[j] + 3 * (1 if w[j] > 0 else -1) if w[j] else np.sign(slope[j]) * max(abs(slope[j]) - 3, 0)
            for j in range(5)
        ]
        shown = [section.read(f"gradient-{j}") for j in range(1, 6)]
        assert shown == pytest.approx([float(v) for v in total], abs=1e-6)
        assert section.read("largest") == pytest.approx(max(abs(float(v)) for v in total), abs=1e-6)
        seen.append(tuple(shown))
    assert len(set(seen)) >= 4


def test_one_is_kept_and_then_killed_and_another_comes_back(lesson):
    section = lesson(9)
    told = {2: [], 3: []}
    for visits in (5, 10, 15):
        section.slide("stage", 4 * visits)
        for j in told:
            told[j].append(section.text(f"verdict-{j}"))
    assert told == {2: ["kept", "killed", "kept"], 3: ["kept", "killed", "killed"]}


def test_a_new_limit_ends_an_old_run_that_plays(lesson):
    section = lesson(9)
    section.press("stage-play")
    section.press("limit-3")
    section.page.wait_for_timeout(900)
    assert section.page.locator("#s9-stage").input_value() == "0"
    assert section.read("largest") == 0


def test_a_move_by_hand_ends_what_plays(lesson):
    section = lesson(9)
    play, stage = section.page.locator("#s9-stage-play"), section.page.locator("#s9-stage")
    section.press("stage-play")
    while stage.input_value() == "0":
        section.page.wait_for_timeout(50)
    section.press("visit")
    assert (play.text_content(), stage.input_value()) == ("▶ Play", "4")
    section.page.wait_for_timeout(900)
    assert stage.input_value() == "4"
