"""``eq.fit`` against the optimality conditions, exact arithmetic, other solvers, and itself transformed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st
from oracle import EPS, Exact, Question, assert_honest, check
from questions import questions
from scipy.optimize import lsq_linear, nnls
from sklearn.linear_model import ElasticNet, Lasso, LassoLars, LinearRegression, Ridge

import equipoise as eq
from equipoise import Status

INF = np.inf


def fit(question: Question) -> eq.Fit:
    return eq.fit(question.X, question.y, **question.arguments)


# ---- random problems, ugly on purpose ---------------------------------------------------------------


@settings(max_examples=400)
@given(questions())
def test_every_fit_is_a_solution_or_says_why_not(question):
    found = fit(question)
    event(f"status {found.certificate.status.name}")
    assert_honest(question, found)


@settings(max_examples=200)
@given(
    questions(
        twists=("duplicate", "mirrored", "constant", "zero", "large scale", "small scale"),
        bases=("normal", "integer", "one-hot"),
    )
)
def test_without_near_copies_every_fit_is_optimal(question):
    # Of a response of nothing but zeros rounding is nothing too, and a box may still move coefficients.
    assume(question.target_norm > 0)
    found = fit(question)
    checked = check(question, found)
    # Without an l1, columns that nearly depend on each other take coefficients that float64 cannot write.
    if np.any(question.limits == 0):
        assert_honest(question, found)
    else:
        assert found.certificate.optimal, (found.certificate.status.name, checked.blame())
        assert checked.balanced, checked.blame()


@settings(max_examples=200)
@given(questions())
def test_working_sets_and_the_whole_gram_matrix_are_one(question):
    """Small problems solved as large ones are: column by column, without the whole Gram matrix."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("equipoise.objective.squares.SMALL", 0)
        patch.setattr("equipoise.objective.squares.LARGE", 0)
        assert_honest(question, fit(question))


@settings(max_examples=60)
@given(questions(rows=1))
def test_one_row(question):
    assert_honest(question, fit(question))


@settings(max_examples=60)
@given(questions(twists=(), columns=(1, 1)))
def test_one_column(question):
    assert_honest(question, fit(question))


# ---- small problems in rational arithmetic: what the certificate says is never wrong -------------


@st.composite
def rational_questions(draw) -> Question:
    """Small integers everywhere: ties, duplicates and dependent columns are the rule."""
    n, p = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    digit = st.integers(-2, 2)
    X = np.array(draw(st.lists(st.lists(digit, min_size=p, max_size=p), min_size=n, max_size=n)), dtype=float)
    y = np.array(draw(st.lists(st.integers(-6, 6), min_size=n, max_size=n)), dtype=float)
    halves = st.integers(1, 8).map(lambda v: v / 2)
    each = st.lists(st.sampled_from((0.5, 1.0, 2.0, INF)), min_size=p, max_size=p).map(np.array)
    l1 = draw(st.one_of(halves, halves, each))
    l2 = draw(st.sampled_from((0.0, 0.0, 0.5, 3.0)))
    weights = draw(st.one_of(st.none(), st.lists(st.integers(0, 3), min_size=n, max_size=n).filter(any)))
    free = bool(np.all(np.isfinite(l1)))
    boxes = (
        (-INF, INF),
        (-INF, INF),
        (0.0, INF),
        (-INF, 0.0),
        (-0.5, 0.25),
        *(((0.25, 2.0), (1.0, 1.0)) * free),
    )
    lower, upper = draw(st.sampled_from(boxes))
    return Question(X, y, l1, l2, draw(st.booleans()), False, weights, None, lower, upper)


TWINS = np.array([[1.0, 1.0], [2.0, 2.0], [0.0, 0.0]])


