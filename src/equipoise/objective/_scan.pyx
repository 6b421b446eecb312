# cython: language_level=3
"""Scans over the features: the optimality conditions of many points, and which features may enter a working set.

The mathematics stands in :mod:`equipoise.objective.measures` and :mod:`equipoise.solve.squares.chunks`; these are
their inner loops. In NumPy they take dozens of passes over arrays of p numbers, which takes longer than most of
the fits that they serve.
"""

import numpy as np

from libc.math cimport INFINITY, fabs, isinf, sqrt

cdef double EPS = 2.220446049250313e-16


# A comparison compiles to one instruction, the library's fmax to a call; a NaN in ``b`` stays.
cdef inline double _larger(double a, double b) noexcept nogil:
    return a if a > b else b


cdef inline double _smaller(double a, double b) noexcept nogil:
    return a if a < b else b


cdef inline double _limit(double l1, double strength) noexcept nogil:
    # An excluded feature stays excluded at strength 0.
    return l1 if isinf(l1) else strength * l1


cdef inline double _penalty(double w, double l1, double l2) noexcept nogil:
    # ∞ · 0 is never formed.
    return (l1 * fabs(w) if w != 0.0 else 0.0) + l2 * w * w


cdef inline double _excess(double w, double pull, double l1, double l2, double lower, double upper) noexcept nogil:
    """How far a pull lies outside the subgradient interval of l1|w| + l2 w² + box; negative inside."""
    cdef double low, high
    if w == 0.0:
        low, high = -l1, l1
    else:
        low = high = (l1 if w > 0.0 else -l1) + 2.0 * l2 * w
    if w <= lower:
        low = -INFINITY
    if w >= upper:
        high = INFINITY
    return _larger(low - pull, pull - high)


cdef inline double _attains(double u, double l1, double l2, double lower, double upper) noexcept nogil:
    """The v in the box at which u v − l1|v| − l2 v² is largest."""
    cdef double excess = fabs(u) - l1, best = 0.0
    if excess > 0.0:
        best = excess / (2.0 * l2) if l2 > 0.0 else INFINITY
        best = best if u > 0.0 else -best
    return _smaller(_larger(best, lower), upper)


