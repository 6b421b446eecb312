"""The kernel against exact enumeration, against a slow twin in NumPy, and against its own conditions."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import EPS, Exact, Question

from equipoise.solve._quadratic import Quadratic

INF = np.inf
LONG = np.longdouble
EXHAUSTED = 2


@dataclass(frozen=True, eq=False)
class Small:
    """½wᵀGw − cᵀw + Σ l1_j|w_j| + Σ l2_j w_j² in a box, with G = AᵀA and c = Aᵀb."""

    A: np.ndarray
    b: np.ndarray
    l1: np.ndarray
    l2: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @classmethod
    def of(cls, A, b, l1=1.0, l2=0.0, lower=-INF, upper=INF) -> "Small":
        k = np.shape(A)[1]
        return cls(
            np.asarray(A, float),
            np.asarray(b, float),
            *(
                np.full(k, v, float) if np.ndim(v) == 0 else np.asarray(v, float)
                for v in (l1, l2, lower, upper)
            ),
        )

    @property
    def gram(self) -> np.ndarray:
        return np.ascontiguousarray(self.A.T @ self.A)

    @property
    def pull(self) -> np.ndarray:
        return self.A.T @ self.b

    @property
    def floor(self) -> np.ndarray:
        return 16 * EPS * np.linalg.norm(self.A, axis=0) * np.linalg.norm(self.b)

    @property
    def size(self) -> int:
        return self.A.shape[1]

    def kernel(self) -> Quadratic:
        return Quadratic(self.gram, self.l1, self.l2, self.lower, self.upper, self.floor)

    def value(self, w, strength=1.0) -> float:
        w = np.asarray(w).astype(LONG)
        r = self.b - self.A.astype(LONG) @ w
        return (r @ r) / 2 + strength * (self.l1 @ np.abs(w) + self.l2 @ w**2)

    def excess(self, w, strength=1.0) -> np.ndarray:
        """How far each pull is outside its interval, in units of what the kernel promises."""
        w = np.asarray(w).astype(LONG)
        pull = self.A.T.astype(LONG) @ (self.b - self.A.astype(LONG) @ w)
        slope = strength * (np.sign(w) * self.l1 + 2 * self.l2 * w)
        low = np.where(w <= self.lower, -INF, np.where(w == 0, -strength * self.l1, slope))
        high = np.where(w >= self.upper, INF, np.where(w == 0, strength * self.l1, slope))
        distance = np.maximum(np.maximum(low - pull, pull - high), 0)
        # Measured from G, pulls err by roundings of Σ_k ‖a_j‖‖a_k‖|w_k| on top of what is promised.
        norm = np.linalg.norm(self.A, axis=0)
        size = np.linalg.norm(self.b) + norm @ np.abs(w)
        promised = (
            1e-11 * strength * self.l1 + self.floor + 8 * EPS * np.sqrt(len(self.A) + self.size) * norm * size
        )
        return np.asarray(
            np.where(distance > 0, distance / np.where(promised > 0, promised, 1e-300), 0), float
        )


def assert_solved(problem: Small, kernel: Quadratic, outcome: int, strength: float = 1.0) -> None:
    w = np.asarray(kernel.coef)
    assert np.all((problem.lower <= w) & (w <= problem.upper))
    assert outcome != EXHAUSTED
    excess = problem.excess(w, strength)
    assert excess.max() <= 1.0, (int(excess.argmax()), float(excess.max()), w)
    assert_placed(problem, kernel, strength)
    # The pull it reports belongs to its coefficients.
    norm = np.linalg.norm(problem.A, axis=0)
    size = np.linalg.norm(problem.b) + norm @ np.abs(w)
    np.testing.assert_array_less(
        np.abs(kernel.pull - (problem.pull - problem.gram @ w)), 1e-13 * norm * size + 1e-300
    )


def assert_placed(problem: Small, kernel: Quadratic, strength: float) -> None:
    """What the kernel says of each coefficient's place is where it is."""
    for j, place in enumerate(np.asarray(kernel.place)):
        w = kernel.coef[j]
        kinked = strength * problem.l1[j] > 0 and problem.lower[j] < 0 < problem.upper[j]
        match place:
            case -2:
                assert w == problem.lower[j]
            case 2:
                assert w == problem.upper[j]
            case 0:
                assert w == 0
            case 1:
                assert not kinked or w >= 0
            case -1:
                assert not kinked or w <= 0
            case _:
                pytest.fail(f"no such place: {place}")