@settings(max_examples=250)
@given(rational_questions())
@example(Question(TWINS, np.array([3.0, 4.0, 0.0]), 1.0, intercept=False))
@example(Question(TWINS * [1.0, -1.0], np.array([3.0, 4.0, 0.0]), 1.0, intercept=False))
@example(Question(np.eye(3), np.array([2.0, 2.0, 2.0]), 2.0, intercept=False))
@example(Question(np.eye(3), np.array([2.0, 3.0, 4.0]), 1.0, intercept=True))
def test_the_certificate_is_true_in_exact_arithmetic(question):
    found, exact = fit(question), Exact(question)
    certificate = found.certificate
    assert certificate.optimal, check(question, found).blame()
    # Constant columns are held where they are: they take part in no proof.
    lost = exact.value(found.coef.tolist()) - exact.least
    assert 0 <= lost <= certificate.gap
    assert not np.any(certificate.zeros_proved & ~np.array(exact.always_zero))
    if certificate.unique:
        assert len(exact.vertices) == 1
        np.testing.assert_allclose(found.coef, [float(v) for v in exact.vertices[0]], rtol=1e-9, atol=1e-9)
    if certificate.support_proved:
        assert all(np.array_equal(found.coef != 0, [v != 0 for v in w]) for w in exact.vertices)
    event(
        f"{len(exact.vertices)} vertices, unique {certificate.unique}, support {certificate.support_proved}"
    )


@settings(max_examples=150)
@given(rational_questions(), st.lists(st.integers(-4, 4), min_size=4, max_size=4))
def test_the_gap_of_any_coefficients_bounds_what_they_lose_and_proves_only_true_zeros(question, steps):
    p = len(question.mean)
    coef = np.clip(np.array(steps[:p]) / 4, question.low, question.high)
    coef[np.isinf(question.limits)] = 0.0
    exact = Exact(question)
    intercept = float(question.weights @ (question.target - question.matrix @ coef) / question.weights.sum())
    audit = eq.audit(
        question.X,
        question.y,
        coef,
        intercept if question.intercept else None,
        l1=question.l1,
        l2=question.l2,
        sample_weight=question.sample_weight,
        lower=question.lower,
        upper=question.upper,
    )
    assert audit.gap >= exact.value(coef.tolist()) - exact.least
    assert not np.any(audit.zeros_proved & ~np.array(exact.always_zero))
    if audit.unique:
        assert len(exact.vertices) == 1
    if audit.support_proved:
        assert all(np.array_equal(coef != 0, [v != 0 for v in w]) for w in exact.vertices)


@settings(max_examples=100)
@given(questions(twists=("duplicate", "constant", "large scale")), st.floats(1e-12, 1.0))
def test_the_gap_away_from_the_solution_bounds_what_is_lost(question, size):
    found = fit(question)
    rng = np.random.default_rng(0)
    coef = np.clip(found.coef * (1 + size * rng.normal(size=len(found.coef))), question.low, question.high)
    audit = eq.audit(
        question.X,
        question.y,
        coef,
        found.intercept if question.intercept else None,
        **{k: v for k, v in question.arguments.items() if k != "intercept"},
    )
    here = question.objective(coef, found.intercept)
    lost = here - question.objective(found.coef, found.intercept)
    assert audit.gap >= lost - 4 * len(question.matrix) * np.finfo(np.longdouble).eps * here


def test_zeros_and_support_of_well_posed_problems_are_proved():
    rng = np.random.default_rng(1)
    for _ in range(20):
        X = rng.normal(size=(60, 8))
        y = X[:, :3] @ [3.0, -2.0, 1.0] + rng.normal(size=60)
        certificate = eq.fit(X, y, l1=20.0).certificate
        assert certificate.status is Status.OPTIMAL
        assert certificate.unique
        assert certificate.support_proved
        assert certificate.relative_gap < 1e-13


# ---- what is not unique says so ------------------------------------------------------------------


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("p", [4, 400])
def test_duplicates_of_an_active_column_are_not_unique(sign, p):
    rng = np.random.default_rng(2)
    X = rng.normal(size=(30, p))
    X[:, 1] = sign * X[:, 0]
    y = 3 * X[:, 0] + 0.1 * rng.normal(size=30)
    found = eq.fit(X, y, l1=5.0)
    assert found.certificate.optimal
    assert not found.certificate.unique
    assert found.certificate.status is Status.NOT_UNIQUE
    assert not found.certificate.zeros_proved[:2].any()
    assert eq.fit(X, y, l1=5.0, l2=0.1).certificate.status is Status.OPTIMAL


