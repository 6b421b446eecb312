"""ROC curve and calibration, against scikit-learn, SciPy and counting."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score, roc_curve

from equipoise.explain.calibration import calibrate


def rows(seed, n=300, levels=None):
    rng = np.random.default_rng(seed)
    p = rng.random(n) if levels is None else rng.integers(0, levels, n) / levels
    return p, (rng.random(n) < p) * 1.0, rng.integers(0, 4, n) * 1.0


@pytest.mark.parametrize("levels", [None, 5])
@pytest.mark.parametrize("weighted", [False, True])
def test_curve_and_area_are_scikit_learns(levels, weighted):
    p, y, s = rows(0, levels=levels)
    weights = s if weighted else None
    found = calibrate(p, y, weights)
    assert found.area == pytest.approx(roc_auc_score(y, p, sample_weight=weights), rel=1e-13)
    false, true, _ = roc_curve(y, p, sample_weight=weights, drop_intermediate=False)
    told = set(zip(false.round(12), true.round(12), strict=True))
    assert set(zip(found.false_rate.round(12), found.true_rate.round(12), strict=True)) <= told
    assert (found.false_rate[0], found.true_rate[0]) == (0.0, 0.0)
    assert (found.false_rate[-1], found.true_rate[-1]) == pytest.approx((1.0, 1.0))


def test_trials_are_repeated_rows():
    p, trials = np.array([0.2, 0.5, 0.8]), np.array([4.0, 2.0, 5.0])
    events = np.array([1.0, 1.0, 4.0])
    found = calibrate(p, events / trials, trials)
    y = np.concatenate([[1] * int(k) + [0] * int(n - k) for k, n in zip(events, trials, strict=True)])
    plain = calibrate(np.repeat(p, trials.astype(int)), y.astype(float), None)
    for a, b in zip(found, plain, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13)
    assert found.area == pytest.approx(roc_auc_score(y, np.repeat(p, trials.astype(int))))


def test_groups_are_tenths_in_order_with_wilsons_intervals():
    p, y, _ = rows(3)
    found = calibrate(p, y, None)
    order = np.argsort(p)
    for k, tenth in enumerate(np.split(order, 10)):
        assert found.predicted[k] == pytest.approx(p[tenth].mean())
        assert found.observed[k] == pytest.approx(y[tenth].mean())
        told = binomtest(int(y[tenth].sum()), 30).proportion_ci(method="wilson")
        assert (found.low[k], found.high[k]) == pytest.approx((told.low, told.high))
    assert found.weight.tolist() == [30.0] * 10


def test_rows_of_one_probability_are_one_group():
    found = calibrate(np.full(40, 0.3), np.repeat([1.0, 0.0], 20), None)
    assert (found.predicted.tolist(), found.observed.tolist()) == ([pytest.approx(0.3)], [0.5])
    assert found.area == 0.5


def test_without_events_there_is_no_area():
    assert np.isnan(calibrate(np.array([0.1, 0.2]), np.zeros(2), None).area)
