import numpy as np
import pytest

import equipoise as eq

X, Y = np.array([[1.0], [1.0], [0.0]]), np.array([3.0, 2.0, 1.0])
PLACES = [("first", 0), (7, 1.75), (19, 4.75), (20, 5), (23, 5.75), ("last", 7)]


@pytest.mark.parametrize(("place", "limit"), PLACES)
def test_the_lowest_point_moves_to_the_kink_and_stays(lesson, place, limit):
    section = lesson(3)
    section.slide("limit", place)
    # w² − 5w + 7 + λ|w| is lowest at (5 − λ)/2, or at 0 from λ = 5 on.
    w = max(0, (5 - limit) / 2)
    assert section.read("rest") == pytest.approx(w, abs=1e-6)
    assert section.read("least") == pytest.approx(w * w - 5 * w + 7 + limit * w, abs=1e-6)
    fit = eq.fit(X, Y, l1=limit, intercept=False)
    assert section.read("rest") == pytest.approx(fit.coef[0], abs=1e-6)
    assert ("kink" in section.text("kink")) == (fit.coef[0] == 0)
    section.press("go")
    assert section.read("w") == pytest.approx(w, abs=1e-6)
    assert section.read("objective") == pytest.approx(section.read("least"), abs=1e-6)
    assert "neither way is down" in section.text("meaning")
    if w:
        assert section.read("objective-slope") == 0


@pytest.mark.parametrize(("place", "limit"), PLACES)
@pytest.mark.parametrize(
    ("keys", "w"),
    [(["Home"], -1), (["Home", *["ArrowRight"] * 5], -0.375), (["ArrowLeft"], 2.375), (["End"], 3)],
)
def test_heights_and_slopes_add_up(lesson, place, limit, keys, w):
    section = lesson(3)
    section.slide("limit", place)
    section.keys(0, *keys)
    residual = Y - X[:, 0] * w
    loss, penalty = 0.5 * residual @ residual, limit * abs(w)
    slopes = [2 * w - 5, limit * np.sign(w)]
    assert section.read("w") == w
    read = [section.read(name) for name in ("loss", "penalty", "objective")]
    assert read == pytest.approx([loss, penalty, loss + penalty], abs=1e-6)
    read = [section.read(f"{name}-slope") for name in ("loss", "penalty", "objective")]
    assert read == pytest.approx([*slopes, sum(slopes)], abs=1e-6)
    audit = eq.audit(X, Y, [w], None, l1=limit)
    assert abs(read[2]) == pytest.approx(audit.excess[0], abs=1e-6)
    assert section.text("meaning").startswith(
        "The objective rises" if sum(slopes) > 0 else "The objective falls"
    )


@pytest.mark.parametrize(
    ("place", "slopes", "total", "rests"),
    [
        (4, "from −1 to 1", "from −6 to −4", False),
        (20, "from −5 to 5", "from −10 to 0", True),
        ("last", "from −7 to 7", "from −12 to 2", True),
    ],
)
def test_at_the_kink_there_is_a_range_of_slopes(lesson, place, slopes, total, rests):
    section = lesson(3)
    section.slide("limit", place)
    section.keys(0, "Home", *["ArrowRight"] * 8)
    assert section.read("w") == 0
    assert section.read("loss-slope") == -5
    assert [section.text("penalty-slope"), section.text("objective-slope")] == [slopes, total]
    assert ("neither way is down" in section.text("meaning")) == rests


def test_the_point_follows_the_mouse_and_stays_on_the_objective(lesson):
    section = lesson(3)
    section.drag(0, -100, 0)
    w = section.read("w")
    assert 0 < w < 2.5
    for place, limit in [("first", 0), (12, 3), ("last", 7)]:
        section.slide("limit", place)
        assert section.read("w") == w
        assert section.read("objective") == pytest.approx(w * w - 5 * w + 7 + limit * w, abs=1e-6)
        text = section.page.locator("#s3 .handle").get_attribute("aria-valuetext")
        assert float(text.split()[-1]) == pytest.approx(section.read("objective"), rel=5e-4)