def test_one_hot_columns_with_all_levels_are_solved():
    rng = np.random.default_rng(3)
    levels = rng.integers(0, 5, size=60)
    X = np.eye(5)[levels]
    y = levels + rng.normal(size=60)
    for l1 in (0.0, 0.1, 1.0, 10.0):
        found = eq.fit(X, y, l1=l1)
        assert found.certificate.optimal
        assert check(Question(X, y, l1), found).balanced
    # One column too many beside an intercept: any of them can be left out.
    assert not eq.fit(X, y, l1=0.0).certificate.unique


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize(("n", "p"), [(5, 20), (20, 300), (2, 4)])
def test_least_squares_with_more_columns_than_rows_fits_and_is_not_unique(n, p, intercept):
    rng = np.random.default_rng(4)
    X, y = rng.normal(size=(n, p)), rng.normal(size=n)
    found = eq.fit(X, y, l1=0.0, intercept=intercept)
    assert found.certificate.status is Status.NOT_UNIQUE
    assert check(Question(X, y, 0.0, intercept=intercept), found).balanced
    np.testing.assert_allclose(found.predict(X), y, atol=1e-9)


@pytest.mark.parametrize("distance", [1e-6, 1e-8])
def test_near_copies_are_told_apart(distance):
    rng = np.random.default_rng(5)
    z = rng.normal(size=40)
    X = np.column_stack([z, z + distance * rng.normal(size=40), rng.normal(size=(40, 3))])
    y = z + 0.1 * rng.normal(size=40)
    for l1 in (1.0, 0.01):
        question = Question(X, y, l1)
        found = fit(question)
        assert_honest(question, found)
        assert found.certificate.optimal, check(question, found).blame()


# ---- agreement with others -----------------------------------------------------------------------

TIGHT = {"tol": 1e-14, "max_iter": 1_000_000}


def problem(seed: int, n: int = 50, p: int = 8) -> tuple[np.ndarray, np.ndarray, np.random.Generator]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1)) + rng.normal(size=p)
    return X, X[:, :3] @ [2.0, -1.0, 0.5] + 1.0 + rng.normal(size=n), rng


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("alpha", [1.0, 0.1, 0.01])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_lasso_agrees_with_scikit_learn(alpha, intercept):
    X, y, rng = problem(10)
    theirs = Lasso(alpha=alpha, fit_intercept=intercept, **TIGHT).fit(X, y)
    ours = eq.fit(X, y, l1=len(y) * alpha, intercept=intercept)
    np.testing.assert_allclose(ours.coef, theirs.coef_, atol=1e-9)
    np.testing.assert_allclose(ours.intercept, theirs.intercept_, atol=1e-9)
    # Weighted, n becomes Σs: scikit-learn rescales weights to a mean of 1.
    s = rng.exponential(size=len(y))
    theirs = Lasso(alpha=alpha, fit_intercept=intercept, **TIGHT).fit(X, y, sample_weight=s)
    ours = eq.fit(X, y, l1=s.sum() * alpha, intercept=intercept, sample_weight=s)
    np.testing.assert_allclose(ours.coef, theirs.coef_, atol=1e-9)


@pytest.mark.parametrize("ratio", [0.9, 0.3])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_elastic_net_agrees_with_scikit_learn(ratio):
    X, y, rng = problem(11)
    n, alpha = len(y), 0.2
    theirs = ElasticNet(alpha=alpha, l1_ratio=ratio, **TIGHT).fit(X, y)
    ours = eq.fit(X, y, l1=n * alpha * ratio, l2=n * alpha * (1 - ratio) / 2)
    np.testing.assert_allclose(ours.coef, theirs.coef_, atol=1e-9)
    s = rng.exponential(size=n)
    theirs = ElasticNet(alpha=alpha, l1_ratio=ratio, **TIGHT).fit(X, y, sample_weight=s)
    ours = eq.fit(X, y, l1=s.sum() * alpha * ratio, l2=s.sum() * alpha * (1 - ratio) / 2, sample_weight=s)
    np.testing.assert_allclose(ours.coef, theirs.coef_, atol=1e-9)
    theirs = ElasticNet(alpha=alpha, l1_ratio=ratio, positive=True, **TIGHT).fit(X, y)
    ours = eq.fit(X, y, l1=n * alpha * ratio, l2=n * alpha * (1 - ratio) / 2, lower=0.0)
    np.testing.assert_allclose(ours.coef, theirs.coef_, atol=1e-9)