def cold(problem: Small, strength: float = 1.0) -> Quadratic:
    kernel = problem.kernel()
    assert_solved(problem, kernel, kernel.solve(np.zeros(problem.size), problem.pull, strength), strength)
    return kernel


def twin(problem: Small, strength: float = 1.0, sweeps: int = 20_000) -> np.ndarray:
    """Coordinate descent: each coefficient in turn to its own minimum, until nothing moves."""
    gram, l1, l2 = problem.gram, strength * problem.l1, strength * problem.l2
    w = np.clip(np.zeros(problem.size), problem.lower, problem.upper)
    pull = problem.pull - gram @ w
    for _ in range(sweeps):
        moved = 0.0
        for j in range(problem.size):
            curvature = gram[j, j] + 2 * l2[j]
            if curvature == 0 or problem.lower[j] == problem.upper[j]:
                continue
            partial = pull[j] + gram[j, j] * w[j]
            best = np.sign(partial) * max(abs(partial) - l1[j], 0.0) / curvature
            step = np.clip(best, problem.lower[j], problem.upper[j]) - w[j]
            if step:
                w[j] += step
                pull -= step * gram[j]
                moved = max(moved, abs(step) * np.sqrt(gram[j, j]))
        if moved <= 1e-15 * np.linalg.norm(problem.b):
            break
    return w


# ---- small integers, exactly ---------------------------------------------------------------------


@st.composite
def rationals(draw) -> Small:
    n, k = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    row = st.lists(st.integers(-2, 2), min_size=k, max_size=k)
    A = draw(st.lists(row, min_size=n, max_size=n))
    b = draw(st.lists(st.integers(-5, 5), min_size=n, max_size=n))
    l1 = draw(st.lists(st.sampled_from((0.5, 1.0, 1.0, 2.0, 4.0)), min_size=k, max_size=k))
    l2 = draw(st.sampled_from((0.0, 0.0, 0.5, [0.25, 0.0, 1.0, 0.0][:k])))
    each = st.sampled_from(
        (
            (-INF, INF),
            (-INF, INF),
            (0.0, INF),
            (-INF, 0.0),
            (-0.5, 0.25),
            (0.25, 2.0),
            (1.0, 1.0),
            (-1.0, -0.5),
            (0.0, 0.0),
        )
    )
    box = draw(st.lists(each, min_size=k, max_size=k))
    return Small.of(A, b, l1, l2, [low for low, _ in box], [high for _, high in box])


def exact(problem: Small, strength: float = 1.0) -> Exact:
    return Exact(
        Question(
            problem.A,
            problem.b,
            strength * problem.l1,
            strength * problem.l2,
            intercept=False,
            lower=problem.lower,
            upper=problem.upper,
        )
    )


@settings(max_examples=200)
@given(rationals())
def test_small_integer_problems_are_solved_exactly(problem):
    truth = exact(problem)
    w = cold(problem).coef
    assert float(truth.value(w.tolist()) - truth.least) <= 1e-13 * (1 + float(problem.b @ problem.b))
    if len(truth.vertices) == 1:
        np.testing.assert_allclose(w, [float(v) for v in truth.vertices[0]], rtol=1e-12, atol=1e-12)


@settings(max_examples=60)
@given(rationals(), st.lists(st.sampled_from((4.0, 2.0, 1.0, 0.5, 0.25, 0.0)), min_size=2, max_size=5))
def test_warm_starts_from_any_strength_to_any_other(problem, strengths):
    kernel = problem.kernel()
    for t in strengths:
        assert_solved(problem, kernel, kernel.solve(np.zeros(problem.size), problem.pull, t), t)
        if t > 0:
            truth = exact(problem, t)
            lost = truth.value(kernel.coef.tolist()) - truth.least
            assert float(lost) <= 1e-13 * (1 + float(problem.b @ problem.b))


def test_the_twin_itself_is_right():
    rng = np.random.default_rng(0)
    for _ in range(10):
        problem = Small.of(
            rng.integers(-2, 3, size=(6, 3)), rng.integers(-5, 6, size=6), 1.0, 0.25, -0.5, 2.0
        )
        truth = exact(problem)
        assert float(truth.value(twin(problem).tolist()) - truth.least) <= 1e-12


# ---- larger ones against the twin ----------------------------------------------------------------

