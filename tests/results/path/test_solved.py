"""What is taken from a path at one of its strengths is the solution that the path holds."""

import numpy as np
import pytest

import equipoise as eq


def _twins(n, p, seed=0):
    """Columns of which many stand twice, so that the solution is not unique; y depends on the twins."""
    rng = np.random.default_rng(seed)
    half = rng.normal(size=(n, p // 2))
    X = np.column_stack([half, half[:, ::-1]])
    return X, half[:, :3] @ [2.0, -1.0, 1.0] + rng.normal(size=n)


SHAPES = {"tall": (60, 20), "wide": (30, 400), "ridge": (30, 400)}


def _asked(shape):
    return {"l1": 0.0, "l2": 1.0, "strengths": [10.0, 1.0, 0.1]} if shape == "ridge" else {"count": 12}


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_path_at_its_own_strengths_is_the_path(shape, intercept):
    X, y = _twins(*SHAPES[shape])
    path = eq.path(X, y, intercept=intercept, **_asked(shape))
    statuses = set()
    for i, strength in enumerate(path.strengths):
        for fit in (path.at(strength), path[i]):
            assert fit.coef.tolist() == path.coef[i].tolist()
            assert fit.intercept == path.intercept[i]
            assert fit.certificate.optimal
            # By hand: a residual whose pulls stay within the limits.
            residual = y - fit.intercept - X @ fit.coef
            if shape != "ridge":
                assert np.all(np.abs(X.T @ residual) <= strength * (1 + 1e-8))
            statuses.add(fit.certificate.unique)
    assert (False in statuses) == (shape != "ridge")  # an l2 makes the solution unique


def test_a_path_in_any_order_of_strengths_and_with_one_of_them_twice():
    X, y = _twins(60, 20)
    path = eq.path(X, y, strengths=[5.0, 20.0, 5.0, 0.0])
    assert [path.at(t).coef.tolist() for t in path.strengths] == path.coef.tolist()


@pytest.mark.parametrize("shape", ["tall", "wide"])
def test_what_a_cross_validation_chooses_is_on_its_path(shape):
    X, y = _twins(*SHAPES[shape])
    cv = eq.cross_validate(X, y, folds=5, count=12)
    for fit, strength in ((cv.best, cv.best_strength), (cv.one_se, cv.one_se_strength)):
        (i,) = np.flatnonzero(cv.path.strengths == strength)
        assert fit.coef.tolist() == cv.path.coef[i].tolist()
        assert cv.path.predict(X, strength).tolist() == fit.predict(X).tolist()
        assert not fit.certificate.unique
    relaxed = eq.relax(X, y, folds=5, count=12, gammas=[1.0])
    (i,) = np.flatnonzero(relaxed.path.strengths == relaxed.best_strength)
    assert relaxed.best.coef.tolist() == relaxed.path.coef[i].tolist()


@pytest.mark.parametrize("choice", ["best", "one_se"])
@pytest.mark.parametrize("model", [eq.LassoCV, eq.ElasticNetCV])
def test_an_estimator_holds_the_solution_of_its_path(model, choice):
    X, y = _twins(60, 20)
    found = model(cv=5, alphas=12, choice=choice, **({"l1_ratio": 1.0} if model is eq.ElasticNetCV else {}))
    found.fit(X, y)
    path = found.cross_validation_.path
    (i,) = np.flatnonzero(path.strengths == found.alpha_)
    assert found.coef_.tolist() == path.coef[i].tolist()
    assert found.intercept_ == path.intercept[i]
    assert found.fits_[0].explain().coef.tolist() == found.coef_.tolist()


def test_an_estimator_keeps_the_names_of_its_frame():
    pd = pytest.importorskip("pandas")
    X, y = _twins(60, 6)
    frame = pd.DataFrame(X, columns=list("abcdef"))
    found = eq.LassoCV(cv=5, alphas=12).fit(frame, y)
    assert found.fits_[0].features == tuple("abcdef")
    assert found.explain("a").startswith("a ")