def measure(
    const double[::1] strengths,
    const double[:, ::1] coef,
    const double[:, ::1] pull,
    const double[::1] rss,
    const double[:, ::1] dual_pull,
    const double[::1] spill,
    const double[::1] shift,
    const double[::1] shift_rounding,
    const double[::1] null,
    const double[::1] l1,
    const double[::1] l2,
    const double[::1] lower,
    const double[::1] upper,
    const double[::1] norm,
    double response_norm,
    double gamma,
    double inflation,
    double precision,
    double roundings,
):
    """Evaluate the conditions at m points.

    Returns
    -------
    tuple
        violation, intercept violation, gap, relative gap, balanced, precise, reach (m,) and zeros proved
        (m, p), as :class:`equipoise.objective.measures.Measures` explains them.
    """
    cdef Py_ssize_t m = coef.shape[0], p = coef.shape[1], i, j
    cdef double t, w, u, c1, c2, size, square, rounding, representation, excess, unit, alpha, worst, gap, best
    cdef double term, reach, room, floor
    violations, intercepts, gaps, relatives, reaches = np.empty((5, m))
    balanced = np.empty(m, dtype=np.uint8)
    precise = np.empty(m, dtype=np.uint8)
    zeros = np.empty((m, p), dtype=np.uint8)
    cdef double[::1] out_violation = violations, out_gap = gaps, out_relative = relatives
    cdef double[::1] out_intercept = intercepts, out_reach = reaches
    cdef unsigned char[::1] out_balanced = balanced, out_precise = precise
    cdef unsigned char[:, ::1] out_zeros = zeros
    with nogil:
        for i in range(m):
            t = strengths[i]
            size, square = response_norm, 0.0
            for j in range(p):
                if coef[i, j] != 0.0:
                    w = fabs(coef[i, j]) * norm[j]
                    size += w
                    square += w * w
            # Per unit of a column's norm: what rounding can do to a pull, and what writing the coefficients
            # as float64 does to it.
            rounding = gamma * size
            representation = 0.5 * EPS * sqrt(square)

            out_precise[i] = 1
            out_balanced[i] = fabs(shift[i]) <= shift_rounding[i]
            out_intercept[i] = fabs(shift[i]) / response_norm if response_norm > 0.0 else 0.0
            worst, alpha = 0.0, 1.0
            for j in range(p):
                c1, c2, floor = _limit(l1[j], t), t * l2[j], EPS * norm[j] * response_norm
                excess = _excess(coef[i, j], pull[i, j], c1, c2, lower[j], upper[j])
                room = _larger(0.0 if isinf(c1) else precision * c1, roundings * floor)
                if not (excess + representation * norm[j] <= room):
                    out_balanced[i] = 0
                if excess > 0.0:
                    unit = c1 if 0.0 < c1 < INFINITY else norm[j] * response_norm
                    worst = _larger(worst, excess / unit if unit > 0.0 else INFINITY)
                    if c1 > 0.0 and not (excess <= precision * c1):
                        out_precise[i] = 0
                # Feasibility: with l2_j = 0 and an open box the conjugate is finite for |α u_j| ≤ l1_j only.
                u = dual_pull[i, j]
                if c1 > 0.0 and c2 == 0.0 and fabs(u) > c1 and isinf(upper[j] if u > 0.0 else lower[j]):
                    alpha = _smaller(alpha, c1 / fabs(u))
            out_violation[i] = worst

            gap = 0.5 * (spill[i] + (1.0 - alpha) ** 2 * _larger(rss[i] - spill[i], 0.0) + shift[i] ** 2)
            gap += rounding * (sqrt(spill[i]) + (1.0 - alpha) ** 2 * sqrt(rss[i]))
            gap += (rounding + 1.5 * shift_rounding[i]) * fabs(shift[i])
            gap += rounding * rounding
            for j in range(p):
                if l1[j] == 0.0 and l2[j] == 0.0 and isinf(lower[j]) and isinf(upper[j]):
                    # Unpenalised: its dual pull is zero but for rounding.
                    gap += fabs(coef[i, j]) * rounding * norm[j]
                    continue
                c1, c2, w, u = _limit(l1[j], t), t * l2[j], coef[i, j], alpha * dual_pull[i, j]
                if w == 0.0 and fabs(u) <= c1 and lower[j] <= 0.0 <= upper[j]:
                    continue
                best = _attains(u, c1, c2, lower[j], upper[j])
                if isinf(best):
                    # l1_j = 0 meets an open bound, which α cannot mend: rounding of u is forgiven, no more.
                    room = (rounding + roundings * EPS * response_norm) * norm[j]
                    if fabs(u) - c1 > room:
                        gap = INFINITY
                        break
                    best = w
                term = _penalty(w, c1, c2) - u * w + (u * best - _penalty(best, c1, c2))
                gap += _larger(term, 0.0) + _larger(fabs(w), fabs(best)) * rounding * norm[j]
                if norm[j] * size < c1 < INFINITY:
                    # At a bound that forbids zero, a limit beyond any pull: its products round by more.
                    gap += 4.0 * EPS * (c1 - norm[j] * size) * (fabs(w) + fabs(best))
            gap *= inflation
            out_gap[i] = gap
            best = null[i] if null[i] > (roundings * EPS * response_norm) ** 2 else 0.0
            out_relative[i] = gap / best if best > 0.0 else 0.0

            # Gap-safe: the dual is 1-strongly concave, so |x_jᵀ(θ − θ*)| ≤ ‖P x_j‖ √(2 gap) ≤ ‖x_j‖ √(2 gap).
            reach = out_reach[i] = rounding + sqrt(2.0 * gap)
            for j in range(p):
                c1, u = _limit(l1[j], t), alpha * dual_pull[i, j]
                out_zeros[i, j] = (
                    lower[j] <= 0.0 <= upper[j]
                    and (upper[j] == 0.0 or u + reach * norm[j] < c1)
                    and (lower[j] == 0.0 or reach * norm[j] - u < c1)
                )
    return (
        violations, intercepts, gaps, relatives, balanced.view(np.bool_), precise.view(np.bool_), reaches,
        zeros.view(np.bool_),
    )


def imbalance(
    const double[::1] coef,
    const double[::1] pull,
    double strength,
    const double[::1] l1,
    const double[::1] l2,
    const double[::1] lower,
    const double[::1] upper,
    const double[::1] floor,
    double precision,
    double roundings,
):
    """Distance of each pull to its interval ÷ the larger of ``precision · l1`` and ``roundings · floor``, (p,)."""
    cdef Py_ssize_t p = coef.shape[0], j
    cdef double c1, excess
    out = np.empty(p)
    cdef double[::1] distance = out
    with nogil:
        for j in range(p):
            c1 = _limit(l1[j], strength)
            excess = _excess(coef[j], pull[j], c1, strength * l2[j], lower[j], upper[j])
            # The tiny number keeps a tolerance of zero (of y = 0) from dividing.
            distance[j] = _larger(0.0, excess) / (
                _larger(0.0 if isinf(c1) else precision * c1, roundings * floor[j]) + 1e-250
            )
    return out


