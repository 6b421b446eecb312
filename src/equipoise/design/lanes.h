/* Passes over a matrix for up to eight points at once; see lanes.c. */
#ifndef EQUIPOISE_LANES_H
#define EQUIPOISE_LANES_H

#include <stddef.h>

#if defined(__GNUC__)
#define LANES 8
typedef double lanes __attribute__((vector_size(64), aligned(8)));
#else
#define LANES 1
typedef double lanes;
#endif

/* What a row pulls with: `gain` and `cost` of each row (a null `cost` is 1), by the form of the loss. */
enum { LOGISTIC = 0, EXPONENTIAL = 1 };

int count_lanes(void);
void pass_lanes(
    int form, double falls, double rises, ptrdiff_t n, ptrdiff_t k, const double *table, ptrdiff_t width,
    const double *coef, const double *offset, const double *gain, const double *cost, const double *weights,
    double *eta, double *residual, double *curved, double *pull
);
void survey_rows(
    int form, double falls, double rises, double shift, ptrdiff_t n, const double *eta, double spread,
    const double *offset, const double *gain, const double *cost, const double *weights, double *out
);
double farthest_apart(ptrdiff_t n, const double *one, const double *other);
void scale_rows(
    ptrdiff_t n, ptrdiff_t k, const double *table, ptrdiff_t width, const double *curved, float *out
);
void pull_lanes(ptrdiff_t n, ptrdiff_t p, const double *columns, const double *rows, double *out);
void exponentials(ptrdiff_t n, const double *x, double *out);

#endif
