/* Passes over a matrix for up to eight points at once, a point a lane.

Over the rows of a table, for each row: its linear predictors, by the loss its residuals and curvatures, and what these add to the pulls,
while the row is in the registers. Two forms cover the losses:

    logistic      r = gain·(1 − p) − cost·p,               h = (gain + cost)·p(1 − p),  p = 1/(1 + e^−η)
    exponential   r = gain·e^(−falls·η) − cost·e^(rises·η),  h = falls·gain·e^(−falls·η) + rises·cost·e^(rises·η)

Vectors of GCC and Clang where there are any, a point at a time where not.
*/

#include "lanes.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wpsabi" /* all of these functions are inlined */
#endif

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLONES
#endif

#define ROWS 8          /* rows that share each load of a coefficient and of a pull */
#define FARTHEST 700.0  /* e to this is finite, and so is its product with any weight that is in use */

#if defined(__GNUC__)
#define FETCH(x) __builtin_prefetch(x)
#define INLINE static inline __attribute__((always_inline))
typedef int64_t bits __attribute__((vector_size(64), aligned(8)));

INLINE lanes all(double x) { return (lanes){x, x, x, x, x, x, x, x}; }

INLINE lanes choose(bits which, lanes yes, lanes no) {
    return (lanes)(((bits)yes & which) | ((bits)no & ~which));
}

INLINE lanes clip(lanes x, double most) {
    x = choose(x > all(most), all(most), x);
    return choose(x < all(-most), all(-most), x);
}

/* e^x = 2^k e^r with |r| ≤ ½ log 2, whose series ends at r¹³; to 2 units in the last place. */
INLINE lanes exponential(lanes x) {
    const double shift = 6755399441055744.0; /* 1.5·2⁵²: adding it rounds to an integer, kept in the low bits */
    bits high = x > all(709.4), low = x < all(-708.0);
    lanes shifted, k, r, p;
    x = clip(x, 709.4);
    shifted = x * 1.4426950408889634 + shift;
    k = shifted - shift;
    r = x - k * 6.93147180369123816490e-01;
    r = r - k * 1.90821492927058770002e-10;
    p = r * (1. / 6227020800) + 1. / 479001600;
    p = p * r + 1. / 39916800;
    p = p * r + 1. / 3628800;
    p = p * r + 1. / 362880;
    p = p * r + 1. / 40320;
    p = p * r + 1. / 5040;
    p = p * r + 1. / 720;
    p = p * r + 1. / 120;
    p = p * r + 1. / 24;
    p = p * r + 1. / 6;
    p = p * r + .5;
    p = p * r + 1.;
    p = p * r + 1.;
    p = (lanes)(((bits)shifted << 52) + (bits)p);
    return choose(high, all(INFINITY), choose(low, all(0.0), p));
}
#else
#define FETCH(x)
#define INLINE static inline
typedef int bits;
INLINE lanes all(double x) { return x; }
INLINE lanes choose(bits which, lanes yes, lanes no) { return which ? yes : no; }
INLINE lanes clip(lanes x, double most) { return x > most ? most : x < -most ? -most : x; }
INLINE lanes exponential(lanes x) { return exp(x); }
#endif

INLINE lanes magnitude(lanes x) { return choose(x < all(0.0), -x, x); }
INLINE lanes larger(lanes x, lanes y) { return choose(x > y, x, y); } /* y, if x is not a number */

INLINE lanes load(const double *from) {
    lanes x;
    memcpy(&x, from, sizeof x);
    return x;
}

int count_lanes(void) { return LANES; }

typedef struct {
    int form;
    double falls, rises;
    ptrdiff_t k, width;
    const double *table, *offset, *gain, *cost, *weights;
    const lanes *coef;
    lanes *eta, *residual, *curved, *pull;
} pass;

INLINE void one_row(const pass *of, ptrdiff_t i, lanes *at) {
    double gain = of->gain[i], cost = of->cost ? of->cost[i] : 1.0, weight = of->weights ? of->weights[i] : 1.0;
    lanes eta = *at, r, h;
    of->eta[i] = eta;
    if (of->form == LOGISTIC) {
        lanes q = exponential(clip(-eta, FARTHEST)), p = 1.0 / (1.0 + q);
        r = (gain * q - cost) * p;
        h = (gain + cost) * (q * p) * p;
    } else {
        lanes down = of->falls != 0.0 ? gain * exponential(-of->falls * eta) : all(gain);
        lanes up = of->rises != 0.0 ? cost * exponential(of->rises * eta) : all(cost);
        r = down - up;
        h = of->falls * down + of->rises * up;
    }
    if (weight == 0.0) r = h = all(0.0);
    else if (of->weights) r *= weight, h *= weight;
    of->residual[i] = r;
    of->curved[i] = h;
    *at = r;
}

