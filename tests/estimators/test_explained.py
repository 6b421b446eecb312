"""What estimators say of themselves, beside eq.fit on the same data and beside refits by hand."""

import html
import pickle
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from scipy import sparse
from sklearn.base import clone

import equipoise as eq

VERBS = ("explain", "what_if", "survivors", "importance", "plot", "report")
MODELS = [
    eq.Lasso(0.2),
    eq.ElasticNet(0.2, l1_ratio=0.7, penalty_factor=[1, 2, 1, 0.5, 0, np.inf]),
    eq.Ridge(3.0),
    eq.LassoCV(cv=4),
    eq.ElasticNetCV(cv=4, l1_ratio=[0.5, 0.9], choice="one_se"),
    eq.RidgeCV(),
    eq.LassoIC("bic"),
]


def made(seed=0, n=53, targets=None):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 6)) @ (np.eye(6) + 0.3)
    coef = np.array([2.0, -1.0, 0.0, 0.3, 0.0, 0.0])
    y = (X @ coef)[:, None] * np.arange(1, (targets or 1) + 1) + rng.normal(size=(n, targets or 1))
    return X, y if targets else y[:, 0], rng.uniform(0.5, 2.0, size=n)


def named(model):
    return type(model).__name__


def of_verb(model, verb, **data):
    """What a verb returns, as something that can be compared."""
    if verb == "plot":
        axes = model.plot(Figure().subplots(), **data).ax_
        return [line.get_xydata().tolist() for line in axes.lines]
    return str(getattr(model, verb)(**data, **({"without": "x1"} if verb == "what_if" else {})))


