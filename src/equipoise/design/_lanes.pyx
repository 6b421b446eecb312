# cython: language_level=3
"""Passes over a matrix for several points at once, in C (lanes.c).

A table holds its rows one after the other. A pass goes through it once for up to :data:`LANES` points, and
leaves linear predictors, residuals and curvatures as (n, LANES) arrays: a point a column.
"""

import numpy as np

cdef extern from "lanes.h" nogil:
    int count_lanes()
    void pass_lanes(
        int form, double falls, double rises, Py_ssize_t n, Py_ssize_t k, const double* table, Py_ssize_t width,
        const double* coef, const double* offset, const double* gain, const double* cost, const double* weights,
        double* eta, double* residual, double* curved, double* pull,
    )
    void survey_rows(
        int form, double falls, double rises, double shift, Py_ssize_t n, const double* eta, double spread,
        const double* offset, const double* gain, const double* cost, const double* weights, double* out
    )
    double farthest_apart(Py_ssize_t n, const double* one, const double* other)
    void scale_rows(
        Py_ssize_t n, Py_ssize_t k, const double* table, Py_ssize_t width, const double* curved, float* out
    )
    void pull_lanes(Py_ssize_t n, Py_ssize_t p, const double* columns, const double* rows, double* out)
    void exponentials(Py_ssize_t n, const double* x, double* out)

LANES = count_lanes()


cdef inline const double* _first(const double[::1] rows) noexcept nogil:
    return NULL if rows is None or rows.shape[0] == 0 else &rows[0]


def look(
    bint exponential,
    double falls,
    double rises,
    const double[:, ::1] table,
    Py_ssize_t columns,
    const double[:, ::1] coef,
    const double[::1] offset,
    const double[::1] gain,
    const double[::1] cost,
    const double[::1] weights,
    double[:, ::1] eta,
    double[:, ::1] residual,
    double[:, ::1] curved,
    double[:, ::1] pull,
):
    """Linear predictors, residuals, curvatures (n, lanes) and pulls (k, lanes) of points (k, lanes).

    The loss is given by its ``gain`` and ``cost`` (n,); ``offset``, ``cost`` and ``weights`` may be None. Where
    there are no columns, ``coef`` and ``pull`` have a row that is not used.
    """
    if table.shape[0] == 0:
        return
    with nogil:
        pass_lanes(
            exponential, falls, rises, table.shape[0], columns, &table[0, 0], table.shape[1], &coef[0, 0],
            _first(offset), _first(gain), _first(cost), _first(weights),
            &eta[0, 0], &residual[0, 0], &curved[0, 0], &pull[0, 0],
        )


def survey(
    bint exponential,
    double falls,
    double rises,
    double shift,
    const double[:, ::1] eta,
    const double[::1] spread,
    const double[::1] offset,
    const double[::1] gain,
    const double[::1] cost,
    const double[::1] weights,
):
    """What the rows say at linear predictors (m, n), (6, m).

    With a the terms of a row's residual, h its curvature, s its weight and T = a + h (spread + |offset|), over the
    rows in use: Σ s T, Σ s T², the largest h, the smallest s h, Σ s r and Σ s h.
    """
    cdef Py_ssize_t m = eta.shape[0], n = eta.shape[1], i
    out = np.zeros((m, 6))
    cdef double[:, ::1] found = out
    with nogil:
        for i in range(m):
            survey_rows(
                exponential, falls, rises, shift, n, &eta[i, 0] if n else NULL, spread[i], _first(offset),
                _first(gain), _first(cost), _first(weights), &found[i, 0],
            )
    return out.T


def apart(const double[:, ::1] some, const double[::1] other):
    """The largest distance of each of m rows of numbers (m, n) from another (n,), (m,)."""
    cdef Py_ssize_t m = some.shape[0], n = some.shape[1], i
    out = np.zeros(m)
    cdef double[::1] found = out
    if n:
        with nogil:
            for i in range(m):
                found[i] = farthest_apart(n, &some[i, 0], &other[0])
    return out


def scaled(const double[:, ::1] table, Py_ssize_t columns, const double[::1] curved, float[:, ::1] out):
    """Rows times the roots of their curvatures, in single precision, (n, columns)."""
    if out.shape[0] == 0 or columns == 0:
        return
    with nogil:
        scale_rows(out.shape[0], columns, &table[0, 0], table.shape[1], &curved[0], &out[0, 0])


def pulls(const double[::1, :] columns, residuals):
    """The transpose of columns (n, p) times each of up to LANES vectors of rows (m, n): (m, p)."""
    cdef Py_ssize_t n = columns.shape[0], p = columns.shape[1], m = len(residuals)
    lanes, out = np.zeros((n, LANES)), np.empty((LANES, p))
    lanes[:, :m] = residuals.T
    cdef double[:, ::1] rows = lanes, found = out
    if n and p:
        with nogil:
            pull_lanes(n, p, &columns[0, 0], &rows[0, 0], &found[0, 0])
    return out[:m]


def exp(const double[::1] x):
    """e^x of each number, by the function that the passes use."""
    out = np.empty(x.shape[0])
    cdef double[::1] here = out
    if x.shape[0]:
        exponentials(x.shape[0], &x[0], &here[0])
    return out