INLINE void some_rows(const pass *of, ptrdiff_t i, int rows) {
    const double *z = of->table + i * of->width;
    const lanes *coef = of->coef;
    lanes at[ROWS], *pull = of->pull;
    ptrdiff_t j;
    int a;
    for (a = 0; a < rows; a++) at[a] = all(of->offset ? of->offset[i + a] : 0.0);
    for (j = 0; j < of->k; j++) {
        lanes w = coef[j];
        FETCH(z + (ROWS + j % 8) * of->width + j / 8 * 8); /* a line of the next rows */
        for (a = 0; a < rows; a++) at[a] += z[a * of->width + j] * w;
    }
    for (a = 0; a < rows; a++) one_row(of, i + a, at + a);
    for (j = 0; j < of->k; j++) {
        lanes g = pull[j];
        for (a = 0; a < rows; a++) g += z[a * of->width + j] * at[a];
        pull[j] = g;
    }
}

/* `coef` and `pull` are (k, lanes); `eta`, `residual` and `curved` (n, lanes); `table` has rows of `width`. */
CLONES void pass_lanes(
    int form, double falls, double rises, ptrdiff_t n, ptrdiff_t k, const double *table, ptrdiff_t width,
    const double *coef, const double *offset, const double *gain, const double *cost, const double *weights,
    double *eta, double *residual, double *curved, double *pull
) {
    pass of = {
        form, falls, rises, k, width, table, offset, gain, cost, weights, (const lanes *)coef,
        (lanes *)eta, (lanes *)residual, (lanes *)curved, (lanes *)pull
    };
    ptrdiff_t i = 0;
    memset(pull, 0, (size_t)k * sizeof(lanes));
    for (; i + ROWS <= n; i += ROWS) some_rows(&of, i, ROWS);
    for (; i < n; i++) some_rows(&of, i, 1);
}

INLINE void some_columns(ptrdiff_t n, ptrdiff_t p, const double *columns, const lanes *rows, double *out, int some) {
    lanes sums[ROWS];
    ptrdiff_t i;
    int a, l;
    for (a = 0; a < some; a++) sums[a] = all(0.0);
    for (i = 0; i < n; i++) {
        lanes here = rows[i];
        FETCH(columns + ROWS * n + ROWS * i); /* a line of the next columns, which follow these */
        for (a = 0; a < some; a++) sums[a] += columns[a * n + i] * here;
    }
    for (l = 0; l < LANES; l++)
        for (a = 0; a < some; a++) out[l * p + a] = ((const double *)(sums + a))[l];
}

/* Columns, one after the other, times vectors of rows (n, lanes): (lanes, p). */
CLONES void pull_lanes(ptrdiff_t n, ptrdiff_t p, const double *columns, const double *rows, double *out) {
    ptrdiff_t j = 0;
    for (; j + ROWS <= p; j += ROWS) some_columns(n, p, columns + j * n, (const lanes *)rows, out + j, ROWS);
    for (; j < p; j++) some_columns(n, p, columns + j * n, (const lanes *)rows, out + j, 1);
}

typedef struct {
    lanes terms, square, steepest, flattest, residual, curved;
} summary;

/* Rows that lie beside each other in memory; those of weight 0 do not count. */
INLINE void survey_some(const pass *of, const double *at[5], lanes spread, double shift, summary *sum) {
    lanes x = load(at[0]) - shift, gain = load(at[2]), weight = load(at[4]), down, up, h, size;
    lanes cost = at[3] ? load(at[3]) : all(1.0);
    bits used = weight > all(0.0);
    if (at[1]) spread += magnitude(load(at[1]));
    if (of->form == LOGISTIC) {
        lanes q = exponential(clip(-x, FARTHEST)), p = 1.0 / (1.0 + q);
        down = gain * q * p;
        up = cost * p;
        h = (gain + cost) * (q * p) * p;
    } else {
        down = of->falls != 0.0 ? gain * exponential(-of->falls * x) : gain;
        up = of->rises != 0.0 ? cost * exponential(of->rises * x) : cost;
        h = of->falls * down + of->rises * up;
    }
    size = choose(used, down + up + h * spread, all(0.0));
    sum->terms += weight * size;
    sum->square += weight * size * size;
    sum->residual += choose(used, weight * (down - up), all(0.0));
    h = choose(used, h, all(0.0));
    sum->curved += weight * h;
    sum->steepest = larger(h, sum->steepest);
    /* Where the passes clip, the true curvature is smaller than theirs. */
    h = choose(magnitude(x) > all(FARTHEST), all(0.0), weight * h);
    sum->flattest = choose(used, choose(h < sum->flattest, h, sum->flattest), sum->flattest);
}

