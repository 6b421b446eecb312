from fractions import Fraction

import numpy as np
import pytest

import equipoise as eq

X = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
UNREACHABLE, REACHABLE = np.array([2.0, 3.0, 2.0]), np.array([3.0, 2.0, 1.0])
STARTS = [(0, 0), (4, 3), (0, 3)]
LIMITS = [0, 0.5, 1, 2, 3, 4, 5, 6]


def read(section, *names):
    return [section.read(name) for name in names]


def downhill(start, steps):
    """Exact steps of a quarter of (2 w1 + w2 − 5, w1 + 2 w2 − 4) from a point."""
    a, b = map(Fraction, start)
    for _ in range(steps):
        a, b = a - (2 * a + b - 5) / 4, b - (a + 2 * b - 4) / 4
    return float(a), float(b)


@pytest.mark.parametrize("start", range(3))
def test_downhill_the_gradient_ends_at_zero_and_the_loss_does_not(lesson, start):
    section = lesson(2)
    section.press(f"start-{start}")
    losses = []
    for place, steps in [("first", 0), (3, 3), (17, 17), ("last", 40)]:
        section.slide("walk", place)
        w = np.array(downhill(STARTS[start], steps))
        residual = UNREACHABLE - X @ w
        assert read(section, "a1", "a2") == pytest.approx(w, abs=1e-9)
        assert read(section, "ga1", "ga2") == pytest.approx(-X.T @ residual, abs=1e-9)
        assert section.read("lossa") == pytest.approx(0.5 * residual @ residual, abs=1e-9)
        losses.append(section.read("lossa"))
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] == pytest.approx(1.5, abs=1e-6)
    assert "To three decimals nothing is left" in section.text("verdicta")
    assert max(map(abs, read(section, "ga1", "ga2"))) < 0.0005


@pytest.mark.parametrize("place", range(8))
def test_with_a_penalty_the_steps_are_the_trace(lesson, place):
    section = lesson(2)
    section.slide("limit", {0: "first", 7: "last"}.get(place, place))
    limit = LIMITS[place]
    steps = eq.trace(X, REACHABLE, l1=limit).steps
    for k in (1, 2, 9, 32):
        section.slide("step", "last" if k == 32 else k)
        step = steps[min(k, len(steps)) - 1]
        w = np.array(read(section, "w1", "w2"))
        # The least that is left of the data's slope once the penalty has answered.
        data = -X.T @ (REACHABLE - X @ w)
        total = np.where(
            w == 0, np.sign(data) * np.maximum(np.abs(data) - limit, 0), data + limit * np.sign(w)
        )
        assert w[0 if step.feature == "x1" else 1] == pytest.approx(step.after, abs=1e-6)
        assert read(section, "d1", "d2") == pytest.approx(data, abs=1e-6)
        assert read(section, "t1", "t2") == pytest.approx(total, abs=1e-6)
        assert read(section, "t1", "t2") == pytest.approx(step.gradient, abs=1e-6)
        assert read(section, "p1", "p2") == pytest.approx(total - data, abs=1e-6)
        assert section.read("loss") == pytest.approx(0.5 * step.residual @ step.residual, abs=1e-6)
        assert section.read("penalty") == pytest.approx(limit * np.abs(w).sum(), abs=1e-6)
        assert section.read("objective") == pytest.approx(step.objective, abs=1e-6)


def test_before_the_first_step_all_weights_are_zero(lesson):
    section = lesson(2)
    for place, limit in [("first", 0), (3, 2), ("last", 6)]:
        section.slide("limit", place)
        section.slide("step", "first")
        assert read(section, "w1", "w2", "penalty") == [0, 0, 0]
        assert read(section, "loss", "objective") == [7, 7]
        assert read(section, "t1", "t2") == [min(0, limit - 5), min(0, limit - 4)]


@pytest.mark.parametrize("place", range(8))
def test_the_perfect_fit_costs_more(lesson, place):
    section = lesson(2)
    section.slide("limit", {0: "first", 7: "last"}.get(place, place))
    limit = LIMITS[place]
    w = (2 - limit / 3, 1 - limit / 3) if limit <= 3 else (max(0, (5 - limit) / 2), 0)
    residual = REACHABLE - X @ w
    loss, penalty = 0.5 * residual @ residual, limit * sum(w)
    assert read(section, "r1", "r2") == pytest.approx(w, abs=1e-6)
    assert read(section, "rloss", "rpenalty", "robjective") == pytest.approx(
        [loss, penalty, loss + penalty], abs=1e-6
    )
    assert read(section, "price", "priced") == [3 * limit, 3 * limit]
    assert read(section, "left1", "left2") == pytest.approx(
        eq.audit(X, REACHABLE, [2, 1], None, l1=limit).excess
    )
    assert read(section, "left1", "left2") == [limit, limit]
    assert (section.read("robjective") < section.read("priced")) == (limit > 0)


def test_at_the_end_the_total_gradient_is_gone_and_the_slope_of_the_loss_is_not(lesson):
    section = lesson(2)
    seen = set()
    for place, loss in [(2, 1 / 3), (3, 4 / 3), ("last", 7)]:
        section.slide("limit", place)
        section.slide("step", "last")
        assert read(section, "t1", "t2") == pytest.approx([0, 0], abs=1e-8)
        assert max(map(abs, read(section, "d1", "d2"))) > 0.9
        assert section.read("loss") == pytest.approx(loss, abs=1e-6)
        assert "a loss that is not 0" in section.text("verdict")
        seen.add(section.read("loss"))
    assert len(seen) == 3
    section.slide("limit", "first")
    assert section.read("loss") == pytest.approx(0, abs=1e-6)
    assert "perfect fit" in section.text("verdict")


def test_the_buttons_take_one_step(lesson):
    section = lesson(2)
    section.press("step-on")
    assert read(section, "w1", "w2") == [2, 0]
    section.press("step-on")
    assert read(section, "w1", "w2") == [2, 0.5]
    section.press("step-back")
    assert read(section, "w1", "w2") == [2, 0]