def foresee(
    const float[::1] now,
    const float[::1] before,
    double more,
    double less,
    const double[::1] l1,
    const unsigned char[::1] closed,
    double near,
):
    """Features whose predicted pull, ``more · now − less · before``, exceeds ``near`` times its limit.

    Returns
    -------
    tuple
        Their indices, ascending, and the predicted pull less the limit.
    """
    cdef Py_ssize_t p = l1.shape[0], j, count = 0
    cdef double predicted
    indices, urgency = np.empty(p, dtype=np.intp), np.empty(p)
    cdef Py_ssize_t[::1] out_indices = indices
    cdef double[::1] out_urgency = urgency
    with nogil:
        for j in range(p):
            predicted = fabs(more * now[j] - less * before[j])
            if predicted > near * l1[j] and not closed[j]:
                out_indices[count], out_urgency[count] = j, predicted - l1[j]
                count += 1
    return indices[:count], urgency[:count]


def unsettled(
    const float[::1] behind,
    const float[::1] ahead,
    const double[::1] share,
    const double[::1] reach,
    const double[::1] norm,
    const double[::1] shared,
    const double[::1] along,
    const double[::1] rest,
    const double[::1] across,
    const double[::1] l1,
    const unsigned char[::1] closed,
):
    """Features whose bound reaches l1 at one of m points, their indices ascending.

    The bound is ``|behind + share·(ahead − behind)| + reach·norm + shared·along + rest·across``, of which
    ``share``, ``reach``, ``shared`` and ``rest`` are (m,).
    """
    cdef Py_ssize_t p = l1.shape[0], m = share.shape[0], i, j, count = 0
    cdef double a, b, worst, worst_reach = 0.0, worst_shared = 0.0, worst_rest = 0.0
    indices = np.empty(p, dtype=np.intp)
    cdef Py_ssize_t[::1] out = indices
    with nogil:
        for i in range(m):
            worst_reach = _larger(worst_reach, reach[i])
            worst_shared = _larger(worst_shared, shared[i])
            worst_rest = _larger(worst_rest, rest[i])
        for j in range(p):
            a, b = behind[j], ahead[j]
            # One bound for all points settles most features; a number that is not finite passes no comparison.
            worst = worst_reach * norm[j] + worst_shared * along[j] + worst_rest * across[j]
            if (fabs(a) + worst < l1[j] and fabs(b) + worst < l1[j]) or closed[j]:
                continue
            for i in range(m):
                # Written as >= without the not, a number that is not finite would pass.
                if not (
                    fabs(a + share[i] * (b - a)) + reach[i] * norm[j] + shared[i] * along[j]
                    + rest[i] * across[j] < l1[j]
                ):
                    out[count] = j
                    count += 1
                    break
    return indices[:count].copy()


def deviation(
    const double[:, ::1] residuals,
    const double[::1] strengths,
    const double[::1] start,
    const double[::1] end,
    const double[::1] direction,
):
    """Deviation of each point's residual ÷ strength from the segment between ``start`` and ``end``.

    Returns
    -------
    tuple of (m,) arrays
        The share of the segment that lies before its nearest point; of the difference from there the component
        along ``direction`` (a unit vector, or zero); and the norm of the rest of the difference.
    """
    cdef Py_ssize_t m = residuals.shape[0], n = start.shape[0], i, l
    cdef double length = 0.0, share, away, along, square
    shares, shared, rest = np.empty((3, m))
    cdef double[::1] out_share = shares, out_shared = shared, out_rest = rest
    with nogil:
        for l in range(n):
            length += (end[l] - start[l]) ** 2
        for i in range(m):
            share = along = square = 0.0
            for l in range(n):
                share += (residuals[i, l] / strengths[i] - start[l]) * (end[l] - start[l])
            share = _smaller(_larger(share / length, 0.0), 1.0) if length > 0.0 else 0.0
            for l in range(n):
                away = residuals[i, l] / strengths[i] - start[l] - share * (end[l] - start[l])
                along += away * direction[l]
                square += away * away
            out_share[i], out_shared[i] = share, fabs(along)
            # Rounding may make the difference negative.
            out_rest[i] = sqrt(_larger(square - along * along, 1e-14 * square))
    return shares, shared, rest
