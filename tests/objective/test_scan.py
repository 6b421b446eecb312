"""The compiled scan against the same conditions written in NumPy, term by term."""

import numpy as np
import pytest

import equipoise as eq
from equipoise.objective._scan import deviation, foresee, measure, unsettled

EPS = float(np.finfo(float).eps)
PRECISION, ROUNDINGS = 1e-9, 64.0


def twin(
    strengths, coef, pull, rss, dual_pull, spill, shift, margin, null, l1, l2, lower, upper, norm, y, gamma
):
    """What :func:`measure` returns, of one point after the other, in plain NumPy."""
    out = []
    rows = zip(strengths, coef, pull, rss, dual_pull, spill, shift, margin, null, strict=True)
    for t, w, g, a, u, b, s, forgiven, least in rows:
        limit = np.where(np.isinf(l1), np.inf, t * np.where(np.isinf(l1), 0, l1))
        ridge = t * l2
        own = np.where(w == 0, 0, np.where(w == 0, 0, limit) * np.abs(w)) + ridge * w**2
        slope = np.where(w == 0, 0, np.sign(w) * np.where(w == 0, 0, limit) + 2 * ridge * w)
        low = np.where(w <= lower, -np.inf, np.where(w == 0, -limit, slope))
        high = np.where(w >= upper, np.inf, np.where(w == 0, limit, slope))
        excess = np.maximum(low - g, g - high)
        rounding = gamma * (y + np.abs(w) @ norm) * norm
        written = 0.5 * EPS * np.linalg.norm(w * norm) * norm
        finite = np.where(np.isinf(limit), 0, limit)
        room = np.maximum(PRECISION * finite, ROUNDINGS * EPS * norm * y)
        unit = np.where((limit == 0) | np.isinf(limit), norm * y, limit)
        violation = np.max(np.maximum(excess, 0) / unit)

        open_side = np.where(u > 0, np.isposinf(upper), np.isneginf(lower))
        scaled = open_side & (ridge == 0) & (limit > 0) & (np.abs(u) > limit)
        alpha = min(1.0, np.min(limit[scaled] / np.abs(u[scaled]), initial=1.0))
        penalised = ~((l1 == 0) & (l2 == 0) & np.isneginf(lower) & np.isposinf(upper))
        v = alpha * u
        over = np.maximum(np.abs(v) - limit, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            best = np.clip(np.where(over > 0, np.sign(v) * over / (2 * ridge), 0), lower, upper)
        best = np.where(np.isinf(best) & (over <= rounding + ROUNDINGS * EPS * y * norm), w, best)
        gap = 0.5 * b + 0.5 * (1 - alpha) ** 2 * (a - b) + 0.5 * s**2
        delta = gamma * (y + np.abs(w) @ norm)
        gap += delta**2 + delta * (np.sqrt(b) + (1 - alpha) ** 2 * np.sqrt(a) + abs(s))
        gap += 1.5 * forgiven * abs(s)
        gap += (np.abs(w) * rounding)[~penalised].sum()
        for j in np.flatnonzero(penalised):
            if np.isinf(best[j]):
                gap = np.inf
                break
            conjugate = v[j] * best[j] - (limit[j] * abs(best[j]) if best[j] else 0) - ridge[j] * best[j] ** 2
            gap += max(own[j] + conjugate - v[j] * w[j], 0) + max(abs(w[j]), abs(best[j])) * rounding[j]
            pull = norm[j] * (y + np.abs(w) @ norm)
            if pull < limit[j] < np.inf:
                gap += 4 * EPS * (limit[j] - pull) * (abs(w[j]) + abs(best[j]))

        reach = rounding + norm * np.sqrt(2 * gap)
        zeros = (lower <= 0) & (upper >= 0)
        zeros &= ((upper == 0) | (v + reach < limit)) & ((lower == 0) | (reach - v < limit))
        balanced = np.all(excess + written <= room) and abs(s) <= forgiven
        out.append(
            (
                violation,
                abs(s) / y,
                gap,
                gap / least if least > (ROUNDINGS * EPS * y) ** 2 else 0.0,
                balanced,
                np.all((limit == 0) | (np.maximum(excess, 0) <= PRECISION * limit)),
                delta + np.sqrt(2 * gap),
                zeros,
            )
        )
    return [np.array(column) for column in zip(*out, strict=True)]


@pytest.mark.parametrize("seed", range(300))
def test_the_scan_equals_its_numpy_twin(seed):
    rng = np.random.default_rng(seed)
    m, p = int(rng.integers(1, 4)), int(rng.integers(1, 9))
    l1 = rng.choice([0.0, 0.5, 1.0, np.inf], p, p=[0.2, 0.3, 0.4, 0.1])
    l2 = rng.choice([0.0, 0.3], p)
    lower = rng.choice([-np.inf, -1.0, 0.0], p, p=[0.5, 0.3, 0.2])
    upper = rng.choice([np.inf, 1.0, 0.0], p, p=[0.5, 0.3, 0.2])
    strengths = rng.choice([0.0, 0.7, 2.0], m, p=[0.1, 0.6, 0.3])
    coef = np.clip(rng.standard_normal((m, p)) * rng.integers(0, 2, (m, p)), lower, upper)
    coef[:, np.isinf(l1)] = 0.0
    pull = rng.standard_normal((m, p))
    if seed % 2:  # pulls that balance, so that gaps are small and zeros provable
        limit = strengths[:, None] * np.where(np.isinf(l1), 1.0, l1)
        balanced = np.sign(coef) * limit + 2 * strengths[:, None] * l2 * coef
        pull = np.where(coef != 0, balanced, 0.5 * limit * rng.uniform(-1, 1, (m, p)))
    dual_pull = np.where((l1 == 0) & (l2 == 0) & np.isinf(lower) & np.isinf(upper), 0.0, pull)
    rss = rng.uniform(0.5, 2, m)
    spill = rss * rng.choice([0.0, 0.1], m)
    norm = rng.uniform(0.5, 1, p)
    arguments = (
        strengths,
        coef,
        pull,
        rss,
        dual_pull,
        spill,
        rng.choice([0, 0.1], m),
        rng.choice([0, 0.2], m),
        rng.choice([0, 2.0], m),
        l1,
        l2,
        lower,
        upper,
    )
    found = measure(*arguments, norm, 3.0, 1e-14, 1.0, PRECISION, ROUNDINGS)
    for i, (got, expected) in enumerate(zip(found, twin(*arguments, norm, 3.0, 1e-14), strict=True)):
        # The reach is the root of a gap that both know to 1e-14.
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-14 if i != 6 else 1e-7)


