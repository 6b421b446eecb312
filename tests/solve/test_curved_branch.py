"""A point at which a feature meets its limit, against the branch in extended precision."""

import numpy as np
from solve.posed import branch_of, random_problem

from equipoise.solve.curved_branch import Goal


def test_a_goal_is_met_where_the_pull_is_on_its_limit():
    exact = random_problem(4, "poisson")
    branch, spot = branch_of(exact, 0.5)
    until = np.where(spot.close > 0, spot.margin / np.where(spot.close > 0, spot.close, 1.0), np.inf)
    up, j = np.unravel_index(int(np.argmin(until)), until.shape)
    fall = float(until[up, j])
    met = branch.solve(spot.t - fall, branch.unknown(spot, fall), Goal(int(j), int(up)))
    assert met is not None
    assert abs(met.margin[up, j]) <= 1e-13 * met.t
    _, pulls = exact.branch(met.t, branch.side.astype(int))
    limit = met.t * float(exact.l1[j])
    assert abs(abs(float(pulls[j])) - limit) <= 1e-12 * limit