def test_the_sheet_is_that_of_the_function_with_alpha_for_l1():
    X, y, s = made()
    model = eq.Lasso(0.2).fit(X, y, sample_weight=s)
    fit = eq.fit(X, y, l1=s.sum() * 0.2, sample_weight=s)
    ours, theirs = model.explain(), fit.explain()
    for name in ("coef", "pull", "limit", "alone", "slack"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
    assert ours.status == theirs.status
    assert [row.absorbed_by for row in ours] == [row.absorbed_by for row in theirs]
    entries = [(a, b / s.sum()) for a, b in zip(ours.enters_at, theirs.enters_at, strict=True) if b]
    assert len(entries) > 3
    np.testing.assert_allclose(*zip(*entries, strict=True), rtol=1e-12)
    assert model.certificate_.gap == fit.certificate.gap


@pytest.mark.parametrize(
    "model",
    [
        MODELS[0],
        eq.ElasticNet(0.6, l1_ratio=0.7, penalty_factor=[1, 2, 1, 0.5, 1, np.inf]),
        MODELS[3],
        MODELS[6],
    ],
    ids=named,
)
def test_a_zero_enters_at_the_alpha_that_is_told(model):
    X, y, s = made()
    fitted = clone(model).fit(X, y, sample_weight=s)
    entries = fitted.explain().enters_at
    zeros = [j for j in np.flatnonzero(fitted.coef_ == 0) if entries[j] is not None]
    assert zeros
    for j in zeros:
        value = f"{entries[j]:.6g}"
        assert f"It would enter at alpha = {value}" in fitted.explain(fitted.explain().features[j])
        # An elastic net of scikit-learn's own objective, solved anew on both sides of that alpha.
        ratio = getattr(fitted, "l1_ratio_", getattr(fitted, "l1_ratio", 1.0))
        factor = getattr(fitted, "penalty_factor", None)
        for side, there in ((1 + 1e-6, False), (1 - 1e-6, True)):
            again = eq.ElasticNet(entries[j] * side, l1_ratio=ratio, penalty_factor=factor)
            assert (again.fit(X, y, sample_weight=s).coef_[j] != 0) == there


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_without_a_feature_and_with_another_alpha_it_is_the_model_fitted_so(model):
    X, y, s = made()
    fitted = clone(model).fit(X, y, sample_weight=s)
    ratio = getattr(fitted, "l1_ratio_", getattr(fitted, "l1_ratio", 1.0))
    factor = np.ones(6) if getattr(fitted, "penalty_factor", None) is None else fitted.penalty_factor
    kept = [0, 1, 2, 3, 5]
    if isinstance(model, eq.Ridge | eq.RidgeCV):
        by_hand = eq.Ridge(0.5)
    else:
        by_hand = eq.ElasticNet(0.5, l1_ratio=ratio, penalty_factor=np.asarray(factor)[kept])
    by_hand.fit(X[:, kept], y, sample_weight=s)
    found = fitted.what_if(without="x5", alpha=0.5)
    np.testing.assert_allclose(found.after.coef[kept], by_hand.coef_, rtol=1e-9, atol=1e-12)
    assert found.after.coef[4] == 0
    np.testing.assert_array_equal(found.before.coef, fitted.coef_)
    alpha = getattr(fitted, "alpha_", getattr(fitted, "alpha", None))
    assert " ".join(str(found).split()).startswith(
        f"without x5 and with alpha = 0.5 in place of {alpha:.6g}: "
    )
    assert found.after.certificate.optimal


def test_what_if_without_a_change_of_alpha_says_what_the_function_says():
    X, y, _ = made()
    fit = eq.fit(X, y, l1=53 * 0.2)
    assert str(eq.Lasso(0.2).fit(X, y).what_if(without=["x1"])) == str(fit.what_if(without=["x1"]))


def test_survivors_and_importance_are_those_of_the_function():
    X, y, s = made()
    model = eq.Lasso(0.2).fit(X, y, sample_weight=s)
    fit = eq.fit(X, y, l1=s.sum() * 0.2, sample_weight=s)
    assert model.survivors().to_dict() == fit.survivors().to_dict()
    assert model.importance().to_dict() == fit.importance().to_dict()


def test_what_kills_a_survivor_over_its_limit_is_a_penalty_factor():
    X, y, _ = made()
    rows = list(eq.Lasso(0.1).fit(X, y).survivors())
    assert len(rows) > 1
    for row in rows:
        j = int(row.feature[1:]) - 1
        for side, there in ((1 + 1e-9, False), (1 - 1e-6, True)):
            factor = np.ones(6)
            factor[j] = row.killed_by / row.limit * side
            assert (eq.Lasso(0.1, penalty_factor=factor).fit(X, y).coef_[j] != 0) == there


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("model", MODELS, ids=named)
def test_after_pickling_the_data_bring_every_answer_back(model, verb):
    X, y, s = made()
    fitted = clone(model).fit(X, y, sample_weight=s)
    loaded = pickle.loads(pickle.dumps(fitted))
    if (named(model), verb) == ("LassoIC", "plot"):  # of the criterion, which a pickle keeps
        assert of_verb(loaded, verb) == of_verb(fitted, verb)
        return
    with pytest.raises(ValueError, match=rf"pickled.* pass them again, {verb}\(X=…, y=…\)$"):
        getattr(loaded, verb)()
    assert of_verb(loaded, verb, X=X, y=y, sample_weight=s) == of_verb(fitted, verb)
    with pytest.raises(ValueError, match=r"not the data|another model"):
        getattr(loaded, verb)(X=X, y=y[::-1], sample_weight=s)
    with pytest.raises(ValueError, match=r"6 features"):
        getattr(loaded, verb)(X=X[:, :5], y=y)


def test_after_pickling_names_offsets_sparse_columns_and_one_weight_for_all():
    X, y, _ = made()
    o = np.linspace(-1, 1, 53)
    frame = pd.DataFrame(X, columns=list("abcdef"))
    model = eq.Lasso(0.2).fit(frame, y, sample_weight=2.0, offset=o)
    loaded = pickle.loads(pickle.dumps(model))
    given = {"y": y, "sample_weight": 2.0, "offset": o}
    assert loaded.explain("c", frame, **given) == model.explain("c")
    assert "without a:" in str(loaded.what_if(without="a", X=frame, **given))
    model = eq.Lasso(0.2).fit(sparse.csr_array(X), y)
    loaded = pickle.loads(pickle.dumps(model))
    assert loaded.explain("x3", sparse.csr_array(X), y) == model.explain("x3")


def test_each_target_has_its_own_answers():
    X, Y, _ = made(targets=2)
    model = eq.Ridge([1.0, 4.0]).fit(X, Y)
    single = eq.Ridge(4.0).fit(X, Y[:, 1])
    loaded = pickle.loads(pickle.dumps(model))
    for verb in VERBS:
        data = {"X": X, "y": Y, "target": 1}
        told = of_verb(model, verb, target=1)
        assert of_verb(loaded, verb, **data) == told
        if verb != "report":
            assert told == of_verb(single, verb)
    assert "alpha = 4 in place" not in str(model.what_if(alpha=2.0, target=1))
    assert "with alpha = 2 in place of 4" in str(model.what_if(alpha=2.0, target=1))
    with pytest.raises(ValueError, match="target is 2 but y had 2 targets"):
        model.report(target=2)


@pytest.mark.parametrize("choice", ["best", "one_se"])
def test_a_cross_validation_shows_its_choice(choice):
    X, y, _ = made(n=50)
    # Folds of 5 and of 20 rows: the estimator counts them alike, as scikit-learn's does.
    rows = np.random.default_rng(3).permutation(50)
    parts = [rows[:5], rows[5:10], rows[10:30], rows[30:]]
    folds = [(np.setdiff1d(rows, part), part) for part in parts]
    model = eq.LassoCV(cv=folds, choice=choice).fit(X, y)
    display = model.plot(Figure().subplots(), folds=True)
    assert display.chosen["best" if choice == "best" else "one SE"] == model.alpha_
    assert len(display.fold_lines_) == 4
    if choice == "best":
        np.testing.assert_allclose(display.mean, model.mse_path_.mean(axis=1), rtol=1e-14)
    page = model.report()
    finding = re.search(r'id="finding">(.*?)</p>', page).group(1)
    kept = np.count_nonzero(model.coef_)
    assert finding.startswith(
        f"At alpha = {model.alpha_:.6g} (l1 = {50 * model.alpha_:.6g}), chosen by 4-fold"
    )
    assert f"{kept} features are kept" in finding
    assert f"The intercept is {model.intercept_:.6g}." in finding
    assert '"strength_name":"alpha"' in page.replace(": ", ":")


def test_a_pickled_path_is_drawn_again_with_its_weights():
    X, y, s = made()
    model = eq.LassoCV(cv=4).fit(X, y, sample_weight=s)
    loaded = pickle.loads(pickle.dumps(model))
    ax = Figure().subplots()
    display = eq.PathDisplay.from_estimator(loaded, X, y, ax=ax, sample_weight=s)
    np.testing.assert_array_equal(display.strengths, model.alphas_)
    groups = np.arange(53) % 5
    model = eq.LassoCV(cv=4).fit(X, y, groups=groups)
    loaded = pickle.loads(pickle.dumps(model))
    again = loaded.plot(Figure().subplots(), X=X, y=y, groups=groups)
    np.testing.assert_array_equal(again.mean, model.plot(Figure().subplots()).mean)
    np.testing.assert_allclose(again.mean, model.mse_path_.mean(axis=1), rtol=1e-14)


def test_the_criterion_is_drawn_with_its_smallest_value():
    X, y, _ = made()
    model = eq.LassoIC("bic").fit(X, y)
    ax = model.plot(Figure().subplots()).ax_
    curve, chosen, _ = ax.lines
    np.testing.assert_array_equal(curve.get_xdata(), model.alphas_)
    np.testing.assert_array_equal(curve.get_ydata(), model.criterion_)
    assert chosen.get_ydata() == [model.criterion_.min()]
    at = model.alphas_[model.criterion_.argmin()]
    np.testing.assert_allclose(chosen.get_xdata(), [at], rtol=1e-12)
    assert ax.get_xlim() == (model.alphas_[0], 0.0)


def test_reports_say_how_alpha_was_chosen_and_how_to_get_there():
    X, y, s = made()
    factors = [1, 1, 1, 1, 1, np.inf]
    told = {
        "Lasso": (eq.Lasso(0.2, penalty_factor=factors), "as it was asked for"),
        "RidgeCV": (eq.RidgeCV(), "the best of 3 alphas by leaving every row out in turn"),
        "LassoIC": (eq.LassoIC("bic"), "the best of the whole path by BIC"),
    }
    for name, (model, why) in told.items():
        page = model.fit(X, y, sample_weight=s).report()
        assert f"), {why}, " in page
        lines = html.unescape(page)
        code = re.search(rf"^model = (eq\.{name}\(.*\))\.fit\(X, y, sample_weight=…\)$", lines, flags=re.M)
        again = eval(code.group(1), {"eq": eq, "np": np}).fit(X, y, sample_weight=s)
        np.testing.assert_array_equal(again.coef_, model.coef_)


def test_an_alpha_of_zero_is_explained_and_has_no_multiples():
    X, y, _ = made()
    model = eq.Lasso(0.0).fit(X, y)
    assert "x1 is not penalised" in model.explain("x1")
    assert "At alpha" not in model.report()
    with pytest.raises(ValueError, match=r"alpha=0, of which no other .* with alpha=0\.5"):
        model.what_if(alpha=0.5)
    for wrong in (-1.0, np.inf, np.nan):
        with pytest.raises(ValueError, match=r"alpha is .* pass a finite number, at least 0"):
            eq.Lasso(0.1).fit(X, y).what_if(alpha=wrong)


def test_a_parameter_that_changes_after_the_fit_changes_no_answer():
    X, y, _ = made()
    model = eq.Lasso(0.2).fit(X, y)
    before = model.explain("x3")
    assert "alpha = " in before
    assert model.set_params(alpha=5.0).explain("x3") == before


@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("l1_ratio", [1.0, 0.6])
def test_killed_by_tells_the_penalty_factor_that_kills(l1_ratio, standardize):
    rng = np.random.default_rng(12)
    X = rng.normal(size=(40, 4)) * [1.0, 3.0, 0.5, 1.0]
    y = X @ [1.0, -0.5, 1.0, 0.0] + rng.normal(size=40)
    s = rng.uniform(0.5, 2.0, size=40)
    given = np.array([1.0, 2.0, 0.5, 1.0])

    def fitted(factors):
        model = eq.ElasticNet(0.1, l1_ratio=l1_ratio, standardize=standardize, penalty_factor=factors)
        return model.fit(X, y, sample_weight=s)

    rows = fitted(given).survivors().rows
    assert len(rows) > 1
    for row in rows:
        j = int(row.feature[1:]) - 1
        sd = np.sqrt(s @ (X[:, j] - s @ X[:, j] / s.sum()) ** 2 / s.sum()) if standardize else 1.0
        kills = row.killed_by / (s.sum() * 0.1 * l1_ratio) / sd
        for times, lives in ((1 - 1e-6, True), (1 + 1e-6, False)):
            factors = given.copy()
            factors[j] = times * kills
            assert (fitted(factors).coef_[j] != 0) == lives
