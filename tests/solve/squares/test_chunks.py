"""The chunk-verified path of wide data: extreme scales, repeated and vanishing strengths."""

import numpy as np
import pytest

import equipoise as eq


def data(n: int = 30, p: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, p))
    return X, X[:, :4].sum(axis=1) + 0.3 * rng.standard_normal(n)


@pytest.mark.parametrize("power", [-100, -46, -30, 30, 46, 100])
def test_no_scale_of_the_data_escapes_single_precision(power):
    X, y = data()
    scale = 10.0**power
    path, plain = eq.path(X * scale, y, count=20), eq.path(X, y, count=20)
    np.testing.assert_allclose(path.coef * scale, plain.coef, atol=1e-10)
    assert all(certificate.optimal for certificate in path.certificates)


@pytest.mark.parametrize("l1", [1e-100, 1e-46, 1e46, 1e100])
def test_no_scale_of_the_penalty_does(l1):
    X, y = data()
    np.testing.assert_allclose(eq.path(X, y, l1=l1, count=20).coef, eq.path(X, y, count=20).coef, atol=1e-10)


def test_limits_of_very_different_size():
    X, y = data()
    l1 = np.where(np.arange(300) % 7 == 3, 1e-50, 1.0)
    path = eq.path(X, y, l1=l1, strengths=[5.0, 1.0])
    for t, w, b in zip(path.strengths, path.coef, path.intercept, strict=True):
        pull = X.T @ (y - b - X @ w)
        assert np.all(np.abs(pull) <= t * l1 * (1 + 1e-9) + 1e-12)


@pytest.mark.parametrize(
    "strengths", [[5.0, 5.0, 3.0], [5.0] * 5, [5.0, *[2.0] * 20, 1.0], [5.0, 1.0, 1.0, 0.0]]
)
def test_strengths_may_repeat(strengths):
    X, y = data()
    path = eq.path(X, y, strengths=strengths)
    for t, w in zip(strengths, path.coef, strict=True):
        if t > 0:
            np.testing.assert_allclose(w, eq.fit(X, y, l1=t).coef, atol=1e-10)
    assert all(certificate.optimal for certificate in path.certificates)
    assert len(eq.cross_validate(X, y, folds=3, strengths=strengths).mean) == len(strengths)


def test_a_ratio_of_one():
    assert not eq.path(*data(), ratio=1.0, count=10).coef.any()


@pytest.mark.parametrize("box", [{}, {"lower": -0.5, "upper": 0.5}])
def test_strengths_that_are_nothing(box):
    X, y = data()
    zero = eq.path(X, y, strengths=[0.0], **box)
    assert np.linalg.norm(y - zero.intercept[0] - X @ zero.coef[0]) < 1e-9
    tiny = eq.path(X, y, strengths=[1.0, 1e-300], **box)
    assert np.linalg.norm(y - tiny.intercept[1] - X @ tiny.coef[1]) < 1e-9


def test_what_exceeds_its_limit_by_rounding_is_counted():
    """Column 10, a near copy of a survivor, pulls 9e-12 of its limit too hard: enough for 11 to survive."""
    n, p, b, g, h, l1 = 300, 320, 0.8, 1.5e-6, 1e-5, 0.5
    rng = np.random.default_rng(0)
    Q = np.linalg.qr(rng.normal(size=(n, 60)))[0]
    e = Q.T
    y = 1.1 * e[0] + e[1] + g * e[2] + (l1 - 5e-7 + b * g) * e[3]
    X = np.zeros((n, p))
    X[:, 0], X[:, 1] = e[0], e[1]
    X[:, 2:10] = (0.95 * e[0] + np.sqrt(1 - 0.95**2) * e[4:12]).T  # so that 10 is not among the first
    X[:, 10] = e[1] * (1 + h) - h * e[0] + 3e-6 * e[2]
    X[:, 11] = e[3] - b * e[2]
    rest = 0.02 * rng.normal(size=(n, p - 12))
    X[:, 12:] = rest - Q[:, :4] @ (Q[:, :4].T @ rest)
    exact = eq.fit(X, y, l1=l1, intercept=False).coef
    assert exact[11] > 1e-7
    path = eq.path(X, y, strengths=[l1], intercept=False)
    certificate, w = path.certificates[0], path.coef[0]
    assert not certificate.zeros_proved[11]
    pull = X.T @ (y - X @ w)
    assert certificate.violation >= 0.9 * (np.abs(pull).max() / l1 - 1.0)
    lost = 0.5 * np.sum((y - X @ w) ** 2) + l1 * np.abs(w).sum()
    lost -= 0.5 * np.sum((y - X @ exact) ** 2) + l1 * np.abs(exact).sum()
    assert certificate.gap >= lost - 1e-15


@pytest.mark.parametrize("far", [1e11, 1e12, 1e13])
def test_columns_far_from_zero_are_measured_as_they_are(far):
    rng = np.random.default_rng(0)
    X = np.round(far + 4 * rng.normal(size=(50, 400)), 10)
    y = (X[:, :3] - far) @ [1.0, 2.0, -1.0] + 0.1 * rng.normal(size=50)
    path = eq.path(X, y, count=20)
    D, v = X.astype(np.longdouble), y.astype(np.longdouble)
    D, v = D - D.mean(axis=0), v - v.mean()
    for t, w, certificate in zip(path.strengths, path.coef, path.certificates, strict=True):
        pull = D.T @ (v - D @ w)
        off = np.where(w != 0, np.abs(pull - t * np.sign(w)), np.maximum(np.abs(pull) - t, 0)) / t
        assert not certificate.optimal or off.max() <= 1e-9
        assert not np.any(certificate.zeros_proved & (np.abs(pull) >= t))


@pytest.mark.filterwarnings("ignore:overflow")  # squares of such numbers
def test_a_penalty_too_large_for_its_strength():
    X, y = data(50, 400)
    l1 = np.where(np.arange(400) == 0, 1e299, 1.0)
    y = 1e9 * y
    t = 0.1 * np.abs((X - X.mean(axis=0)).T @ y).max()
    found = eq.path(X, y, l1=l1, strengths=[t])
    there = eq.path(X, y, l1=np.where(l1 > 1, np.inf, l1), strengths=[t])
    np.testing.assert_array_equal(found.coef != 0, there.coef != 0)
    assert found.coef.any()


def test_very_many_that_offend_at_once_do_not_all_join():
    rng = np.random.default_rng(0)
    X, y = rng.integers(-1, 3, size=(5, 2000)).astype(float), rng.normal(size=5)
    path = eq.path(X, y, count=2, ratio=1e-3, l2=2.8e-6, intercept=False)  # took a minute
    assert all(certificate.optimal for certificate in path.certificates)