/* Of n rows at their linear predictors: sums of the terms of pulls and of their squares, the largest curvature
   and the smallest times its weight, sums of residuals and curvatures. */
CLONES void survey_rows(
    int form, double falls, double rises, double shift, ptrdiff_t n, const double *eta, double spread,
    const double *offset, const double *gain, const double *cost, const double *weights, double *out
) {
    pass of = {form, falls, rises, 0, 0, 0, offset, gain, cost, weights, 0, 0, 0, 0, 0};
    summary sum = {all(0.0), all(0.0), all(0.0), all(INFINITY), all(0.0), all(0.0)};
    double ones[LANES], rest[5][LANES];
    ptrdiff_t i;
    int l;
    for (l = 0; l < LANES; l++) ones[l] = 1.0;
    for (i = 0; i + LANES <= n; i += LANES) {
        const double *at[5] = {
            eta + i, offset ? offset + i : 0, gain + i, cost ? cost + i : 0, weights ? weights + i : ones
        };
        survey_some(&of, at, all(spread), shift, &sum);
    }
    if (i < n) {
        const double *at[5] = {rest[0], offset ? rest[1] : 0, rest[2], cost ? rest[3] : 0, rest[4]};
        memset(rest, 0, sizeof rest);
        for (l = 0; i + l < n; l++) {
            rest[0][l] = eta[i + l];
            if (offset) rest[1][l] = offset[i + l];
            rest[2][l] = gain[i + l];
            if (cost) rest[3][l] = cost[i + l];
            rest[4][l] = weights ? weights[i + l] : 1.0;
        }
        survey_some(&of, at, all(spread), shift, &sum);
    }
    memset(out, 0, 6 * sizeof *out);
    out[3] = INFINITY;
    for (l = 0; l < LANES; l++) {
        const double *steepest = (const double *)&sum.steepest, *flattest = (const double *)&sum.flattest;
        out[0] += ((const double *)&sum.terms)[l];
        out[1] += ((const double *)&sum.square)[l];
        out[2] = steepest[l] > out[2] ? steepest[l] : out[2];
        out[3] = flattest[l] < out[3] ? flattest[l] : out[3];
        out[4] += ((const double *)&sum.residual)[l];
        out[5] += ((const double *)&sum.curved)[l];
    }
}

/* The largest distance between numbers in the same places; not a number if one is not. */
CLONES double farthest_apart(ptrdiff_t n, const double *one, const double *other) {
    lanes most = all(0.0), sum = all(0.0);
    double out = 0.0, rest = 0.0;
    ptrdiff_t i;
    int l;
    for (i = 0; i + LANES <= n; i += LANES) {
        lanes away = magnitude(load(one + i) - load(other + i));
        most = larger(away, most);
        sum += away;
    }
    for (l = 0; l < LANES; l++) {
        double own = ((const double *)&most)[l];
        out = own > out ? own : out;
        rest += ((const double *)&sum)[l];
    }
    for (; i < n; i++) {
        double away = fabs(one[i] - other[i]);
        out = away > out ? away : out;
        rest += away;
    }
    return rest == rest ? out : rest;
}

/* The rows times the roots of their curvatures, in single precision, (n, k). */
CLONES void scale_rows(
    ptrdiff_t n, ptrdiff_t k, const double *table, ptrdiff_t width, const double *curved, float *out
) {
    ptrdiff_t i, j;
    for (i = 0; i < n; i++) {
        double root = sqrt(curved[i]);
        for (j = 0; j < k; j++) out[i * k + j] = (float)(root * table[i * width + j]);
    }
}

/* e^x of each number by the function that the passes use. */
CLONES void exponentials(ptrdiff_t n, const double *x, double *out) {
    ptrdiff_t i;
    for (i = 0; i + LANES <= n; i += LANES) {
        lanes here;
        memcpy(&here, x + i, sizeof here);
        here = exponential(here);
        memcpy(out + i, &here, sizeof here);
    }
    for (; i < n; i++) {
        lanes here = exponential(all(x[i]));
        memcpy(out + i, &here, sizeof(double));
    }
}