@pytest.mark.parametrize(("n", "p"), [(50, 8), (20, 60), (20, 400)])
@pytest.mark.parametrize("intercept", [True, False])
def test_ridge_agrees_with_scikit_learn(n, p, intercept):
    X, y, rng = problem(12, n, p)
    s = rng.exponential(size=n)
    for alpha in (100.0, 1.0, 0.01):
        theirs = Ridge(alpha=alpha, fit_intercept=intercept).fit(X, y)
        ours = eq.fit(X, y, l1=0.0, l2=alpha / 2, intercept=intercept)
        np.testing.assert_allclose(ours.coef, theirs.coef_, rtol=1e-9, atol=1e-11)
        assert np.all(ours.coef != 0)
        theirs = Ridge(alpha=alpha, fit_intercept=intercept).fit(X, y, sample_weight=s)
        ours = eq.fit(X, y, l1=0.0, l2=alpha / 2, intercept=intercept, sample_weight=s)
        np.testing.assert_allclose(ours.coef, theirs.coef_, rtol=1e-9, atol=1e-11)
        assert ours.certificate.status is Status.OPTIMAL


@pytest.mark.parametrize("l2", [1.0, 1e-3, 1e-7])
def test_ridge_with_repeated_rows_and_more_columns(l2):
    rng = np.random.default_rng(31)
    X = np.vstack([rng.normal(size=(20, 300))] * 2)
    question = Question(X, rng.normal(size=40), 0.0, l2)
    found = fit(question)
    assert found.certificate.status is Status.OPTIMAL
    assert check(question, found).balanced, check(question, found).blame()


@pytest.mark.parametrize("l2", [1e3, 1.0, 1e-3])
def test_elastic_net_beside_ridge_with_more_columns_than_rows(l2):
    rng = np.random.default_rng(32)
    l1 = np.where(rng.random(300) < 0.2, 0.0, 1.0)
    question = Question(rng.normal(size=(20, 300)), rng.normal(size=20), l1, l2)
    found = fit(question)
    assert found.certificate.status is Status.OPTIMAL
    assert check(question, found).balanced, check(question, found).blame()


def test_least_squares_agrees_with_scikit_learn():
    X, y, rng = problem(13)
    s = rng.exponential(size=len(y))
    theirs = LinearRegression().fit(X, y, sample_weight=s)
    ours = eq.fit(X, y, l1=0.0, sample_weight=s)
    np.testing.assert_allclose(ours.coef, theirs.coef_, rtol=1e-10)
    np.testing.assert_allclose(ours.intercept, theirs.intercept_, rtol=1e-10)
    assert ours.certificate.status is Status.OPTIMAL


@pytest.mark.parametrize(("n", "p"), [(50, 8), (20, 60), (20, 400)])
def test_lasso_agrees_with_lars(n, p):
    X, y, _ = problem(14, n, p)
    for alpha in (0.5, 0.05):
        theirs = LassoLars(alpha=alpha, max_iter=10_000).fit(X, y)
        ours = eq.fit(X, y, l1=n * alpha)
        assert np.array_equal(ours.support, np.flatnonzero(theirs.coef_))
        np.testing.assert_allclose(ours.coef, theirs.coef_, atol=1e-9)


def test_non_negative_least_squares_agrees_with_scipy():
    for seed in range(10):
        X, y, _ = problem(seed)
        ours = eq.fit(X, y - 3.0, l1=0.0, intercept=False, lower=0.0)
        theirs, norm = nnls(X, y - 3.0)
        np.testing.assert_allclose(ours.coef, theirs, atol=1e-10)
        assert np.linalg.norm(y - 3.0 - X @ ours.coef) <= norm * (1 + 1e-12)


def test_least_squares_in_a_box_agrees_with_scipy():
    for seed in range(10):
        X, y, rng = problem(seed)
        lower = rng.choice([-INF, -0.3, 0.1], size=8)
        upper = rng.choice([0.2, 0.5, INF], size=8)
        ours = eq.fit(X, y, l1=0.0, intercept=False, lower=lower, upper=upper)
        theirs = lsq_linear(X, y, (lower, upper), method="bvls", tol=1e-15).x
        np.testing.assert_allclose(ours.coef, theirs, atol=1e-9)


