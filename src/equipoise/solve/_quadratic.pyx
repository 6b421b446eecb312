# cython: language_level=3
"""The kernel: a small dense quadratic with an L1/L2 penalty in a box, minimised exactly.

Objective, over w in R^k::

    ½ (w − w₀)ᵀ G (w − w₀) − g₀ᵀ (w − w₀) + Σ_j l1_j |w_j| + Σ_j l2_j w_j²
    subject to   lower_j ≤ w_j ≤ upper_j

``g₀`` is the pull (the negative gradient of the smooth loss) at the reference point ``w₀``. With
``w₀ = 0`` that is the textbook form with ``c = g₀``; a reference taken at an almost exact solution is
iterative refinement, for then the pull of every later point is a small correction of a pull that was
measured, not a difference of large numbers.

Geometry. Along each coordinate the penalty is linear between *kinks*: the lower bound, zero (where
l1_j > 0 and zero lies strictly inside the box), the upper bound. A coefficient either rests at a kink or
is *free* inside the segment above or below zero, where its penalty has the slope ±l1_j. At a solution

    free:     pull_j − 2 l2_j w_j = slope of its segment
    at rest:  slope to the left ≤ pull_j − 2 l2_j w_j ≤ slope to the right     (±∞ beyond a bound)

so bounds and exact zeros are one mechanism.

Algorithm. The Cholesky factor U (UᵀU = G_FF + 2 diag(l2_F), row-major, updated by appends and Givens
deletions) of the free set F is carried from call to call.

1. *Settle and admit*: solve on F, put every coefficient that left its segment back on the kink it
   crossed, repeat; then free every resting coefficient whose condition fails, all at once. A few such
   rounds end nearly every warm-started solve.
2. *Descend*: where they do not, a primal active-set method. Move towards the solution on F until the
   first coefficient reaches a kink and leave it (and every tie) there; at the solution on F free the worst
   offender. Where its column depends on those of F, move along the null direction to the first kink
   instead. All coefficients of F are strictly inside their segments when a step starts, so every step has
   positive length and lowers the objective, no combination of kinks and segments returns, and the
   method ends (Nocedal & Wright, *Numerical Optimization*, 2006, section 16.5; for the lasso,
   Osborne, Presnell & Turlach, 2000). A cap on the number of steps guards against rounding.
"""

import numpy as np

from libc.math cimport INFINITY, fabs, sqrt
from libc.string cimport memmove
from scipy.linalg.cython_blas cimport daxpy, ddot, dgemv, drot, drotg, dsyrk, dtrsm, dtrsv
from scipy.linalg.cython_lapack cimport dpotrf

# A coefficient's place: at a kink (even) or inside a segment (odd).
cdef enum:
    AT_LOWER = -2
    BELOW = -1
    AT_ZERO = 0
    ABOVE = 1
    AT_UPPER = 2

cdef enum:
    ADMITTED = 0   # ended by rounds of admitting all offenders
    DESCENDED = 1  # ended by the primal method
    EXHAUSTED = 2  # stopped by the cap: rounding keeps it from settling

cdef int ROUNDS = 12            # measured: 1.5-2.3 rounds a strength on well-posed paths
cdef int STOPS = 40             # strengths tried on the way to one that rounds do not reach at once
cdef double EPS = 2.220446049250313e-16
cdef double RELATIVE = 1e-11    # an offender exceeds its limit by more than this fraction of it
cdef int ONE = 1
cdef char* UPLO = b'L'          # row-major upper is column-major lower
cdef char* NOTRANS = b'N'
cdef char* TRANS = b'T'
cdef char* NONUNIT = b'N'
cdef char* RIGHT = b'R'
cdef double APART = 1e-8        # least pivot, of its diagonal, that a walk without corrections trusts
cdef int BLOCK = 4              # so many columns enter together by matrix products


