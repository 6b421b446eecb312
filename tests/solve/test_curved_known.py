"""How far a branch is known from one of its points, against the branch itself in extended precision."""

import numpy as np
import pytest
from loss_oracle import LOSSES
from solve.posed import branch_of, random_problem

import equipoise as eq
from equipoise.solve.curved_known import bounds, known, tighten


@pytest.mark.parametrize("loss", LOSSES)
def test_pulls_and_coefficients_stay_within_their_bounds(loss):
    tight = 0.0
    for seed in range(10):
        exact = random_problem(seed, loss)
        if exact is None:
            continue
        branch, spot = branch_of(exact, 0.4)
        tighten(branch, spot, np.flatnonzero(branch.side == 0))
        signs, scale = branch.side.astype(int), branch.problem.view.scale
        for fall in (0.02, 0.1, 0.2):
            tau = fall * spot.t
            for up in (False, True):
                pull, coef = bounds(branch, spot, tau, up)
                if not np.isfinite(pull):
                    continue
                step = -tau if up else tau
                true, pulls = exact.branch(spot.t - step, signs)
                off = np.abs(pulls.astype(float) / scale - (spot.pull - step * spot.fall))
                rest = branch.side == 0
                assert np.all(off[rest] <= pull * spot.spread[rest] * (1 + 1e-9) + 1e-12)
                away = np.abs(true.astype(float) * scale - (spot.coef + step * spot.rate))[branch.free]
                assert np.all(away <= coef * spot.reach * (1 + 1e-9) + 1e-12)
                room = pull * spot.spread[rest]
                tight = max(tight, float(np.max(off[rest] / np.where(room > 0, room, 1.0), initial=0.0)))
    assert tight > 0.01  # a bound that says nothing would hold, too


def test_within_what_is_known_no_margin_closes():
    closer = 0
    for seed in range(12):
        exact = random_problem(seed, "binomial")
        if exact is None:
            continue
        branch, spot = branch_of(exact, 0.3)
        none = np.zeros_like(spot.margin, dtype=bool)
        for up in (False, True):
            far = known(branch, spot, 0.5 * spot.t, up, none)
            signs = branch.side.astype(int)
            for share in (0.3, 0.7, 1.0):
                fall = share * far * (-1 if up else 1)
                exact.assert_solution(spot.t - fall, signs)
            closer += far > 1e-3 * spot.t
    assert closer >= 12


@pytest.mark.parametrize(("of_y", "of_l1"), [(-430, 0), (430, 0), (0, -600), (0, 600)])
def test_strengths_of_extreme_size_have_the_same_events(of_y, of_l1):
    """Counts times c, their mean times c, need c times the penalty; a power of two costs no digit."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 5))
    y = rng.poisson(np.exp(X[:, 0])).astype(float)
    plain = eq.path(X, y, loss="poisson", count=5).events
    found = eq.path(X, np.ldexp(y, of_y), l1=2.0**of_l1, loss="poisson", count=5).events
    assert [(one.feature, one.kind) for one in found] == [(one.feature, one.kind) for one in plain]
    ratios = [
        one.strength * 2.0 ** (of_l1 - of_y) / other.strength for one, other in zip(found, plain, strict=True)
    ]
    np.testing.assert_allclose(ratios, 1.0, rtol=1e-9)
