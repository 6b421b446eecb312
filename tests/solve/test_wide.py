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
