"""Random problems, ugly on purpose: what hypothesis draws for whoever solves them."""

import numpy as np
from hypothesis import strategies as st
from oracle import Checked, Question

INF = np.inf

BASES = ("normal", "integer", "one-hot", "correlated", "far", "binary")
TWISTS = (
    "duplicate",
    "mirrored",
    "copy 1e-6",
    "copy 1e-8",
    "constant",
    "zero",
    "sum of two",
    "large scale",
    "small scale",
)
RESPONSES = ("linear", "noise", "integer", "constant", "zero", "huge", "far")
PENALTIES = ("scalar", "zero", "per feature", "some free", "some excluded", "tie")
BOXES = ("none", "none", "positive", "negative", "box", "not zero", "fixed", "mixed")


def design(rng: np.random.Generator, base: str, n: int, p: int, twists: list[str]) -> np.ndarray:
    match base:
        case "normal":
            X = rng.normal(size=(n, p))
        case "integer":
            X = rng.integers(-3, 4, size=(n, p)).astype(float)
        case "binary":
            X = rng.integers(0, 2, size=(n, p)).astype(float)
        case "one-hot":
            X = np.eye(p)[rng.integers(0, p, size=n)]
        case "correlated":
            X = 0.2 * rng.normal(size=(n, p)) + rng.normal(size=(n, 1))
        case "far":
            X = 1e6 + rng.normal(size=(n, p))
    for twist in twists:
        j, k, m = rng.integers(0, p, size=3)
        match twist:
            case "duplicate":
                X[:, j] = X[:, k]
            case "mirrored":
                X[:, j] = -X[:, k]
            case "copy 1e-6":
                X[:, j] = X[:, k] + 1e-6 * rng.normal(size=n)
            case "copy 1e-8":
                X[:, j] = X[:, k] + 1e-8 * rng.normal(size=n)
            case "constant":
                X[:, j] = rng.integers(-3, 4)
            case "zero":
                X[:, j] = 0.0
            case "sum of two":
                X[:, j] = X[:, k] + X[:, m]
            case "large scale":
                X[:, j] *= 1e8
            case "small scale":
                X[:, j] *= 1e-8
    return X


def response(rng: np.random.Generator, kind: str, X: np.ndarray) -> np.ndarray:
    n, p = X.shape
    spread = X.std(axis=0)
    signal = (X - X.mean(axis=0)) @ (
        rng.normal(size=p) * (rng.random(p) < 0.4) / np.where(spread > 0, spread, 1)
    )
    match kind:
        case "linear":
            return signal + 0.5 * rng.normal(size=n)
        case "noise":
            return rng.normal(size=n)
        case "integer":
            return rng.integers(-5, 6, size=n).astype(float)
        case "constant":
            return np.full(n, 3.5)
        case "zero":
            return np.zeros(n)
        case "huge":
            return 1e12 * (signal + rng.normal(size=n))
        case _:
            return 1e6 + signal + rng.normal(size=n)


def penalties(rng: np.random.Generator, kind: str, largest: float, fraction: float, p: int):
    """An l1, from the largest pull of a feature alone."""
    l1 = fraction * largest
    match kind:
        case "scalar":
            return l1
        case "zero":
            return 0.0
        case "per feature":
            return l1 * rng.random(p) * 2
        case "some free":
            return np.where(rng.random(p) < 0.15, 0.0, l1)
        case "some excluded":
            return np.where(rng.random(p) < 0.3, INF, l1)
        case _:
            return largest


def boxes(rng: np.random.Generator, kind: str, size: np.ndarray, excluded: np.ndarray):
    """Bounds in the units of each coefficient; none that an excluded feature cannot meet."""
    p = len(size)
    reach = size * rng.choice([0.01, 0.3, 3.0], size=p)
    match kind:
        case "none":
            return -INF, INF
        case "positive":
            return 0.0, INF
        case "negative":
            return -INF, 0.0
        case "box":
            return -reach, reach
        case "not zero":
            away = (rng.random(p) < 0.3) & ~excluded
            side = rng.random(p) < 0.5
            low = np.where(away, np.where(side, 0.5 * reach, -reach), -INF)
            return low, np.where(away, np.where(side, reach, -0.5 * reach), INF)
        case "fixed":
            held = rng.random(p) < 0.3
            value = np.where(excluded, 0.0, reach * rng.integers(-1, 2, size=p))
            return np.where(held, value, -INF), np.where(held, value, INF)
        case _:
            low = np.where(rng.random(p) < 0.5, -INF, -reach * rng.integers(0, 2, size=p))
            return low, np.where(rng.random(p) < 0.5, INF, reach * rng.integers(0, 2, size=p))


@st.composite
def questions(draw, twists=TWISTS, bases=BASES, rows=30, columns=(1, 40)) -> Question:
    """Problems of at most so many rows, and of a number of columns in this range."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="seed"))
    n, p = draw(st.integers(1, rows), label="n"), draw(st.integers(*columns), label="p")
    chosen = draw(st.lists(st.sampled_from(twists), max_size=4), label="twists") if twists else []
    X = design(rng, draw(st.sampled_from(bases), label="base"), n, p, chosen)
    y = response(rng, draw(st.sampled_from(RESPONSES), label="response"), X)
    intercept = draw(st.booleans(), label="intercept")
    weights = offset = None
    match draw(st.sampled_from(("none", "none", "integer", "real")), label="weights"):
        case "integer":
            weights = rng.integers(0, 4, size=n).astype(float)
            weights[rng.integers(n)] = 1.0
        case "real":
            weights = rng.exponential(size=n)
    if draw(st.sampled_from((False, False, True)), label="offset"):
        offset = rng.normal(size=n)
    standardize = draw(st.booleans(), label="standardize")
    plain = Question(X, y, 0.0, intercept=intercept, sample_weight=weights, offset=offset)
    alone = np.abs(Checked(plain, np.zeros(p)).pull.astype(float))
    if standardize:
        spread = plain.sd.astype(float)
        alone = np.divide(alone, spread, out=np.zeros(p), where=spread > 0)
    fraction = draw(st.sampled_from((1.5, 0.7, 0.3, 0.05, 1e-3, 1e-6)), label="fraction")
    l1 = penalties(rng, draw(st.sampled_from(PENALTIES), label="l1"), float(alone.max()) or 1.0, fraction, p)
    norm, size = plain.norms.astype(float), float(plain.target_norm) or 1.0
    unit = np.divide(size, norm, out=np.ones(p), where=norm > 0)
    ridge = draw(st.sampled_from(("none", "none", "scalar", "per feature")), label="l2")
    l2 = 0.0
    if ridge != "none":
        scale = float(np.median(norm[norm > 0] ** 2)) if norm.any() else 1.0
        l2 = (scale if not standardize else n) * draw(st.sampled_from((1e-6, 0.01, 1.0)), label="l2 fraction")
        l2 = l2 * rng.integers(0, 3, size=p) if ridge == "per feature" else l2
    excluded = np.broadcast_to(np.isinf(l1), p)
    lower, upper = boxes(rng, draw(st.sampled_from(BOXES), label="box"), unit, excluded)
    return Question(X, y, l1, l2, intercept, standardize, weights, offset, lower, upper)