cdef class Quadratic:
    """Exact, warm-started minimiser of a dense quadratic with L1, L2 and box.

    Parameters
    ----------
    gram : (capacity, capacity) float64 array, C order
        ``G`` in its leading ``k × k`` block; kept by reference.
    l1, l2, lower, upper : (k,) float64 arrays
        The penalty and the box. An infinite ``l1`` must come as ``lower = upper = 0``.
    floor : (k,) float64 array
        Absolute tolerance of each coefficient's condition: where rounding ends what can be asked. Without
        it, ties as those of one-hot columns with every level would be admitted and dropped for ever.

    Attributes
    ----------
    coef, pull : (k,) arrays
        The present point and its pull.
    place : (k,) int8 array
        -2 at the lower bound, -1 free below zero, 0 at zero, 1 free above zero, 2 at the upper bound.
    solves : int
        Linear solves done so far.
    rank : int
        The largest rank that G can have, where its makers know it: no more columns without an l2 are free at
        once, whatever rounding makes of their pivots.
    room : int
        How many free variables to make room for at the first.
    """

    cdef readonly Py_ssize_t size
    cdef readonly long solves
    cdef readonly long steps
    cdef public Py_ssize_t rank, room
    cdef object numbers, lists, flags
    cdef double[:, ::1] gram
    cdef double[::1] w, g, l1, l2, lower, upper, floor, reference, reference_pull
    cdef double[::1] base_l1, base_l2, work, step, norm, turn, settled, z, zeta
    cdef signed char[::1] state, wanted
    cdef double[:, ::1] factor
    cdef Py_ssize_t[::1] free, banned, entering, runs
    cdef readonly Py_ssize_t free_count
    cdef double strength, settled_at
    cdef bint boxed, direct

    def __init__(self, gram, l1, l2, lower, upper, floor):
        self.size = 0
        self.free_count = 0
        self.solves = 0
        self.steps = 0
        self.rank = 1 << 60
        self.room = 0
        self.direct = self.boxed = False
        self.settled_at = 0.0
        self.factor = np.empty((0, 0))
        self.z = np.empty(0)
        self.zeta = np.empty(0)
        self.numbers = np.empty((16, 0))
        self.grow(gram, l1, l2, lower, upper, floor)

    def grow(self, gram, l1, l2, lower, upper, floor):
        """Take more variables behind the present ones, whose places and factor are kept."""
        cdef Py_ssize_t old = self.size, new = len(l1), j
        if new > self.numbers.shape[1]:
            self._widen(max(new, 2 * old))
        self.gram = gram
        self.numbers[2:7, old:new] = l1[old:], l2[old:], lower[old:], upper[old:], floor[old:]
        self.numbers[7:9, old:new] = self.numbers[2:4, old:new]
        np.sqrt(np.maximum(gram.diagonal()[old:new], 0.0), out=self.numbers[9, old:new])
        self.size = new
        for j in range(old, new):
            self._rest_at_null(j)
            for end in (self.lower[j], self.upper[j]):
                self.boxed = self.boxed or (end != 0.0 and fabs(end) != INFINITY)

    def _widen(self, capacity):
        """Make room for so many variables."""
        numbers = np.zeros((16, capacity))
        lists, flags = np.zeros((4, capacity + 1), np.intp), np.zeros((2, capacity), np.int8)
        if self.size:
            numbers[:, : self.size] = self.numbers[:, : self.size]
            lists[:, : self.size] = self.lists[:, : self.size]
            flags[:, : self.size] = self.flags[:, : self.size]
        self.numbers, self.lists, self.flags = numbers, lists, flags
        self.w, self.g, self.base_l1, self.base_l2, self.lower, self.upper, self.floor = numbers[:7]
        self.l1, self.l2, self.norm, self.work, self.step, self.reference, self.reference_pull = numbers[7:14]
        self.turn, self.settled = numbers[14:]
        self.free, self.banned, self.entering, self.runs = lists
        self.state, self.wanted = flags

    @property
    def coef(self):
        """The present point, (k,)."""
        return self.numbers[0, : self.size]

    @property
    def pull(self):
        """Its pull, (k,)."""
        return self.numbers[1, : self.size]

    @property
    def place(self):
        """Where each coefficient is, (k,)."""
        return self.flags[0, : self.size]

    def solve(self, reference, reference_pull, double strength=1.0):
        """Minimise at one strength from the present point; return how it ended (0, 1, 2).

        Parameters
        ----------
        reference, reference_pull : (k,) arrays
            ``w₀`` and ``g₀``.
        strength : float
            Multiplies ``l1`` and ``l2``.
        """
        cdef int outcome
        self.numbers[12, : self.size] = reference
        self.numbers[13, : self.size] = reference_pull
        self.direct = False
        with nogil:
            self._set_strength(strength)
            outcome = self._minimise()
        return outcome

    def restart(self, gram, floor, const double[::1] coef, double strength=1.0):
        """Take another ``G`` and floor of the same variables, and start at some coefficients, freshly factored."""
        self.gram = gram
        self.numbers[6, : self.size] = floor
        self.direct = False
        np.sqrt(np.maximum(gram.diagonal()[: self.size], 0.0), out=self.numbers[9, : self.size])
        self._start_at(&coef[0] if self.size else NULL, strength)

    def rounds(
        self,
        double[:, ::1] coefs,
        double[:, ::1] pulls,
        double[:, ::1] before,
        double[:, ::1] pulls_before,
        unsigned char[::1] paired,
        const double[::1] strengths,
        const double[::1] scales,
        const double[::1] rooms,
        double share,
        double[::1] violations,
        unsigned char[::1] todo,
        bint backward,
    ):
        """Move each of m points to the minimum of a model of its loss; return how many had to.

        The loss of point i is taken to have the curvature ``scales[i]·G``, corrected by the last move from
        ``before`` where ``paired``: of the places of its coefficients being the same, (Δw, −Δg) becomes the pair
        of a BFGS update (Nocedal & Wright, *Numerical Optimization*, 2006, section 7.2). The factor is carried
        from point to point.

        Parameters
        ----------
        coefs, pulls : (m, k) arrays
            The points, overwritten by where they move to, and their pulls.
        before, pulls_before : (m, k) arrays
            The points before these, overwritten by these.
        paired : (m,) uint8 array
            Whether there is a point before; 1 afterwards.
        strengths, scales : (m,) arrays
            The strength of each point, and the scale of its curvature.
        rooms, share : (k,) array and float
            A pull may be off its interval by ``rooms + share·strength·l1``.
        violations : (m,) array
            Receives the largest distance of a pull to its interval in units of that.
        todo : (m,) uint8 array
            Points to look at; 0 afterwards for those whose violation is at most 1.
        backward : bool
            Whether to go from the last point to the first.
        """
        cdef Py_ssize_t a, i, j, m = coefs.shape[0], left = 0
        cdef double product, along, back, change, slope
        cdef bint pair
        self.direct = False
        with nogil:
            for a in range(m):
                i = m - 1 - a if backward else a
                if not todo[i]:
                    continue
                violations[i] = self._violation(&coefs[i, 0], &pulls[i, 0], strengths[i], &rooms[0], share)
                if violations[i] <= 1.0:
                    todo[i] = 0
                    continue
                left += 1
                # From here on all is divided by the scale: G, pulls / scale and strength / scale.
                self._set_strength(strengths[i] / scales[i])
                pair = paired[i]
                product = along = back = 0.0
                for j in range(self.size):
                    self.reference[j] = coefs[i, j]
                    self.reference_pull[j] = pulls[i, j] / scales[i]
                    self.wanted[j] = self._place_of(j, coefs[i, j])
                    if pair and self.wanted[j] != self._place_of(j, before[i, j]):
                        pair = False
                if pair:
                    for j in range(self.size):
                        self.turn[j] = 0.0
                        if self.wanted[j] % 2 != 0:
                            change = coefs[i, j] - before[i, j]
                            # The fall of the pull per unit of the scale, that of the l2 included.
                            self.turn[j] = (pulls_before[i, j] - pulls[i, j]) / scales[i] + 2.0 * self.l2[j] * change
                            slope = self.wanted[j] * self.l1[j] + 2.0 * self.l2[j] * coefs[i, j]
                            product += change * self.turn[j]
                            along += change * (self.reference_pull[j] - slope)
                    pair = product > 0.0
                if pair:
                    along /= product
                    for j in range(self.size):
                        self.reference_pull[j] -= along * self.turn[j]
                self._start_at_reference()
                self._minimise()
                if pair:
                    for j in range(self.size):
                        pair = pair and self.state[j] == self._place_of(j, coefs[i, j])
                        back += self.turn[j] * (self.w[j] - coefs[i, j])
                    back = along - back / product
                    for j in range(self.size):
                        if pair and self.state[j] % 2 != 0:
                            change = self.w[j] + back * (coefs[i, j] - before[i, j])
                            pair = self._segment_low(j) <= change <= self._segment_high(j)
                            pair = pair and not (change == 0.0 and self._kinked(j))
                for j in range(self.size):
                    change = back * (coefs[i, j] - before[i, j]) if pair and self.state[j] % 2 != 0 else 0.0
                    before[i, j], pulls_before[i, j] = coefs[i, j], pulls[i, j]
                    coefs[i, j] = self.w[j] + change
                paired[i] = 1
        return left

    def path(self, pull_at_zero, double[::1] strengths, double[:, ::1] coefs, int[::1] outcomes):
        """Minimise at each strength in turn, writing coefficients row by row.

        Nothing here looks at the pulls of free coefficients once more: ``pull`` says what they are at balance,
        and the caller measures them.
        """
        cdef Py_ssize_t i, j
        cdef const double[::1] given = pull_at_zero
        cdef bint carried = self.direct and not self.boxed
        for i in range(self.free_count):
            j = self.free[i]
            carried = carried and self.reference_pull[j] == given[j]
        if not carried:
            self.settled_at = 0.0
        self.numbers[12, : self.size] = 0.0
        self.numbers[13, : self.size] = pull_at_zero
        self.direct = not self.boxed
        with nogil:
            if self.direct and not carried:
                self._carry(0)
            for i in range(strengths.shape[0]):
                self._set_strength(strengths[i])
                outcomes[i] = self._minimise()
                for j in range(self.size):
                    coefs[i, j] = self.w[j]

    def hold(self, pull_at_zero, const Py_ssize_t[::1] free, const signed char[::1] segments):
        """Take exactly these variables as free, each inside a segment; return whether they are independent.

        For a walk without bounds off zero, in which :meth:`enter`, :meth:`leave` and :meth:`ray` follow.
        """
        cdef Py_ssize_t i
        self.numbers[12, : self.size] = 0.0
        self.numbers[13, : self.size] = pull_at_zero
        self.direct = True
        for i in range(self.size):
            self._rest_at_null(i)
        for i in range(free.shape[0]):
            self.free[i] = free[i]
            self.state[free[i]] = segments[i]
        self.free_count = free.shape[0]
        if self._bare_count() > self.rank:
            self.free_count = 0
            return False
        self._refactor()
        for i in range(self.free_count):
            if self.factor[i, i] ** 2 <= APART * (self.gram[self.free[i], self.free[i]]):
                return False
        return self.free_count == free.shape[0]

    def enter(self, Py_ssize_t j, double pull_at_zero, signed char segment):
        """Free a variable after :meth:`hold`; return whether it is independent of the others."""
        cdef signed char was = self.state[j]
        self.reference[j] = 0.0
        self.reference_pull[j] = pull_at_zero
        self.state[j] = segment
        if self._append(j, APART):
            return True
        self.state[j] = was
        return False

    def leave(self, Py_ssize_t j):
        """Put a free variable to rest after :meth:`hold`."""
        self._rest_at_null(j)
        self._compress()

    def ray(self, double[::1] base, double[::1] slope):
        """The solution on the free variables as a function of strength, ``base − strength · slope``."""
        cdef Py_ssize_t i
        base[:] = 0.0
        slope[:] = 0.0
        for i in range(self.free_count):
            self.step[i] = self.z[i]
        self._back_substitute(&self.step[0], False)
        for i in range(self.free_count):
            base[self.free[i]] = self.step[i]
        self.slope(slope)

    def slope(self, double[::1] slope):
        """Of :meth:`ray` only how it falls with the strength."""
        cdef Py_ssize_t i
        slope[:] = 0.0
        for i in range(self.free_count):
            self.step[i] = self.zeta[i]
        self._back_substitute(&self.step[0], False)
        for i in range(self.free_count):
            slope[self.free[i]] = self.step[i]

    def product(self, const Py_ssize_t[::1] rows, const double[::1] x, double[::1] out):
        """Some rows of ``G`` times a vector that is zero off the free variables."""
        cdef Py_ssize_t i, l
        cdef int n = <int>self.size
        cdef double total
        if 4 * self.free_count < self.size:
            for i in range(rows.shape[0]):
                total = 0.0
                for l in range(self.free_count):
                    total += self.gram[rows[i], self.free[l]] * x[self.free[l]]
                out[i] = total
            return
        for i in range(rows.shape[0]):
            out[i] = ddot(&n, &self.gram[rows[i], 0], &ONE, <double*>&x[0], &ONE)

    # ---- the penalty's geometry ------------------------------------------------------------------

    cdef inline bint _kinked(self, Py_ssize_t j) noexcept nogil:
        return self.l1[j] > 0.0 and self.lower[j] < 0.0 and self.upper[j] > 0.0

    cdef inline double _segment_low(self, Py_ssize_t j) noexcept nogil:
        return 0.0 if self.state[j] == ABOVE and self._kinked(j) else self.lower[j]

    cdef inline double _segment_high(self, Py_ssize_t j) noexcept nogil:
        return 0.0 if self.state[j] == BELOW and self._kinked(j) else self.upper[j]

    cdef inline signed char _only_segment(self, Py_ssize_t j) noexcept nogil:
        # Without a kink at zero the box holds one segment, on one side of zero (either, where l1 = 0).
        return BELOW if self.l1[j] > 0.0 and self.upper[j] <= 0.0 else ABOVE

    cdef inline signed char _place_of(self, Py_ssize_t j, double w) noexcept nogil:
        # Where a coefficient of this value is.
        if w <= self.lower[j]:
            return AT_LOWER
        if w >= self.upper[j]:
            return AT_UPPER
        if not self._kinked(j):
            return self._only_segment(j)
        return AT_ZERO if w == 0.0 else (ABOVE if w > 0.0 else BELOW)

    cdef double _violation(
        self, const double* w, const double* pull, double strength, const double* rooms, double share
    ) noexcept nogil:
        """The largest distance of a pull to its interval, per unit of ``rooms + share·strength·l1``."""
        cdef Py_ssize_t j
        cdef double worst = 0.0, low, high, l1, distance
        for j in range(self.size):
            if self.lower[j] == self.upper[j]:
                continue
            l1 = strength * self.base_l1[j]
            low, high = -l1, l1
            if w[j] != 0.0:
                low = high = (l1 if w[j] > 0.0 else -l1) + 2.0 * strength * self.base_l2[j] * w[j]
            distance = 0.0
            if pull[j] < low and w[j] > self.lower[j]:
                distance = low - pull[j]
            elif pull[j] > high and w[j] < self.upper[j]:
                distance = pull[j] - high
            elif pull[j] != pull[j]:
                return pull[j]
            if distance > worst * (rooms[j] + share * l1):
                worst = distance / (rooms[j] + share * l1)
        return worst

    cdef void _start_at(self, const double* w, double strength) noexcept nogil:
        """Take a point and a strength as the present ones, and factor anew."""
        cdef Py_ssize_t j
        self.strength = strength
        self.free_count = 0
        for j in range(self.size):
            self.l1[j] = strength * self.base_l1[j]
            self.l2[j] = strength * self.base_l2[j]
            self.w[j], self.state[j] = w[j], self._place_of(j, w[j])
            if self.state[j] % 2 != 0:
                self.free[self.free_count] = j
                self.free_count += 1
        self._refactor()

    cdef void _start_at_reference(self) noexcept nogil:
        """Take the reference itself as the present point, where its places are the present ones."""
        cdef Py_ssize_t j
        for j in range(self.size):
            if self.state[j] != self._place_of(j, self.reference[j]):
                return
        for j in range(self.size):
            self.w[j] = self.reference[j]

    cdef inline double _imbalance(self, Py_ssize_t j, signed char segment) noexcept nogil:
        # What is left of the pull of a coefficient inside, or about to enter, this segment.
        return self.g[j] - 2.0 * self.l2[j] * self.w[j] - segment * self.l1[j]

    cdef inline double _tolerance(self, Py_ssize_t j) noexcept nogil:
        return RELATIVE * self.l1[j] + self.floor[j]

    cdef double _offence(self, Py_ssize_t j, signed char* segment) noexcept nogil:
        """Signed excess of the pull of a resting coefficient over its interval; the segment it wants."""
        cdef double up = -INFINITY, down = -INFINITY
        cdef signed char above = ABOVE, below = BELOW
        cdef signed char state = self.state[j]
        if state == ABOVE or state == BELOW or self.lower[j] == self.upper[j]:
            return 0.0
        if not self._kinked(j):
            above = below = self._only_segment(j)
        elif state == AT_LOWER:
            above = BELOW
        elif state == AT_UPPER:
            below = ABOVE
        if state != AT_UPPER:
            up = self._imbalance(j, above)
        if state != AT_LOWER:
            down = -self._imbalance(j, below)
        if up > self._tolerance(j):
            segment[0] = above
            return up
        if down > self._tolerance(j):
            segment[0] = below
            return -down
        return 0.0

    cdef void _rest_at_null(self, Py_ssize_t j) noexcept nogil:
        # The null model: at zero, or at the bound nearest to it.
        if self.lower[j] >= 0.0:
            self.state[j], self.w[j] = AT_LOWER, self.lower[j]
        elif self.upper[j] <= 0.0:
            self.state[j], self.w[j] = AT_UPPER, self.upper[j]
        else:
            self.state[j], self.w[j] = AT_ZERO, 0.0

    cdef void _rest(self, Py_ssize_t j, bint high) noexcept nogil:
        # Put a coefficient on the lower or upper end of its segment.
        if self._kinked(j) and (high == (self.state[j] == BELOW)):
            self.state[j], self.w[j] = AT_ZERO, 0.0
        elif high:
            self.state[j], self.w[j] = AT_UPPER, self.upper[j]
        else:
            self.state[j], self.w[j] = AT_LOWER, self.lower[j]

    cdef void _set_strength(self, double strength) noexcept nogil:
        cdef Py_ssize_t j, i
        cdef double moved = 0.0
        cdef bint turned = False
        cdef signed char was
        self.strength = strength
        for j in range(self.size):
            self.l1[j] = strength * self.base_l1[j]
            if self.state[j] == ABOVE or self.state[j] == BELOW:
                moved = max(moved, fabs(strength * self.base_l2[j] - self.l2[j]))
            self.l2[j] = strength * self.base_l2[j]
        # A strength of zero removes the kink at zero and a positive one puts it back: signs decide.
        for i in range(self.free_count):
            j = self.free[i]
            was = self.state[j]
            if not self._kinked(j):
                self.state[j] = self._only_segment(j)
            elif self.w[j] != 0.0:
                self.state[j] = ABOVE if self.w[j] > 0.0 else BELOW
            turned = turned or self.state[j] != was
        if moved > 0.0 and self.free_count > 0:
            self._refactor()
        elif turned and self.direct:
            self._carry(0)

    # ---- the factor ------------------------------------------------------------------------------

    cdef void _reserve(self, Py_ssize_t needed) noexcept with gil:
        cdef Py_ssize_t have = self.factor.shape[0]
        if needed > have:
            # Memory is not there until it is touched, so one who knows how much may be needed asks for it all.
            bigger = np.zeros((max(needed, self.room, min(self.size, 2 * have + 16)),) * 2)
            sides = np.zeros((2, len(bigger)))
            if have:
                bigger[:have, :have] = self.factor
                sides[0, :have] = self.z
                sides[1, :have] = self.zeta
            self.factor = bigger
            self.z, self.zeta = sides

    cdef void _refactor(self) noexcept nogil:
        cdef Py_ssize_t m = self.free_count, i, l, j
        cdef int n = <int>m, ld, info = 0
        if m == 0:
            return
        if m > self.factor.shape[0]:
            self._reserve(m)
        ld = <int>self.factor.shape[1]
        for i in range(m):
            for l in range(i, m):
                self.factor[i, l] = self.gram[self.free[i], self.free[l]]
            self.factor[i, i] += 2.0 * self.l2[self.free[i]]
        dpotrf(UPLO, &n, &self.factor[0, 0], &ld, &info)
        if info == 0:
            if self.direct:
                self._carry(0)
            return
        # Not positive definite: keep what is independent, the rest returns to its kink.
        self.free_count = 0
        for i in range(m):
            j = self.free[i]
            if not self._append(j, self._pivot_floor()):
                self._rest_at_null(j)

    cdef inline double _pivot_floor(self) noexcept nogil:
        # Rounding of G and of the substitution leaves this much of a pivot in doubt, per unit of G_jj.
        return 8.0 * EPS * (self.free_count + 8)

    cdef bint _append(self, Py_ssize_t j, double pivot_floor) noexcept nogil:
        """Extend the factor by variable j, unless its pivot is below ``pivot_floor`` · H_jj."""
        cdef Py_ssize_t m = self.free_count, i
        cdef int n = <int>m, ld
        cdef double diagonal = self.gram[j, j] + 2.0 * self.l2[j], pivot
        if diagonal <= 0.0 or (self.l2[j] == 0.0 and m >= self.rank and self._bare_count() >= self.rank):
            return False
        if m + 1 > self.factor.shape[0]:
            self._reserve(m + 1)
        ld = <int>self.factor.shape[1]
        for i in range(m):
            self.work[i] = self.gram[j, self.free[i]]
        pivot = diagonal
        if m:
            dtrsv(UPLO, NOTRANS, NONUNIT, &n, &self.factor[0, 0], &ld, &self.work[0], &ONE)
            pivot -= ddot(&n, &self.work[0], &ONE, &self.work[0], &ONE)
        if pivot <= pivot_floor * diagonal:
            return False
        for i in range(m):
            self.factor[i, m] = self.work[i]
        pivot = sqrt(pivot)
        self.factor[m, m] = pivot
        self.free[m] = j
        self.free_count = m + 1
        if self.direct:
            self.z[m] = (self.reference_pull[j] - ddot(&n, &self.work[0], &ONE, &self.z[0], &ONE)) / pivot
            self.zeta[m] = (
                self.state[j] * self.base_l1[j] - ddot(&n, &self.work[0], &ONE, &self.zeta[0], &ONE)
            ) / pivot
        return True

    cdef bint _append_block(self, Py_ssize_t count, double pivot_floor) noexcept nogil:
        """Extend the factor by all of ``entering``, or by none if a pivot is below its floor."""
        cdef Py_ssize_t m = self.free_count, i, l, j
        cdef int n = <int>m, q = <int>count, ld, info = 0
        cdef double one = 1.0, minus = -1.0
        if m + count > self.rank:
            return False
        if m + count > self.factor.shape[0]:
            self._reserve(m + count)
        ld = <int>self.factor.shape[1]
        for i in range(m):
            for l in range(count):
                self.factor[i, m + l] = self.gram[self.free[i], self.entering[l]]
        for i in range(count):
            j = self.entering[i]
            for l in range(i, count):
                self.factor[m + i, m + l] = self.gram[j, self.entering[l]]
            self.factor[m + i, m + i] += 2.0 * self.l2[j]
        if m:
            dtrsm(RIGHT, UPLO, TRANS, NONUNIT, &q, &n, &one, &self.factor[0, 0], &ld, &self.factor[0, m], &ld)
            dsyrk(UPLO, NOTRANS, &q, &n, &minus, &self.factor[0, m], &ld, &one, &self.factor[m, m], &ld)
        dpotrf(UPLO, &q, &self.factor[m, m], &ld, &info)
        if info != 0:
            return False
        for i in range(count):
            j = self.entering[i]
            if self.factor[m + i, m + i] ** 2 <= pivot_floor * (self.gram[j, j] + 2.0 * self.l2[j]):
                return False
        for i in range(count):
            self.free[m + i] = self.entering[i]
        self.free_count = m + count
        if self.direct:
            self._carry(m)
        return True

    cdef void _carry(self, Py_ssize_t start) noexcept nogil:
        """z = U⁻ᵀc and ζ = U⁻ᵀ(segment ∘ l1) from this position on.

        As two more columns of the factor they are rotated with it, and then a solve at strength t is one
        back-substitution, w = U⁻¹(z − tζ).
        """
        cdef Py_ssize_t i, j
        cdef int head = <int>start, tail = <int>(self.free_count - start), ld = <int>self.factor.shape[1]
        cdef double one = 1.0, minus = -1.0
        if tail == 0:
            return
        for i in range(start, self.free_count):
            j = self.free[i]
            self.z[i] = self.reference_pull[j]
            self.zeta[i] = self.state[j] * self.base_l1[j]
        if head:
            dgemv(NOTRANS, &tail, &head, &minus, &self.factor[0, start], &ld, &self.z[0], &ONE, &one,
                  &self.z[start], &ONE)
            dgemv(NOTRANS, &tail, &head, &minus, &self.factor[0, start], &ld, &self.zeta[0], &ONE, &one,
                  &self.zeta[start], &ONE)
        dtrsv(UPLO, NOTRANS, NONUNIT, &tail, &self.factor[start, start], &ld, &self.z[start], &ONE)
        dtrsv(UPLO, NOTRANS, NONUNIT, &tail, &self.factor[start, start], &ld, &self.zeta[start], &ONE)

    cdef Py_ssize_t _bare_count(self) noexcept nogil:
        """How many free variables have no l2 to keep them apart."""
        cdef Py_ssize_t i, count = 0
        for i in range(self.free_count):
            count += self.l2[self.free[i]] == 0.0
        return count

    cdef void _compress(self) noexcept nogil:
        """Take the variables of the free list that have come to rest out of the factor."""
        cdef Py_ssize_t m = self.free_count, first = m, left = 0, runs = 0, run, i, c
        cdef Py_ssize_t[::1] kept = self.entering
        cdef int n
        cdef double cosine, sine
        for i in range(m):
            if self.state[self.free[i]] % 2 != 0:
                kept[left] = i
                left += 1
            elif first == m:
                first = i
        if left == m:
            return
        # Runs of kept columns move together; below the diagonal there is nothing to move.
        for i in range(left):
            if i == first or i > first and kept[i] != kept[i - 1] + 1:
                self.runs[runs] = i
                runs += 1
        self.runs[runs] = left
        for i in range(m):
            for run in range(runs):
                c = self.runs[run]
                if kept[self.runs[run + 1] - 1] >= i:
                    memmove(&self.factor[i, c], &self.factor[i, kept[c]],
                            (self.runs[run + 1] - c) * sizeof(double))
        for c in range(first, left):
            self.free[c] = self.free[kept[c]]
        # Column c now reaches down to row kept[c]: rotate what is below the diagonal away, in a sweep that
        # touches each row while it is in the cache.
        for c in range(first, left):
            n = <int>(left - 1 - c)
            for i in range(kept[c], c, -1):
                drotg(&self.factor[i - 1, c], &self.factor[i, c], &cosine, &sine)
                if n > 0:
                    drot(&n, &self.factor[i - 1, c + 1], &ONE, &self.factor[i, c + 1], &ONE, &cosine, &sine)
                if self.direct:
                    drot(&ONE, &self.z[i - 1], &ONE, &self.z[i], &ONE, &cosine, &sine)
                    drot(&ONE, &self.zeta[i - 1], &ONE, &self.zeta[i], &ONE, &cosine, &sine)
        self.free_count = left

    cdef void _back_substitute(self, double* x, bint both) noexcept nogil:
        """x ← U⁻¹x, or U⁻¹U⁻ᵀx."""
        cdef int n = <int>self.free_count, ld = <int>self.factor.shape[1]
        if n:
            if both:
                dtrsv(UPLO, NOTRANS, NONUNIT, &n, &self.factor[0, 0], &ld, x, &ONE)
            dtrsv(UPLO, TRANS, NONUNIT, &n, &self.factor[0, 0], &ld, x, &ONE)
        self.solves += 1

    # ---- the point -------------------------------------------------------------------------------

    cdef void _refresh_pull(self) noexcept nogil:
        """g = g₀ − G (w − w₀), from the reference: nothing accumulates."""
        cdef Py_ssize_t j, moved = 0
        cdef int n = <int>self.size, ld = <int>self.gram.shape[1]
        cdef double one = 1.0, minus = -1.0, change
        for j in range(self.size):
            self.g[j] = self.reference_pull[j]
            self.work[j] = self.w[j] - self.reference[j]
            if self.work[j] != 0.0:
                moved += 1
        if 3 * moved > self.size and self.size > 8:
            dgemv(NOTRANS, &n, &n, &minus, &self.gram[0, 0], &ld, &self.work[0], &ONE, &one, &self.g[0], &ONE)
            return
        for j in range(self.size):
            if self.work[j] != 0.0:
                change = -self.work[j]
                daxpy(&n, &change, &self.gram[j, 0], &ONE, &self.g[0], &ONE)

    cdef void _refresh_resting(self) noexcept nogil:
        """g of what rests, from a reference of zero; what is free is in balance."""
        cdef Py_ssize_t j, i
        cdef int n = <int>self.size
        if 2 * self.free_count <= self.size:
            for j in range(self.size):
                self.g[j] = self.reference_pull[j]
            for i in range(self.free_count):
                self.work[i] = -self.w[self.free[i]]
                daxpy(&n, &self.work[i], &self.gram[self.free[i], 0], &ONE, &self.g[0], &ONE)
            return
        for j in range(self.size):
            if self.state[j] == ABOVE or self.state[j] == BELOW:
                self.g[j] = self.state[j] * self.l1[j] + 2.0 * self.l2[j] * self.w[j]
            else:
                self.g[j] = self.reference_pull[j] - ddot(&n, &self.gram[j, 0], &ONE, &self.w[0], &ONE)

    cdef void _resolve(self) noexcept nogil:
        """Solve on F from the carried sides, putting back what crosses a kink, until nothing does."""
        cdef Py_ssize_t i, j
        cdef bint crossed = True
        while crossed:
            crossed = False
            for i in range(self.free_count):
                self.step[i] = self.z[i] - self.strength * self.zeta[i]
            self._back_substitute(&self.step[0], False)
            for i in range(self.free_count):
                self.w[self.free[i]] = self.step[i]
            for i in range(self.free_count):
                j = self.free[i]
                if self.w[j] < self._segment_low(j) or self.w[j] > self._segment_high(j):
                    self._rest(j, self.w[j] > self._segment_high(j))
                    crossed = True
            self._compress()
        self._refresh_resting()

    cdef double _worst_imbalance(self) noexcept nogil:
        """Fill ``step`` with the imbalances of F; return the largest in units of its tolerance."""
        cdef Py_ssize_t i, j
        cdef double worst = 0.0
        for i in range(self.free_count):
            j = self.free[i]
            self.step[i] = self._imbalance(j, self.state[j])
            worst = max(worst, fabs(self.step[i]) / (self._tolerance(j) + 1e-300))
        return worst

    cdef bint _settle(self) noexcept nogil:
        """Solve on F, putting back what crosses a kink, until F is in balance."""
        cdef Py_ssize_t i, j
        cdef double worst, before = INFINITY
        cdef bint crossed
        while True:
            worst = self._worst_imbalance()
            if worst <= 1.0 or not (worst < 0.5 * before):
                return worst <= 1.0
            self._back_substitute(&self.step[0], True)
            crossed = False
            for i in range(self.free_count):
                j = self.free[i]
                self.w[j] += self.step[i]
                if self.w[j] < self._segment_low(j) or self.w[j] > self._segment_high(j):
                    self._rest(j, self.w[j] > self._segment_high(j))
                    crossed = True
            self._compress()
            before = INFINITY if crossed else worst
            self._refresh_pull()

    cdef int _minimise(self) noexcept nogil:
        cdef int outcome = self._search()
        cdef Py_ssize_t i, j
        cdef bint moved = False
        cdef double stiffness
        # What a solve leaves on a kink but for its last rounding is on the kink.
        for i in range(self.free_count):
            j = self.free[i]
            stiffness = self.gram[j, j] + 2.0 * self.l2[j]
            if self._kinked(j) and 2.0 * fabs(self.w[j]) * stiffness <= self.floor[j]:
                self.state[j], self.w[j] = AT_ZERO, 0.0
                moved = True
        if moved:
            self._compress()
            self._refresh_pull()
        return outcome

    cdef int _search(self) noexcept nogil:
        if not self.direct:
            self._refresh_pull()
        if self._rounds() or (self.direct and self._approach(self.strength)):
            if self.direct:
                self._note_settled()
            return ADMITTED
        self._refresh_pull()
        return self._descend()

    cdef bint _rounds(self) noexcept nogil:
        """Settle and admit until nothing offends; False where that does not end in a few rounds."""
        cdef Py_ssize_t offenders
        cdef int round_
        for round_ in range(ROUNDS):
            if self.direct:
                self._resolve()
            elif not self._settle():
                return False
            offenders = self._find_offenders()
            if offenders == 0:
                return True
            if self._admit(offenders) == 0:
                return False
        return False

    cdef void _note_settled(self) noexcept nogil:
        cdef Py_ssize_t j
        self.settled_at = self.strength
        for j in range(self.size):
            self.settled[j] = self.w[j]

    cdef bint _approach(self, double target) noexcept nogil:
        """Go from the last solution of the path by strengths in between, where fewer columns change at once."""
        cdef int stop
        cdef double next_ = sqrt(self.settled_at * target)
        if not (target < self.settled_at):
            return False
        for stop in range(STOPS):
            self._start_at(&self.settled[0], self.settled_at)
            self._set_strength(next_)
            if self._rounds():
                if next_ == target:
                    return True
                self._note_settled()
                next_ = target
            else:
                next_ = sqrt(self.settled_at * next_)
        return False

    cdef Py_ssize_t _find_offenders(self) noexcept nogil:
        """List in ``entering`` what rests against its pull, and the segments wanted; return how many."""
        cdef Py_ssize_t j, count = 0
        cdef signed char segment = ABOVE
        for j in range(self.size):
            if self.state[j] == AT_ZERO and fabs(self.g[j]) <= self.l1[j]:
                continue
            if self._offence(j, &segment) != 0.0:
                self.entering[count], self.wanted[count] = j, segment
                count += 1
        return count

    cdef Py_ssize_t _admit(self, Py_ssize_t offenders) noexcept nogil:
        """Free the offenders, those that depend on others excepted; return how many."""
        cdef Py_ssize_t i, j, admitted = 0
        cdef signed char was
        if offenders >= BLOCK:
            for i in range(offenders):
                j = self.entering[i]
                self.state[j], self.wanted[i] = self.wanted[i], self.state[j]
            if self._append_block(offenders, 1e-12):
                return offenders
            for i in range(offenders):
                j = self.entering[i]
                self.state[j], self.wanted[i] = self.wanted[i], self.state[j]
        for i in range(offenders):
            j = self.entering[i]
            was = self.state[j]
            self.state[j] = self.wanted[i]
            if self._append(j, 1e-12):
                admitted += 1
            else:
                self.state[j] = was
        return admitted

    # ---- the safeguard ---------------------------------------------------------------------------

    cdef double _reach(self, Py_ssize_t j, double direction) noexcept nogil:
        """Step length at which w_j, inside its segment, meets an end of it."""
        if direction > 0.0:
            return max(0.0, (self._segment_high(j) - self.w[j]) / direction)
        if direction < 0.0:
            return max(0.0, (self._segment_low(j) - self.w[j]) / direction)
        return INFINITY

    cdef double _move(self, double longest) noexcept nogil:
        """Move F along ``step`` up to the first kink, at most ``longest``; rest all that meet one."""
        cdef Py_ssize_t i, j
        cdef double length = longest, reach
        for i in range(self.free_count):
            length = min(length, self._reach(self.free[i], self.step[i]))
        if length == INFINITY:
            return INFINITY
        for i in range(self.free_count):
            j = self.free[i]
            reach = self._reach(j, self.step[i])
            if reach <= length * (1.0 + 4.0 * EPS) and length < longest:
                self._rest(j, self.step[i] > 0.0)
            else:
                self.w[j] += length * self.step[i]
        self._compress()
        self.steps += 1
        return length

    cdef int _descend(self) noexcept nogil:
        cdef Py_ssize_t j, worst_j, bans = 0, entered = -1
        cdef Py_ssize_t budget = 50 * (self.size + 20)
        cdef signed char segment = ABOVE, worst_segment = ABOVE, was
        cdef double worst, before = INFINITY, offence, largest, length
        for j in range(self.size):
            self.banned[j] = 0
        while budget > 0:
            budget -= 1
            # Towards the solution on F, kink by kink. A full step that no longer halves the imbalance
            # has met the rounding of this factor.
            worst = self._worst_imbalance()
            if worst > 1.0 and worst < 0.5 * before:
                self._back_substitute(&self.step[0], True)
                length = self._move(1.0)
                self._refresh_pull()
                if length >= 1.0:
                    before = worst
                else:
                    before = INFINITY
                    if length == 0.0 and entered >= 0 and self.state[entered] % 2 == 0:
                        self.banned[entered] = 1  # rounding alone made it an offender
                        bans += 1
                entered = -1 if length > 0.0 else entered
                continue
            before = INFINITY
            # In balance on F: free the worst offender.
            largest = 0.0
            worst_j = -1
            for j in range(self.size):
                offence = fabs(self._offence(j, &segment)) if not self.banned[j] else 0.0
                if offence / (self.norm[j] + 1e-300) > largest:
                    largest = offence / (self.norm[j] + 1e-300)
                    worst_j, worst_segment = j, segment
            if worst_j < 0:
                return DESCENDED if bans == 0 and worst <= 1.0 else EXHAUSTED
            was = self.state[worst_j]
            self.state[worst_j] = worst_segment
            if self._append(worst_j, self._pivot_floor()):
                entered = worst_j
            else:
                self.state[worst_j] = was
                if not self._exchange(worst_j, worst_segment):
                    self.banned[worst_j] = 1
                    bans += 1
                entered = -1
        return EXHAUSTED

    cdef bint _exchange(self, Py_ssize_t j, signed char segment) noexcept nogil:
        """Free j, whose column depends on those of F, by moving along the null direction to a kink.

        With U⁻ᵀh the column's coordinates, (−U⁻¹U⁻ᵀh, 1) changes nothing of G w, while the penalty falls
        at the rate of j's offence: whatever meets a kink first makes room for j.
        """
        cdef Py_ssize_t i, tries
        cdef double length, reach, sign
        cdef signed char was = self.state[j]
        sign = 1.0 if self._imbalance(j, segment) > 0.0 else -1.0
        if self.gram[j, j] + 2.0 * self.l2[j] <= 0.0:
            return False
        self.state[j] = segment
        for tries in range(self.size + 1):
            for i in range(self.free_count):
                self.step[i] = -sign * self.gram[j, self.free[i]]
            self._back_substitute(&self.step[0], True)
            reach = self._reach(j, sign)
            length = self._move(reach)
            if length == INFINITY:
                break
            if length >= reach:
                self._rest(j, sign > 0.0)
                self._refresh_pull()
                return True
            self.w[j] += sign * length
            self._refresh_pull()
            if self._append(j, self._pivot_floor()):
                return True
        # Nothing bounds the direction: it is flat to rounding. Undo nothing, but leave j on a kink.
        self.state[j] = was
        if self.w[j] != 0.0 or was != AT_ZERO:
            self._rest_at_null(j)
            self._refresh_pull()
        return False
