"""The audit: exact coefficients pass, all others do not, and what it says of them is true."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Checked, Question
from sklearn.linear_model import ElasticNet, Lasso

import equipoise as eq

INF = np.inf


def data(seed: int, n: int = 40, p: int = 8) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + rng.normal(size=(n, 1)) + rng.normal(size=p)
    return X, X[:, :3] @ [2.0, -1.5, 1.0] + 2.0 + rng.normal(size=n)


def audit(question: Question, coef, intercept: float = 0.0) -> eq.Audit:
    arguments = {name: value for name, value in question.arguments.items() if name != "intercept"}
    return eq.audit(question.X, question.y, coef, intercept if question.intercept else None, **arguments)


CASES = {
    "lasso": {"l1": 10.0},
    "no intercept": {"l1": 10.0, "intercept": False},
    "standardised": {"l1": 10.0, "standardize": True},
    "elastic net": {"l1": 5.0, "l2": 2.0},
    "ridge": {"l1": 0.0, "l2": 2.0},
    "least squares": {"l1": 0.0},
    "weights": {"l1": 10.0, "sample_weight": np.arange(40.0) % 3},
    "offset": {"l1": 10.0, "offset": np.linspace(-1, 1, 40)},
    "box": {"l1": 5.0, "lower": -0.5, "upper": 1.0},
    "factors": {"l1": [0.0, INF, 5.0, 5.0, 1.0, 10.0, 10.0, 10.0]},
}


@pytest.fixture(params=CASES)
def question(request) -> Question:
    X, y = data(1)
    return Question(X, y, **CASES[request.param])


def test_exact_coefficients_are_optimal(question):
    fit = eq.fit(question.X, question.y, **question.arguments)
    found = audit(question, fit.coef, fit.intercept)
    assert found.optimal
    assert found.status is fit.certificate.status
    assert found.wrong_zeros == found.wrong_nonzeros == ()
    assert found.support_proved == fit.certificate.support_proved
    assert found.unique == fit.certificate.unique
    assert found.lost <= 1e-12 * float(question.target_norm) ** 2
    np.testing.assert_allclose(found.exact.coef, fit.coef, rtol=1e-9, atol=1e-12)
    assert found.intercept_violation < 1e-14


@pytest.mark.parametrize("size", [1e-6, 1e-3, 1.0])
def test_perturbed_coefficients_are_not(question, size):
    fit = eq.fit(question.X, question.y, **question.arguments)
    rng = np.random.default_rng(2)
    coef = np.where(
        fit.coef == 0, 0.0, np.clip(fit.coef + size * rng.normal(size=8), question.low, question.high)
    )
    # The intercept that belongs to them: the coefficients alone are at fault.
    fitted = question.target - question.matrix @ coef
    intercept = float(question.weights @ fitted / question.weights.sum())
    found = audit(question, coef, intercept)
    assert not found.optimal
    assert found.status is eq.Status.NOT_OPTIMAL
    lost = question.objective(coef, intercept if question.intercept else 0.0) - question.objective(
        fit.coef, fit.intercept
    )
    assert found.lost == pytest.approx(float(lost), rel=1e-6, abs=1e-13 * float(question.target_norm) ** 2)
    assert 0 <= found.lost <= found.gap
    checked = Checked(question, coef, intercept)
    np.testing.assert_allclose(
        found.excess, checked.distance.astype(float), rtol=1e-9, atol=1e-12 * float(question.target_norm)
    )
    unit = np.where(question.limits > 0, question.limits, question.norms * question.target_norm)
    share = np.where(np.isinf(unit), 0.0, checked.distance / np.where(np.isinf(unit), 1.0, unit)).astype(
        float
    )
    assert found.violation == pytest.approx(share.max(), rel=1e-9)
    # The audit's own measure: of the limit that stands beside the excess, which a ridge has too.
    limit = question.limits + 2 * question.ridge * np.abs(coef)
    unit = np.where(limit > 0, limit, question.norms * question.target_norm)
    own = np.where(np.isinf(unit), 0.0, checked.distance / np.where(np.isinf(unit), 1.0, unit)).astype(float)
    np.testing.assert_allclose(found.share, own, rtol=1e-6, atol=1e-9)
    assert found.worst == f"x{int(np.argmax(own)) + 1}"
    np.testing.assert_allclose(found.exact.coef, fit.coef, rtol=1e-9, atol=1e-12)


@settings(max_examples=50)
@given(st.integers(0, 10**6), st.floats(0.0, 3.0))
def test_nothing_is_ever_gained_on_the_exact_solution(seed, size):
    X, y = data(seed, 12, 5)
    rng = np.random.default_rng(seed)
    coef = rng.integers(-2, 3, size=5) * size
    found = eq.audit(X, y, coef, float(rng.normal()), l1=3.0)
    assert 0 <= found.lost <= found.gap
    question = Question(X, y, 3.0)
    exact = question.objective(found.exact.coef, found.exact.intercept)
    assert exact <= question.objective(coef, 0.0) * (1 + 1e-15) or size == 0
    assert found.exact.certificate.optimal


def test_scikit_learn_at_a_loose_tolerance_is_found_out():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 200)) + rng.normal(size=(40, 1))
    y = X[:, :5] @ [3.0, -2.0, 2.0, 1.0, -1.0] + rng.normal(size=40)
    alpha = 0.05
    model = Lasso(alpha=alpha, tol=1e-2, max_iter=10_000).fit(X, y)
    found = eq.audit(X, y, model.coef_, model.intercept_, l1=40 * alpha)
    assert not found.optimal
    assert found.lost > 0
    assert found.violation > 1e-4
    exact = found.exact.coef
    names = np.array([f"x{j}" for j in range(1, 201)])
    assert found.wrong_zeros == tuple(names[(model.coef_ == 0) & (exact != 0)])
    assert found.wrong_nonzeros == tuple(names[(model.coef_ != 0) & (exact == 0)])
    assert found.wrong_nonzeros
    # The conversion is right: run longer, it comes to the same.
    tight = Lasso(alpha=alpha, tol=1e-12, max_iter=1_000_000).fit(X, y)
    np.testing.assert_allclose(tight.coef_, exact, atol=1e-7)
    model = ElasticNet(alpha=alpha, l1_ratio=0.5, tol=1e-12, max_iter=1_000_000).fit(X, y)
    assert eq.audit(X, y, model.coef_, model.intercept_, l1=1.0, l2=0.5).violation < 1e-4


def test_wrong_zeros_and_wrong_nonzeros():
    X, y = data(4)
    fit = eq.fit(X, y, l1=10.0)
    active, idle = int(fit.support[0]), int(np.flatnonzero(fit.coef == 0)[0])
    coef = fit.coef.copy()
    coef[active], coef[idle] = 0.0, 0.1
    found = eq.audit(X, y, coef, fit.intercept, l1=10.0)
    assert found.wrong_zeros == (f"x{active + 1}",)
    assert found.wrong_nonzeros == (f"x{idle + 1}",)


def test_the_other_copy_is_not_wrong():
    X, y = data(5, p=4)
    X[:, 1] = X[:, 0]
    fit = eq.fit(X, y, l1=5.0)
    assert fit.coef[:2].any()
    for share in (0.0, 0.3, 1.0):
        coef = fit.coef.copy()
        coef[:2] = coef[:2].sum() * np.array([share, 1 - share])
        found = eq.audit(X, y, coef, fit.intercept, l1=5.0)
        assert found.optimal, share
        assert not found.unique
        assert found.wrong_zeros == found.wrong_nonzeros == ()


def test_a_wrong_intercept_is_found():
    X, y = data(6)
    fit = eq.fit(X, y, l1=10.0)
    for shift in (1e-6, 1.0):
        found = eq.audit(X, y, fit.coef, fit.intercept + shift, l1=10.0)
        assert not found.optimal
        expected = shift * np.sqrt(len(y)) / np.linalg.norm(y)
        assert found.intercept_violation == pytest.approx(expected, rel=1e-6)
        assert found.lost == pytest.approx(0.5 * len(y) * shift**2, rel=1e-3, abs=1e-11)
        assert found.gap >= 0.5 * len(y) * shift**2
    # A model without an intercept is another problem.
    assert not eq.audit(X, y, fit.coef, None, l1=10.0).optimal
    assert not eq.audit(X, y, fit.coef, 0.0, l1=10.0).optimal


def test_coefficients_by_name():
    X, y = data(7)
    fit = eq.fit(X, y, l1=10.0)
    named = {fit.features[j]: fit.coef[j] for j in fit.support}
    found = eq.audit(X, y, named, fit.intercept, l1=10.0)
    assert found.optimal
    np.testing.assert_array_equal(found.coef, fit.coef)
    with pytest.raises(ValueError, match="'x9'"):
        eq.audit(X, y, {"x9": 1.0}, 0.0, l1=10.0)


def test_a_coefficient_on_a_constant_column_costs_its_penalty():
    X, y = data(8)
    X[:, 5] = 2.0
    fit = eq.fit(X, y, l1=10.0)
    assert fit.coef[5] == 0.0
    coef = fit.coef.copy()
    coef[5] = 0.5
    found = eq.audit(X, y, coef, fit.intercept - 1.0, l1=10.0)
    assert not found.optimal
    assert found.lost == pytest.approx(5.0, rel=1e-9)
    assert found.wrong_nonzeros == ("x6",)
    assert found.worst == "x6"


def test_coefficients_far_off_are_measured_too():
    X, y = data(9)
    found = eq.audit(X, y, np.full(8, 1e9), 0.0, l1=10.0)
    assert not found.optimal
    assert found.violation > 1e6
    assert np.isfinite(found.lost)
    assert found.wrong_nonzeros


def test_the_three_rows_by_hand():
    found = eq.audit([[1, 1], [1, 0], [0, 1]], [3, 2, 1], [2.0, 0.0], l1=1)
    # Objective 2 + ½(1 + 1) + … : ½(1² + 0 + 1²) + 2 = 3, and 8/3 at (5/3, 2/3).
    assert found.lost == pytest.approx(1 / 3, rel=1e-12)
    assert found.excess.tolist() == pytest.approx([0.0, 1.0])
    assert found.wrong_zeros == ("x2",)
    assert found.violation == pytest.approx(1.0)
    # The relative gap is ÷ the objective of the null model, ½·14.
    assert found.relative_gap == pytest.approx(found.gap / 7.0)


def test_every_attribute_of_a_certificate_is_one_of_an_audit():
    X, y = data(10)
    found = eq.audit(X, y, np.zeros(8), 0.0, l1=10.0)
    for name, value in found.certificate.to_dict().items():
        mine = getattr(found, name)
        mine = mine.value if isinstance(mine, eq.Status) else mine
        assert np.array_equal(mine, value), name
        assert found.to_dict()[name] == value
