import numpy as np
import pytest
from scipy.linalg import hadamard

BASE = hadamard(8)[:, [1, 2, 4, 7]].astype(float)


def data_at(correlation):
    """y, and columns of length √8 whose inner products with it, and of x1 with x2, are given."""
    gram = np.array([[1, correlation, 0.03], [correlation, 1, 0.018], [0.03, 0.018, 1]])
    with_y = np.array([0.5, 0.3, 0.06])
    whole = np.block([[np.ones((1, 1)), with_y[None]], [with_y[:, None], gram]])
    columns = BASE @ np.linalg.cholesky(whole).T
    return columns[:, 1:], 12.5 * columns[:, 0]


def descend(X, y, limit):
    """The lasso by coordinate descent, and the partial pulls where it ends."""
    w, partial = np.zeros(3), np.zeros(3)
    for _ in range(5000):
        for j in range(3):
            partial[j] = X[:, j] @ (y - X @ w + X[:, j] * w[j])
            w[j] = 0 if abs(partial[j]) <= limit + 1e-9 else (partial[j] - np.sign(partial[j]) * limit) / 8
    return w, partial


def read(section, what):
    return np.array([section.read(f"{what}-{j}") for j in (1, 2, 3)])


@pytest.mark.parametrize(
    ("place", "correlation"),
    [("first", -0.5), (5, -0.25), (10, 0), (15, 0.25), (20, 0.5), (26, 0.8), ("last", 0.95)],
)
def test_at_every_correlation_the_balance_is_right(lesson, place, correlation):
    section = lesson(10)
    section.slide("correlation", place)
    X, y = data_at(correlation)
    w, partial = descend(X, y, 10)
    assert np.corrcoef(X.T)[0, 1] == pytest.approx(correlation, abs=1e-12)
    assert read(section, "alone") == pytest.approx(X.T @ y, abs=1e-6)
    assert read(section, "coef") == pytest.approx(w, abs=1e-6)
    assert read(section, "partial") == pytest.approx(partial, abs=1e-6)
    assert read(section, "taken") == pytest.approx(X.T @ y - partial, abs=1e-6)
    assert read(section, "pull") == pytest.approx(X.T @ (y - X @ w), abs=1e-6)
    verdicts = [section.text(f"verdict-{j}") for j in (1, 2, 3)]
    assert verdicts == ["kept" if v else "killed" for v in w]
    assert ("absorbed" in section.text("story-2")) == (correlation >= 0.5)
    # Of the pull of x2, x1 took 8 times the correlation times its weight.
    if correlation and w[1] == 0:
        assert f"x1 takes {8 * correlation * w[0]:.4g}" in section.text("story-2")


@pytest.mark.parametrize(("place", "limit"), [("first", 10), (1, 20), (2, 35), ("last", 55)])
@pytest.mark.parametrize(("spot", "correlation"), [("first", -0.5), (16, 0.3), ("last", 0.95)])
def test_at_every_limit_too(lesson, place, limit, spot, correlation):
    section = lesson(10)
    section.slide("limit", place)
    section.slide("correlation", spot)
    X, y = data_at(correlation)
    w, partial = descend(X, y, limit)
    assert read(section, "coef") == pytest.approx(w, abs=1e-6)
    assert read(section, "partial") == pytest.approx(partial, abs=1e-6)
    assert "weak" in section.text("story-3")


def test_the_rule_with_the_full_residual_would_kill_the_kept(lesson):
    section = lesson(10)
    seen = set()
    for spot in (0, 10, 18, 26):
        section.slide("correlation", spot)
        weights, pulls = read(section, "coef"), read(section, "pull")
        assert np.all(np.abs(pulls) <= 10 + 1e-9)
        assert np.abs(pulls[weights != 0]) == pytest.approx(10)
        assert section.text("misread") == "x1, x2, x3"
        assert section.text("kept") == ", ".join(f"x{j + 1}" for j in range(3) if weights[j])
        assert [section.text(f"within-{j + 1}") for j in range(3)] == [
            "yes, and yet kept" if v else "yes" for v in weights
        ]
        seen.add(tuple(weights))
    assert len(seen) == 4


def test_the_picture_follows(lesson):
    section = lesson(10)
    marks = section.page.locator("#s10 [data-at='pulls'] path.bar")
    section.slide("correlation", 10)
    kept, places = marks.nth(1).get_attribute("class"), marks.nth(1).get_attribute("d")
    section.slide("correlation", 26)
    assert (kept, marks.nth(1).get_attribute("class")) == ("bar kept", "bar faint")
    assert marks.nth(1).get_attribute("d") != places
    zone = section.page.locator("#s10 .zone")
    narrow = float(zone.get_attribute("width"))
    section.slide("limit", 1)
    assert float(zone.get_attribute("width")) == pytest.approx(2 * narrow, abs=0.1)
