"""Ridge regression by the singular values of X where its Gram matrix, which squares them, loses digits.

With l2_j = λ/d_j, d_j ≤ 1, τ = 2·t·λ, D = diag(d) and P taking the intercept and the unpenalised columns out,

    w = D Xᵀ a,   (Z Zᵀ + τ I) a = P y,   Z = P X D^½ = U S Vᵀ,   so   a = U (S² + τ)⁻¹ Uᵀ y.

U and S come from a QR factorisation of Zᵀ, a block of columns at a time, and serve every strength. At a
single one a Cholesky factor of ZZᵀ + τI costs less; it is used where the condition of that matrix is at most
1e4. Iterative refinement adds D Xᵀ(step of a) to w, so that in the end w is exact for an X that differs by a
few roundings (Björck, *Numerical Methods for Least Squares Problems*, 1996, section 6.6).

Without any l2, or at t = 0, this is the least-squares solution of minimum norm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack, svd

from equipoise.data.arguments.blas_threads import OF_HOLDER, one_blas_thread
from equipoise.objective.penalty import Penalty
from equipoise.objective.problem import EPS
from equipoise.objective.squares import Squares
from equipoise.solve.squares.polish import minimum_norm

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

BLOCK = 512  # fewest columns held at a time; twice the rows where that is more
CONDITION = 1e4  # largest condition of ZZᵀ + τI with which it is formed
SINGULAR = 1e8  # condition of XᵀX from which fewer columns than rows are not solved by it
MOST = 10**8  # most entries of their matrix, 800 MB
SETS = 100  # most sets of features at their bounds that are tried
PATIENCE = 3  # sets in a row that may leave no fewer features to change
ROUNDS = 2  # a solve and one round of iterative refinement


def suits_ridge(problem: Squares, strength: float) -> bool:
    """Whether nothing that can move has an l1, and the Gram matrix cannot tell the columns apart.

    It cannot where they are more than the rows, or its condition exceeds 1e8. A box may turn out active.
    """
    penalty, moving = problem.penalty, problem.penalty.moving
    if penalty.l1[moving.argmax()]:
        return False
    l1, l2 = penalty.l1[moving], penalty.l2[moving]
    if not len(l1) or l1.max() > 0:
        return False
    least = float(l2.min())
    if not least and l2.max() > 0 and not _is_ridge(problem):
        return False
    rows, count = problem.view.shape[0], len(l1)
    if count > rows - problem.view.intercept:
        return True
    # Columns have norms of at most 1, so the largest eigenvalue is at most their number.
    if not problem.whole or count * rows > MOST or 2.0 * strength * least * SINGULAR > count:
        return False
    return _is_singular(problem, strength)


def _is_ridge(problem: Squares) -> bool:
    """Whether some features that can move have an l2, and all others neither a penalty nor a box."""
    penalty = problem.penalty
    shrunk = penalty.moving & (penalty.l2 > 0)
    return bool(np.any(shrunk) and np.all(shrunk | penalty.unpenalised | ~penalty.moving))


def _is_singular(problem: Squares, strength: float) -> bool:
    """Whether the condition of XᵀX + 2·t·diag(l2) is larger than 1e8."""
    moving = problem.penalty.moving.nonzero()[0]
    hessian = problem.gram[moving[:, None], moving]
    hessian.flat[:: len(moving) + 1] += 2.0 * strength * problem.penalty.l2[moving]
    norm = float(abs(hessian).sum(axis=0).max())
    factor, failed = lapack.dpotrf(hessian, lower=1, overwrite_a=1)
    return bool(failed) or lapack.dpocon(factor, norm, uplo="L")[0] * SINGULAR < 1.0


def solve_ridge(problem: Squares, strengths: Array) -> Iterator[Array]:
    """Coefficients (p,) at one strength after the other, as if there were no box."""
    solver = _DualRidge(problem)
    for strength in map(float, strengths):
        yield solver.at(strength, alone=len(strengths) == 1)


def solve_in_box(problem: Squares, strengths: Array) -> Iterator[Array]:
    """The same within the box; ends at a strength where no set of features at their bounds is settled on.

    Features that a fit takes beyond a bound are held there, and set free again once they pull inwards, from
    the set of the strength before: all at once, or one at a time while that leaves no fewer to change
    (Júdice & Pires, *Comput. Oper. Res.* 21, 1994).
    """
    penalty, moving = problem.penalty, problem.penalty.moving
    side = np.zeros(len(moving), dtype=np.intp)
    for strength in map(float, strengths):
        fewest, patience = len(side) + 1, PATIENCE
        for _ in range(SETS):
            held = np.where(side < 0, penalty.lower, np.where(side > 0, penalty.upper, penalty.null))
            loose = moving & (side == 0)
            box = np.where(loose, -np.inf, held), np.where(loose, np.inf, held)
            rest = problem.under(Penalty(penalty.l1, penalty.l2, *box))
            if not _is_ridge(rest):
                return
            solver = _DualRidge(rest)
            coef = solver.at(strength, alone=True)
            inwards = problem.pull(solver.left_over(coef)) - 2.0 * strength * penalty.l2 * coef
            beyond = (coef > penalty.upper).astype(np.intp) - (coef < penalty.lower)
            sides = np.where(loose, beyond, np.where(side * inwards < 0, 0, side))
            changed = np.flatnonzero(sides != side)
            if not len(changed):
                break
            if len(changed) < fewest:
                fewest, patience = len(changed), PATIENCE
            elif patience:
                patience -= 1
            else:
                changed = changed[-1:]
            side[changed] = sides[changed]
        else:
            return
        yield coef


def inside_box(problem: Squares, coef: Array) -> bool:
    """Whether coefficients (p,) keep every bound."""
    return bool(np.all((problem.penalty.lower <= coef) & (coef <= problem.penalty.upper)))


def least_squares(problem: Squares) -> Array:
    """Least-squares coefficients, (p,), of smallest Σ l2_j w_j²; without l2, of Σ w_j² in original units."""
    if not problem.penalty.moving.any():
        return problem.penalty.null.copy()
    return _DualRidge(problem).at(0.0, alone=False)


def left_singular(blocks: Iterable[Array]) -> tuple[Array, Array]:
    """Left singular vectors, (n, k), and values, (k,), of a matrix (n, p) given by blocks of its columns."""
    triangle: Array | None = None
    for block in blocks:
        rows = block.T if triangle is None else np.vstack([triangle, block.T])
        triangle = np.asarray(np.linalg.qr(rows, mode="r"))
    assert triangle is not None
    left, values, _ = svd(triangle.T, full_matrices=False, check_finite=False)
    return left, values


def scaled_blocks(
    problem: Squares, features: NDArray[np.intp], root: Array, basis: Array | None
) -> Iterator[Array]:
    """The columns of Z = P X D^½, (n, k) at a time; P takes an orthonormal basis out, ``root`` is √d."""
    step = max(BLOCK, 2 * problem.view.shape[0])
    for start in range(0, len(features), step):
        index = features[start : start + step]
        columns = problem.view.columns(index)
        columns *= root[start : start + step]
        columns = problem.view.without_mean(columns.T).T  # what rounding of a large mean has left of it
        yield columns if basis is None else columns - basis @ (basis.T @ columns)


def known_values(values: Array, size: float) -> Flags:
    """Which singular values of a matrix (n, k) of this Frobenius norm are more than its rounding."""
    return np.asarray(values > EPS * (16.0 + len(values)) * size)


class _DualRidge:
    """The dual system of one problem, and what it needs of it at every strength."""

    def __init__(self, problem: Squares) -> None:
        self.problem = problem
        penalty = problem.penalty
        self.without_l2 = not _is_ridge(problem)
        self.features = np.flatnonzero(penalty.moving & ((penalty.l2 > 0) | self.without_l2))
        l2 = np.ones(len(self.features)) if self.without_l2 else penalty.l2[self.features]
        self.base = 0.0 if self.without_l2 else 2.0 * float(l2.min())
        self.root = np.sqrt(l2.min() / l2)
        self._spectrum: tuple[Array, Array] | None = None

    @one_blas_thread(OF_HOLDER, products=True)
    def at(self, strength: float, *, alone: bool) -> Array:
        """The coefficients at a strength; ``alone`` if no other is to follow."""
        tau = strength * self.base
        solve = self._by_cholesky(tau) if alone and tau > 0 else None
        if solve is None:
            solve = self._by_singular_values(tau)
        coef, dual = self.problem.penalty.null.copy(), np.zeros(self.problem.view.shape[0])
        for _ in range(ROUNDS):
            step = solve(self._remainder(coef) - tau * dual)
            dual += step
            coef[self.features] += self._primal(step)
        self._dual = tau * dual
        if self.without_l2 or not self.problem.penalty.unpenalised.any():
            return coef
        return minimum_norm(self.problem, self.problem.penalty, coef)

    def left_over(self, coef: Array) -> Array:
        """The residual at the coefficients found last: τa, right to its own size, and what is not along U."""
        if self._spectrum is None:
            return self.problem.view.without_mean(self._dual)
        residual, left = self._remainder(coef), self._spectrum[0]
        return self.problem.view.without_mean(self._dual + residual - left @ (left.T @ residual))

    def _remainder(self, coef: Array) -> Array:
        """P (y − X coef)."""
        residual = self.problem.residual(coef) if coef.any() else self.problem.response
        return residual if self.without_l2 else self.problem.without_unpenalised(residual)

    def _primal(self, dual: Array) -> Array:
        """D Xᵀ a, for the features with a ridge penalty."""
        pull = self.problem.pull(self.problem.view.without_mean(dual))
        return np.asarray(self.root**2 * pull[self.features])

    def _blocks(self) -> Iterator[Array]:
        basis = None if self.without_l2 else self.problem.unpenalised_basis
        return scaled_blocks(self.problem, self.features, self.root, basis)

    def _by_singular_values(self, tau: float) -> Callable[[Array], Array]:
        """The inverse on the range of Z; directions that are in it by rounding only are left out."""
        if self._spectrum is None:
            self._spectrum = self._decompose()
            if self.without_l2 and len(self._spectrum[1]) < len(self.features):
                self._spectrum = self._in_original_units(*self._spectrum)
        left, squares = self._spectrum
        return lambda vector: np.asarray(left @ ((left.T @ vector) / (squares + tau)))

    def _decompose(self) -> tuple[Array, Array]:
        """The columns of U and the squares of S that are more than rounding."""
        left, values = left_singular(self._blocks())
        size = float(np.linalg.norm(self.root * self.problem.view.norm[self.features]))
        known = known_values(values, size)
        return left[:, known], values[known] ** 2

    def _in_original_units(self, left: Array, squares: Array) -> tuple[Array, Array]:
        """The same for the norm of coefficients in original units, unless their scales lose a direction."""
        scale = self.problem.view.scale[self.features]
        self.root = scale / scale.max()
        other = self._decompose()
        if len(other[1]) == len(squares):
            return other
        self.root = np.ones(len(scale))
        return left, squares

    def _by_cholesky(self, tau: float) -> Callable[[Array], Array] | None:
        """The inverse from the matrix itself; None where its condition is too large for that."""
        view = self.problem.view
        n = view.shape[0]
        system = np.zeros((n, n))
        for columns in self._blocks():
            system += columns @ columns.T
        # No right-hand side has a part along intercept and unpenalised columns: any number will do there.
        fill = float(np.trace(system)) / n
        if view.intercept:
            root = np.ones(n) if view.root is None else view.root
            system += np.outer(root, fill / view.weight * root)
        basis = self.problem.unpenalised_basis
        if basis is not None:
            system += fill * basis @ basis.T
        system.flat[:: n + 1] += tau
        norm = float(np.abs(system).sum(axis=0).max())
        factor, failed = lapack.dpotrf(system, lower=1, overwrite_a=1)
        if failed or lapack.dpocon(factor, norm, uplo="L")[0] * CONDITION < 1.0:
            return None
        return lambda vector: np.asarray(lapack.dpotrs(factor, vector, lower=1)[0])