@pytest.mark.parametrize("seed", range(20))
def test_who_is_foreseen_and_who_is_unsettled(seed):
    rng = np.random.default_rng(seed)
    p = int(rng.integers(1, 40))
    now, before = rng.standard_normal((2, p)).astype(np.float32)
    l1 = rng.uniform(0, 2, p)
    closed = rng.integers(0, 2, p).astype(np.uint8)
    norm, along, across = rng.uniform(0, 0.3, (3, p))

    predicted = np.abs(1.7 * now.astype(float) - 0.8 * before.astype(float))
    wanted = np.flatnonzero((predicted > 0.9 * l1) & (closed == 0))
    indices, urgency = foresee(now, before, 1.7, 0.8, l1, closed, 0.9)
    np.testing.assert_array_equal(indices, wanted)
    np.testing.assert_allclose(urgency, (predicted - l1)[wanted], rtol=1e-12, atol=1e-15)

    share, reach, shared, rest = rng.uniform(0, 1, (4, int(rng.integers(1, 5)), 1))
    between = np.abs((1 - share) * now + share * before)
    bound = np.max(between + reach * norm + shared * along + rest * across, axis=0)
    found = unsettled(
        now, before, *(a.ravel() for a in (share, reach)), norm, shared.ravel(), along, rest.ravel(), across,
        l1, closed,
    )  # fmt: skip
    np.testing.assert_array_equal(found, np.flatnonzero((bound >= l1) & (closed == 0)))
    now[closed == 0] = np.inf
    found = unsettled(
        now, before, *(a.ravel() for a in (share, reach)), norm, shared.ravel(), along, rest.ravel(), across,
        l1, closed,
    )  # fmt: skip
    np.testing.assert_array_equal(found, np.flatnonzero(closed == 0))


@pytest.mark.parametrize("seed", range(20))
def test_how_far_points_lie_off_a_segment(seed):
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(0, 5)), int(rng.integers(1, 9))
    residuals, strengths = rng.standard_normal((m, n)), rng.uniform(0.5, 2, m)
    start, end = rng.standard_normal((2, n))
    direction = rng.standard_normal(n) if seed % 2 else np.zeros(n)
    direction /= np.linalg.norm(direction) or 1.0
    share, shared, rest = [], [], []
    for theta in residuals / strengths[:, None]:
        # The nearest point of the segment, by brute force and then by a parabola's vertex.
        shares = np.linspace(0, 1, 2001)
        best = shares[np.argmin([np.linalg.norm(theta - start - share * (end - start)) for share in shares])]
        vertex = (theta - start) @ (end - start) / ((end - start) @ (end - start))
        share.append(vertex if abs(vertex - best) < 1e-3 else best)
        away = theta - start - share[-1] * (end - start)
        shared.append(abs(away @ direction))
        rest.append(np.linalg.norm(away - (away @ direction) * direction))
    found = deviation(residuals, strengths, start, end, direction)
    np.testing.assert_allclose(found, (share, shared, rest), atol=1e-6)


def test_the_gap_counts_what_a_huge_limit_rounds_by():
    """Bounds that forbid zero, limits far beyond any pull: the gap is no less than what is lost."""
    rng = np.random.default_rng(0)
    L = np.longdouble
    for _ in range(300):
        n, p = 12, 6
        X, y = rng.normal(size=(n, p)), rng.normal(size=n)
        l1 = 10.0 ** rng.uniform(0, 6, size=p)
        lower = np.where(rng.random(p) < 0.6, rng.uniform(0.5, 2.0, p), -np.inf)
        exact = eq.fit(X, y, l1=l1, lower=lower, intercept=False).coef
        w = exact + np.where(np.isfinite(lower), rng.uniform(0, 1e-9, p), 0.0)

        def objective(w, X=X, y=y, l1=l1):
            r = y.astype(L) - X.astype(L) @ w.astype(L)
            return r @ r / 2 + l1.astype(L) @ np.abs(w.astype(L))

        lost = objective(w) - objective(exact)
        assert eq.audit(X, y, w, l1=l1, lower=lower).gap >= lost