# ---- invariances ---------------------------------------------------------------------------------

# A unique solution moves with its data by rounding alone; where it is not unique only the fit is the same.
ORDINARY = {"twists": ("constant", "sum of two"), "bases": ("normal", "integer", "correlated")}


def assert_same(question: Question, one: eq.Fit, other: eq.Fit) -> None:
    """Two fits of one question agree: the fitted values always, the support where both prove it."""
    checked = check(question, one)
    assert_honest(question, one)
    # Without an l1, of many solutions one may be beyond float64 and another not.
    if np.all(question.limits > 0) and question.target_norm > 0:
        assert one.certificate.optimal == other.certificate.optimal
    if one.certificate.support_proved and other.certificate.support_proved:
        assert np.array_equal(one.coef != 0, other.coef != 0)
    # Without a penalty, columns that nearly depend on each other leave the fit itself to rounding.
    if np.any((checked.rounding > 1e-3 * checked.allowed) & (question.limits == 0) & (question.ridge == 0)):
        return
    apart = question.columns @ (one.coef - other.coef).astype(np.longdouble)
    size = question.target_norm + question.norms @ np.abs(checked.w)
    assert np.sqrt(question.weights @ apart**2) <= 1e-7 * size


@settings(max_examples=60)
@given(questions(**ORDINARY), st.randoms(use_true_random=False))
def test_a_weight_of_two_is_a_row_twice_and_of_zero_none(question, random):
    s = np.array([random.randint(0, 3) for _ in question.target], dtype=float)
    s[random.randrange(len(s))] = 1.0
    weighted = replace(question, sample_weight=s)
    rows = np.repeat(np.arange(len(s)), s.astype(int))
    offset = None if question.offset is None else question.offset[rows]
    repeated = replace(question, X=question.X[rows], y=question.y[rows], offset=offset, sample_weight=None)
    assert_same(weighted, fit(weighted), fit(repeated))