KINDS = (
    "normal",
    "wide",
    "correlated",
    "duplicates",
    "one-hot",
    "low rank",
    "orthogonal ties",
    "integers",
    "near copies",
)


def design(rng: np.random.Generator, kind: str, k: int) -> tuple[np.ndarray, np.ndarray]:
    n = 2 * k
    match kind:
        case "normal":
            A = rng.normal(size=(n, k))
        case "wide":
            A = rng.normal(size=(max(1, k // 2), k))
        case "correlated":
            A = 0.1 * rng.normal(size=(n, k)) + rng.normal(size=(n, 1))
        case "duplicates":
            A = rng.normal(size=(n, k))
            A[:, k // 2 :] = A[:, : k - k // 2] * rng.choice([-1.0, 1.0])
        case "one-hot":
            A = np.eye(k)[rng.integers(0, k, size=n)]
            A -= A.mean(axis=0)
        case "low rank":
            A = rng.normal(size=(n, 2)) @ rng.normal(size=(2, k))
        case "orthogonal ties":
            A = np.eye(n)[:, :k]
            return A, np.where(np.arange(n) % 2, 3.0, -3.0)
        case "integers":
            A = rng.integers(-1, 2, size=(n, k)).astype(float)
            return A, rng.integers(-4, 5, size=n).astype(float)
        case _:
            A = rng.normal(size=(n, k))
            A[:, k // 2 :] = A[:, : k - k // 2] + 1e-5 * rng.normal(size=(n, k - k // 2))
    return A, A @ (rng.normal(size=k) * (rng.random(k) < 0.5)) + rng.normal(size=len(A))


def boxed(rng: np.random.Generator, kind: str, k: int) -> dict[str, np.ndarray | float]:
    match kind:
        case "none":
            return {}
        case "positive":
            return {"lower": 0.0}
        case "box":
            return {"lower": -0.1, "upper": 0.2}
        case _:
            return {
                "lower": rng.choice([-INF, -0.2, 0.0, 0.1], size=k),
                "upper": rng.choice([INF, 0.3, 0.2], size=k),
            }


@settings(max_examples=100)
@given(
    st.integers(0, 10**6),
    st.sampled_from(KINDS),
    st.integers(2, 12),
    st.sampled_from(("none", "none", "positive", "box", "mixed")),
    st.sampled_from((0.0, 0.0, 0.01, 1.0)),
    st.sampled_from((0.9, 0.5, 0.1, 0.01)),
)
def test_no_twin_finds_a_lower_value(seed, kind, k, box, l2, fraction):
    rng = np.random.default_rng(seed)
    A, b = design(rng, kind, k)
    l1 = fraction * np.max(np.abs(A.T @ b)) * rng.choice([1.0, 0.5], size=k)
    problem = Small.of(A, b, l1 + 1e-12, l2, **boxed(rng, box, k))
    kernel = problem.kernel()
    outcome = kernel.solve(np.zeros(k), problem.pull)
    if kind != "near copies":  # there the Gram matrix has lost the digits that tell columns apart
        assert_solved(problem, kernel, outcome)
    total = float(b @ b)
    slow = twin(problem, sweeps=300)
    assert problem.value(kernel.coef) <= problem.value(slow) + 1e-12 * total


@settings(max_examples=40)
@given(
    st.integers(0, 10**6),
    st.sampled_from(KINDS[:-1]),
    st.integers(2, 20),
    st.sampled_from(("none", "positive", "mixed")),
    st.sampled_from((0.0, 0.1)),
)
def test_a_path_is_its_points(seed, kind, k, box, l2):
    rng = np.random.default_rng(seed)
    A, b = design(rng, kind, k)
    problem = Small.of(A, b, 1.0, l2, **boxed(rng, box, k))
    strengths = np.max(np.abs(A.T @ b)) * np.append(np.geomspace(1.1, 1e-3, 12), 0.05)
    coefs = np.empty((13, k))
    outcomes = np.empty(13, dtype=np.intc)
    kernel = problem.kernel()
    kernel.path(problem.pull, strengths, coefs, outcomes)
    assert np.all(outcomes != EXHAUSTED)
    for i, t in enumerate(strengths):
        assert problem.excess(coefs[i], t).max() <= 1.0
        single = cold(problem, t)
        assert abs(problem.value(coefs[i], t) - problem.value(single.coef, t)) <= 1e-13 * float(b @ b)
        np.testing.assert_allclose(A @ coefs[i], A @ single.coef, atol=1e-8 * np.linalg.norm(b))
    null = np.clip(0.0, problem.lower, problem.upper)
    if not null.any() and l2 == 0:
        assert not coefs[0].any()


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(KINDS[:-1]), st.integers(3, 16), st.booleans())
def test_growing_column_by_column_ends_at_the_same_place(seed, kind, k, roomy):
    rng = np.random.default_rng(seed)
    A, b = design(rng, kind, k)
    problem = Small.of(A, b, 0.2 * np.max(np.abs(A.T @ b)))
    gram = np.zeros((2 * k, 2 * k)) if roomy else None
    kernel = None
    size = 0
    while size < k:
        size = min(k, size + int(rng.integers(1, 4)))
        part = Small.of(A[:, :size], b, problem.l1[:size])
        if roomy:
            gram[:size, :size] = part.gram  # one buffer with capacity to spare
        held = gram if roomy else part.gram
        arrays = (part.l1, part.l2, part.lower, part.upper, part.floor)
        if kernel is None:
            kernel = Quadratic(held, *arrays)
        else:
            kernel.grow(held, *arrays)
        assert kernel.size == size
        assert_solved(part, kernel, kernel.solve(np.zeros(size), part.pull))
    assert abs(problem.value(kernel.coef) - problem.value(cold(problem).coef)) <= 1e-13 * float(b @ b)


def test_a_reference_elsewhere_is_the_same_problem():
    rng = np.random.default_rng(1)
    for kind in KINDS[:-1]:
        A, b = design(rng, kind, 8)
        problem = Small.of(A, b, 0.1 * np.max(np.abs(A.T @ b)))
        expected = cold(problem).coef
        for _ in range(3):
            reference = rng.normal(size=8)
            kernel = problem.kernel()
            outcome = kernel.solve(reference, problem.A.T @ (b - A @ reference))
            assert_solved(problem, kernel, outcome)
            np.testing.assert_allclose(A @ kernel.coef, A @ expected, atol=1e-9 * np.linalg.norm(b))


def test_the_caller_s_arrays_are_only_read():
    rng = np.random.default_rng(2)
    A, b = design(rng, "normal", 5)
    problem = Small.of(A, b, 1.0)
    reference, pull = np.zeros(5), problem.pull
    arrays = [problem.gram, problem.l1, problem.l2, problem.lower, problem.upper, problem.floor]
    kept = [a.copy() for a in (*arrays, reference, pull)]
    kernel = Quadratic(*arrays)
    kernel.solve(reference, pull)
    kernel.solve(reference, pull, 0.1)
    assert all(np.array_equal(a, b) for a, b in zip((*arrays, reference, pull), kept, strict=True))


# ---- it ends, on everything ----------------------------------------------------------------------


def hilbert(k: int) -> np.ndarray:
    return 1.0 / (np.arange(k)[:, None] + np.arange(k) + 1.0)


NASTY = {
    "nothing but copies": (np.ones((5, 30)), np.arange(5.0)),
    "copies and mirrors": (np.outer(np.arange(1.0, 6.0), np.tile([1.0, -1.0], 15)), np.arange(5.0)),
    "all levels": (np.eye(6)[np.arange(24) % 6] - 1 / 6, np.arange(24.0)),
    "two factors, all levels": (
        np.column_stack([np.eye(4)[np.arange(24) % 4], np.eye(6)[np.arange(24) // 4]]),
        np.arange(24.0) % 7,
    ),
    "Hilbert": (hilbert(20), np.ones(20)),
    "Hadamard": (
        np.array([[(-1.0) ** bin(i & j).count("1") for j in range(16)] for i in range(16)]),
        16.0 * np.eye(16)[0],
    ),
    "zeros": (np.zeros((4, 6)), np.ones(4)),
    "some zeros": (np.eye(6) * [1, 0, 1, 0, 1, 0], np.arange(6.0)),
    "cumulative sums": (np.tril(np.ones((25, 25))), np.sin(np.arange(25.0)) * 5),
    "polynomials": (np.linspace(0, 1, 30)[:, None] ** np.arange(15), np.cos(9 * np.linspace(0, 1, 30))),
    "equal pulls": (np.eye(10) + 0.5, np.ones(10)),
    "tiny": (1e-60 * np.eye(4), 1e-60 * np.arange(4.0)),
    "huge": (1e150 * np.eye(4), np.arange(4.0)),
    "scales": (np.diag(10.0 ** np.arange(-8, 9, 2)), np.ones(9)),
}


@pytest.mark.parametrize("box", ["none", "positive", "box", "zero width"])
@pytest.mark.parametrize("l2", [0.0, 1e-3])
@pytest.mark.parametrize("case", NASTY)
def test_it_ends_on_everything(case, l2, box):
    A, b = NASTY[case]
    k = A.shape[1]
    box_of = {
        "none": {},
        "positive": {"lower": 0.0},
        "box": {"lower": -0.01, "upper": 0.02},
        "zero width": {"lower": 0.5, "upper": 0.5},
    }
    problem = Small.of(A, b, 1.0, l2, **box_of[box])
    largest = np.max(np.abs(problem.pull)) or 1.0
    kernel = problem.kernel()
    done = 0
    for t in largest * np.array([2.0, 1.0, 0.5, 1e-3, 0.1, 1e-9, 1.0, 0.0, 0.3]):
        outcome = kernel.solve(np.zeros(k), problem.pull, t)
        # 12 rounds of admission, then at most 50 steps a column, each of a few solves.
        assert kernel.solves - done <= 400 * (k + 20)
        done = kernel.solves
        w = np.asarray(kernel.coef)
        assert np.all(np.isfinite(w))
        assert np.all((problem.lower <= w) & (w <= problem.upper))
        if case not in ("Hilbert", "polynomials"):  # there rounding decides what the last digits are
            assert_solved(problem, kernel, outcome, t)


def test_warm_solves_that_change_nothing_take_no_steps():
    rng = np.random.default_rng(3)
    A, b = design(rng, "normal", 12)
    problem = Small.of(A, b, 5.0)
    kernel = cold(problem)
    steps, solves = kernel.steps, kernel.solves
    before = kernel.coef.copy()
    kernel.solve(np.zeros(12), problem.pull)
    assert kernel.steps == steps
    assert kernel.solves - solves <= 2
    np.testing.assert_allclose(kernel.coef, before, rtol=1e-14)


def test_another_response_from_a_warm_start():
    rng = np.random.default_rng(4)
    A, b = design(rng, "correlated", 10)
    kernel = cold(Small.of(A, b, 1.0))
    for _ in range(5):
        other = Small.of(A, rng.normal(size=20), 1.0)
        assert_solved(replace(other, b=other.b), kernel, kernel.solve(np.zeros(10), other.pull))
        np.testing.assert_allclose(kernel.coef, cold(other).coef, atol=1e-9)


def test_strength_zero_is_least_squares_and_the_way_back():
    rng = np.random.default_rng(5)
    A, b = design(rng, "normal", 6)
    problem = Small.of(A, b, 1.0)
    kernel = cold(problem)
    for t in (0.0, 3.0, 0.0, 1e-6, 1e6, 0.0):
        assert_solved(problem, kernel, kernel.solve(np.zeros(6), problem.pull, t), t)
        if t == 0:
            np.testing.assert_allclose(kernel.coef, np.linalg.lstsq(A, b, rcond=None)[0], rtol=1e-9)


def test_supports_shrink_and_grow_continuously_along_a_path():
    rng = np.random.default_rng(6)
    A, b = design(rng, "normal", 6)
    problem = Small.of(A, b, 1.0)
    kernel = problem.kernel()
    coefs = []
    for t in np.linspace(np.max(np.abs(problem.pull)), 0.0, 400):
        kernel.solve(np.zeros(6), problem.pull, t)
        coefs.append(kernel.coef.copy())
    jumps = [np.max(np.abs(one - other)) for one, other in pairwise(coefs)]
    assert max(jumps) < 20 * np.median([j for j in jumps if j > 0])


@pytest.mark.parametrize(("n", "k", "most"), [(50, 60, 350), (60, 150, 350)])
def test_a_path_that_reaches_the_rank_takes_solves_not_steps(n, k, most):
    rng = np.random.default_rng(0)
    A = np.sqrt(0.5) * (rng.normal(size=(n, 1)) + rng.normal(size=(n, k)))
    problem = Small.of(A, A[:, :10] @ rng.normal(size=10) + rng.normal(size=n))
    kernel = problem.kernel()
    kernel.rank = n
    strengths = np.geomspace(np.abs(problem.pull).max(), 1e-5 * np.abs(problem.pull).max(), 100)
    coef, outcome = np.empty((100, k)), np.empty(100, np.intc)
    kernel.path(problem.pull, strengths, coef, outcome)
    assert (outcome == 0).all()
    assert np.count_nonzero(coef[-1]) == n
    assert max(problem.excess(w, t).max() for w, t in zip(coef, strengths, strict=True)) <= 1.0
    # Most strengths take two or three; each of those that rounds do not reach at once, a few more.
    assert (kernel.steps, kernel.solves <= most) == (0, True), kernel.solves


def conditions(problem: Small, w: np.ndarray, pull: np.ndarray, strength: float) -> float:
    """The largest distance of a pull to its interval."""
    l1, l2 = strength * problem.l1, strength * problem.l2
    slope = np.sign(w) * l1 + 2 * l2 * w
    low = np.where(w <= problem.lower, -INF, np.where(w == 0, -l1, slope))
    high = np.where(w >= problem.upper, INF, np.where(w == 0, l1, slope))
    return float(np.max(np.maximum(low - pull, pull - high), initial=0.0))


def several_rounds(
    problem: Small, gram: np.ndarray, scales: np.ndarray, most: int
) -> tuple[list[float], int]:
    """Violations of three points of a problem whose pulls are measured, while the kernel knows another G."""
    strengths, k = np.array([3.0, 2.0, 0.5]), problem.size
    kernel = Quadratic(gram, problem.l1, problem.l2, problem.lower, problem.upper, problem.floor)
    coef = np.tile(np.clip(0.0, problem.lower, problem.upper), (3, 1))
    kernel.restart(gram, problem.floor, coef[0], 3.0)
    before, pulls_before = np.empty((2, 3, k))
    paired, todo, worst = np.zeros(3, np.uint8), np.ones(3, np.uint8), np.empty(3)
    for done in range(most):
        pulls = problem.pull - coef @ problem.gram
        left = kernel.rounds(
            coef, pulls, before, pulls_before, paired, strengths, scales, problem.floor, 1e-9, worst, todo,
            done % 2 == 1,
        )  # fmt: skip
        if not left:
            break
    pulls = problem.pull - coef @ problem.gram
    return [conditions(problem, *one) for one in zip(coef, pulls, strengths, strict=True)], done


@pytest.mark.parametrize("box", [{}, {"lower": 0.0}, {"lower": -0.3, "upper": 0.2}, {"lower": 0.1}])
@pytest.mark.parametrize("l2", [0.0, 0.7])
@pytest.mark.parametrize("l1", [1.0, np.array([0.0, 1.0, 1.0, 2.0, 0.0, 1.0, 1.0])])
def test_rounds_on_the_true_curvature_and_near_it(l1, l2, box):
    rng = np.random.default_rng(4)
    problem = Small.of(rng.normal(size=(30, 7)), 3 * rng.normal(size=30), l1, l2, **box)
    told, rounds = several_rounds(problem, problem.gram, np.ones(3), 5)
    assert max(told) <= 1e-8
    assert rounds == 1  # the first moves, the second finds nothing left to do
    # Curvatures of another size altogether, which the scales make good.
    told, rounds = several_rounds(problem, 5.0 * problem.gram, np.full(3, 0.2), 5)
    assert max(told) <= 1e-8
    assert rounds == 1
    # Another G: the pair of the last move makes up for some of it.
    tilted = np.ascontiguousarray(problem.gram * 1.2 + 3.0 * np.diag(rng.random(7)))
    told, rounds = several_rounds(problem, tilted, np.ones(3), 40)
    assert max(told) <= 1e-8
    assert rounds < 25


def test_restarting_takes_the_new_gram_and_the_places_of_the_coefficients():
    rng = np.random.default_rng(5)
    problem = Small.of(rng.normal(size=(20, 5)), rng.normal(size=20), lower=[-INF, -1.0, -INF, 0.0, -INF])
    kernel = Quadratic(np.eye(5), problem.l1, problem.l2, problem.lower, problem.upper, problem.floor)
    kernel.restart(problem.gram, problem.floor, np.array([0.5, -1.0, 0.0, 0.0, -0.5]), 0.1)
    assert kernel.place.tolist() == [1, -2, 0, -2, -1]
    outcome = kernel.solve(np.zeros(5), problem.pull, 0.1)
    assert_solved(problem, kernel, outcome, 0.1)