@settings(max_examples=60)
@given(questions(**ORDINARY), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(question, random):
    n, p = question.matrix.shape
    rows, columns = list(range(n)), list(range(p))
    random.shuffle(rows)
    random.shuffle(columns)

    def moved(value, index):
        return value if value is None or np.ndim(value) == 0 else value[index]

    shuffled = Question(
        question.X[np.ix_(rows, columns)],
        question.y[rows],
        moved(question.l1, columns),
        moved(question.l2, columns),
        question.intercept,
        question.standardize,
        moved(question.sample_weight, rows),
        moved(question.offset, rows),
        moved(question.lower, columns),
        moved(question.upper, columns),
    )
    assert_same(shuffled, fit(shuffled), replace_coef(fit(question), columns))


def replace_coef(found: eq.Fit, columns: list[int]) -> eq.Fit:
    return replace(found, coef=found.coef[columns])


@settings(max_examples=60)
@given(questions(**ORDINARY), st.sampled_from((1e-8, 0.3, 7.0, 1e8)))
def test_a_column_in_other_units_has_its_coefficient_in_theirs(question, unit):
    p = question.matrix.shape[1]
    c = np.where(np.arange(p) % 2 == 0, unit, 1.0)
    own = 1.0 if question.standardize else c
    rescaled = replace(
        question,
        X=question.X * c,
        l1=question.l1 * own,
        l2=question.l2 * own**2,
        lower=question.lower / c,
        upper=question.upper / c,
    )
    one, other = fit(rescaled), fit(question)
    assert_same(rescaled, one, replace(other, coef=other.coef / c))


@settings(max_examples=60)
@given(questions(**ORDINARY), st.sampled_from((1e-8, 0.3, 1e12)))
def test_a_response_in_other_units_has_coefficients_in_theirs(question, unit):
    rescaled = replace(
        question,
        y=question.y * unit,
        offset=None if question.offset is None else question.offset * unit,
        l1=question.l1 * unit,
        lower=question.lower * unit,
        upper=question.upper * unit,
    )
    one, other = fit(rescaled), fit(question)
    assert_same(rescaled, one, replace(other, coef=other.coef * unit))


@settings(max_examples=60)
@given(questions(**ORDINARY), st.sampled_from((1e3, -1e6)))
def test_an_intercept_takes_every_shift(question, shift):
    question = replace(question, intercept=True)
    moved = replace(question, X=question.X + shift, y=question.y - shift)
    one, other = fit(moved), fit(question)
    checked = check(moved, one)
    assert one.certificate.optimal
    assert checked.balanced, checked.blame()
    if one.certificate.unique and not np.any(checked.rounding > 1e-3 * checked.allowed):
        size = 1e-7 * float(moved.target_norm)
        assert np.linalg.norm(question.columns.astype(float) @ (one.coef - other.coef)) <= size


def layouts(X: np.ndarray) -> dict[str, object]:
    """The same small integers in every memory layout and type that holds them."""
    wide = np.zeros((2 * X.shape[0], 3 * X.shape[1]))
    wide[::2, ::3] = X
    frozen = X.copy()
    frozen.flags.writeable = False
    bytes_ = np.zeros(X.size * 8 + 1, dtype=np.uint8)
    unaligned = np.frombuffer(bytes_.data, dtype=np.float64, count=X.size, offset=1).reshape(X.shape)
    unaligned[:] = X
    return {
        "C": np.ascontiguousarray(X),
        "Fortran": np.asfortranarray(X),
        "strided": wide[::2, ::3],
        "reversed": np.ascontiguousarray(X[::-1, ::-1])[::-1, ::-1],
        "read-only": frozen,
        "unaligned": unaligned,
        "float32": X.astype(np.float32),
        "float16": X.astype(np.float16),
        "longdouble": X.astype(np.longdouble),
        "int64": X.astype(np.int64),
        "uint8": X.astype(np.uint8),
        "big-endian": X.astype(">f8"),
        "big-endian int": X.astype(">i4"),
        "list": X.tolist(),
        "list of int": X.astype(int).tolist(),
        "tuple": tuple(map(tuple, X.tolist())),
        "matrix rows": list(X),
    }


@pytest.mark.parametrize("shape", [(40, 5), (10, 300)])
def test_type_and_memory_layout_do_not_matter(shape):
    rng = np.random.default_rng(20)
    X = rng.integers(0, 5, size=shape).astype(float)
    y = rng.integers(0, 9, size=shape[0]).astype(float)
    s = rng.integers(1, 4, size=shape[0]).astype(float)
    expected = eq.fit(X, y, l1=3.0, l2=0.25, sample_weight=s, offset=y / 2)
    for name, same in layouts(X).items():
        before = np.array(same, copy=True)
        found = eq.fit(same, y, l1=3.0, l2=0.25, sample_weight=s, offset=y / 2)
        np.testing.assert_allclose(found.coef, expected.coef, atol=1e-12, err_msg=name)
        assert found.coef.dtype == np.float64
        assert np.array_equal(found.coef != 0, expected.coef != 0)
        assert np.array_equal(np.asarray(same), before), f"{name} was written to"
        np.testing.assert_allclose(found.predict(same, offset=0), expected.predict(X, offset=0), rtol=1e-12)
    for vector in (
        np.repeat(y, 2)[::2],
        y.astype(np.float32),
        y.astype(int).tolist(),
        y.astype(">f8"),
        y[:, None],
    ):
        found = eq.fit(
            X, vector, l1=3.0, l2=0.25, sample_weight=s.astype(np.float32), offset=(y / 2).tolist()
        )
        np.testing.assert_allclose(found.coef, expected.coef, atol=1e-12)


def test_booleans_are_zeros_and_ones():
    rng = np.random.default_rng(21)
    X, y = rng.random((30, 4)) < 0.5, rng.random(30) < 0.5
    expected = eq.fit(X.astype(float), y.astype(float), l1=0.5)
    np.testing.assert_allclose(eq.fit(X, y, l1=0.5).coef, expected.coef, atol=1e-14)
    np.testing.assert_allclose(eq.fit(X.tolist(), y.tolist(), l1=0.5).coef, expected.coef, atol=1e-14)


def test_penalties_of_any_type_mean_the_same():
    X, y, _ = problem(22)
    expected = eq.fit(X, y, l1=3.0, l2=1.0).coef
    for l1, l2 in (
        (3, 1),
        ([3] * 8, np.ones(8, dtype=np.float32)),
        (np.int8(3), np.array(1.0)),
        (tuple([3.0] * 8), True),
    ):
        assert np.array_equal(eq.fit(X, y, l1=l1, l2=l2).coef, expected)


# ---- the ugly corners, one by one ----------------------------------------------------------------


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("l1", [0.0, 1.0])
def test_one_number(l1, intercept):
    question = Question([[2.0]], [3.0], l1, intercept=intercept)
    found = fit(question)
    assert found.certificate.optimal
    assert check(question, found).balanced
    assert found.predict([[2.0]])[0] == pytest.approx(3.0 if intercept or l1 == 0 else 2.5)


@pytest.mark.parametrize("l1", [0.0, 1.0])
@pytest.mark.parametrize("p", [3, 300])
def test_constant_columns_are_zero_and_a_constant_response_is_the_intercept(l1, p):
    rng = np.random.default_rng(23)
    X = rng.normal(size=(12, p))
    X[:, 0], X[:, 1] = 7.1, 1e9
    found = eq.fit(X, rng.normal(size=12), l1=l1)
    assert found.certificate.optimal
    assert np.array_equal(found.coef[:2], [0.0, 0.0])
    flat = eq.fit(X, np.full(12, 0.1), l1=l1)
    assert flat.certificate.optimal
    np.testing.assert_allclose(flat.coef, 0.0, atol=1e-15)
    assert flat.intercept == pytest.approx(0.1, rel=1e-15)


def test_a_constant_column_held_at_a_bound_is_part_of_the_intercept():
    rng = np.random.default_rng(33)
    X, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    X[:, 2] = 3e8
    question = Question(X, y, 0.0, 1.0, lower=[-INF, -INF, 0.01], upper=[INF, INF, 0.01])
    found = fit(question)
    assert found.coef[2] == 0.01
    assert found.certificate.optimal
    assert check(question, found).balanced, check(question, found).blame()
    np.testing.assert_allclose(found.coef[:2], eq.fit(X[:, :2], y, l1=0.0, l2=1.0).coef, rtol=1e-12)


def test_nothing_but_constant_columns():
    found = eq.fit(np.full((5, 3), 0.1), [1.0, 2.0, 3.0, 4.0, 5.0], l1=0.5)
    assert not found.coef.any()
    assert found.intercept == 3.0
    assert found.certificate.optimal
    assert found.certificate.support_proved


def test_scales_from_1e_minus_8_to_1e8():
    rng = np.random.default_rng(24)
    X = rng.normal(size=(40, 9)) * 10.0 ** np.arange(-8, 9, 2)
    y = X @ (10.0 ** -np.arange(-8.0, 9.0, 2.0) * ([1, -1, 0] * 3)) + 0.1 * rng.normal(size=40)
    for l1 in (0.3 * 10.0 ** np.arange(-8, 9, 2), 1e-8, 1.0):
        question = Question(X, y, l1)
        found = fit(question)
        assert found.certificate.optimal
        assert check(question, found).balanced, check(question, found).blame()
    scaled = eq.fit(X, y, l1=0.3, standardize=True)
    assert np.array_equal(scaled.coef != 0, eq.fit(X / X.std(axis=0), y, l1=0.3).coef != 0)


@pytest.mark.parametrize("p", [6, 300])
def test_means_of_1e6_with_unit_spread(p):
    rng = np.random.default_rng(25)
    X = 1e6 + rng.normal(size=(40, p))
    y = (X[:, 0] - 1e6) - 2 * (X[:, 1] - 1e6) + rng.normal(size=40) + 1e6
    for standardize in (True, False):
        question = Question(X, y, 3.0, standardize=standardize)
        found = fit(question)
        assert found.certificate.status is Status.OPTIMAL
        assert check(question, found).balanced, check(question, found).blame()
        np.testing.assert_allclose(
            found.coef, eq.fit(X - 1e6, y, l1=3.0, standardize=standardize).coef, atol=1e-8
        )


@pytest.mark.parametrize("p", [6, 300])
def test_a_response_of_1e12(p):
    rng = np.random.default_rng(26)
    X = rng.normal(size=(40, p))
    question = Question(X, 1e12 * (X[:, 0] + rng.normal(size=40)), 5e12)
    found = fit(question)
    assert found.certificate.status is Status.OPTIMAL
    assert check(question, found).balanced, check(question, found).blame()


def test_an_infinite_penalty_excludes_and_none_leaves_alone():
    X, y, _ = problem(27)
    l1 = np.array([INF, 0.0, 5.0, 5.0, 5.0, 5.0, 5.0, INF])
    question = Question(X, y, l1)
    found = fit(question)
    assert found.coef[0] == found.coef[7] == 0.0
    assert found.certificate.zeros_proved[[0, 7]].all()
    assert abs(check(question, found).pull[1]) <= check(question, found).allowed[1]
    np.testing.assert_allclose(found.coef[1:7], eq.fit(X[:, 1:7], y, l1=l1[1:7]).coef, atol=1e-12)
    assert not eq.fit(X, y, l1=INF).coef.any()


@pytest.mark.parametrize("p", [8, 300])
@pytest.mark.parametrize("arguments", [{"l2": 0.0}, {"l2": 0.5}])
def test_an_unpenalised_column_beside_others_is_no_matter_of_precision(p, arguments):
    X, y, _ = problem(34, p=p)
    l1 = np.full(p, 5.0)
    l1[1] = 0.0
    question = Question(X, y, l1, **arguments)
    found = fit(question)
    assert found.certificate.status is Status.OPTIMAL
    assert check(question, found).balanced, check(question, found).blame()


@pytest.mark.parametrize("p", [8, 300])
def test_coefficients_stay_in_their_box_to_the_last_bit(p):
    rng = np.random.default_rng(28)
    X = rng.normal(size=(50, p)) * 0.7
    y = X[:, :3] @ [3.0, -3.0, 1.0] + rng.normal(size=50)
    lower, upper = np.full(p, -0.1), np.full(p, 0.3)
    lower[4], upper[4] = 0.1, 0.2
    lower[5] = upper[5] = -0.05
    question = Question(X, y, 1.0, lower=lower, upper=upper)
    found = fit(question)
    assert found.certificate.optimal
    assert check(question, found).balanced, check(question, found).blame()
    assert found.coef[0] == 0.3
    assert found.coef[1] == -0.1
    assert found.coef[5] == -0.05
    assert 0.1 <= found.coef[4] <= 0.2


def test_a_row_of_weight_zero_is_not_there_whatever_it_holds():
    X, y, rng = problem(29)
    wild_X, wild_y = np.vstack([X, 1e12 * np.ones(8)]), np.append(y, -1e15)
    s = rng.exponential(size=len(y))
    expected = eq.fit(X, y, l1=2.0, sample_weight=s, standardize=True)
    found = eq.fit(wild_X, wild_y, l1=2.0, sample_weight=np.append(s, 0.0), standardize=True)
    np.testing.assert_allclose(found.coef, expected.coef, rtol=1e-12)
    assert found.certificate.support_proved == expected.certificate.support_proved


def test_an_offset_is_part_of_every_prediction():
    X, y, rng = problem(30)
    offset = rng.normal(size=len(y))
    found = eq.fit(X, y, l1=2.0, offset=offset)
    np.testing.assert_allclose(found.coef, eq.fit(X, y - offset, l1=2.0).coef, atol=1e-12)
    np.testing.assert_allclose(
        found.predict(X, offset=offset), found.predict(X, offset=0) + offset, rtol=1e-15, atol=EPS
    )


def test_the_documents_three_rows():
    X, y = [[1, 1], [1, 0], [0, 1]], [3, 2, 1]
    np.testing.assert_allclose(eq.fit(X, y, l1=1, intercept=False).coef, [5 / 3, 2 / 3], rtol=1e-15)
    # x2 dies first as l1 grows; no ridge makes an exact zero.
    assert np.array_equal(eq.fit(X, y, l1=3, intercept=False).coef != 0, [True, False])
    assert not eq.fit(X, y, l1=5, intercept=False).coef.any()
    for l2 in (0.1, 10.0, 1e6):
        assert eq.fit(X, y, l1=0, l2=l2, intercept=False).coef.all()
