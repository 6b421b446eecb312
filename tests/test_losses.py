"""Solutions of every loss, held against their conditions in extended precision and against other programs."""

import shutil
import subprocess

import numpy as np
import pytest
import scipy.sparse
from loss_oracle import LOSSES, Asked, responses

import equipoise as eq

N, P = 80, 12
KINDS = ("dense", "sparse", "mapped")


def data(loss, n=N, p=P, seed=0, zeros=0.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) + 0.7 * rng.normal(size=(n, 1)) + rng.normal(size=p)
    X[rng.uniform(size=X.shape) < zeros] = 0.0
    return X, responses(loss, 0.4 * (X[:, 0] - X[:, 1]) + 0.2 * X[:, 2], rng)


def as_kind(X, kind, tmp_path):
    if kind == "sparse":
        return scipy.sparse.csr_array(X)
    if kind == "mapped":
        np.save(tmp_path / "X.npy", np.asfortranarray(X))
        return eq.Mapped(tmp_path / "X.npy")
    return X


FACTORS = np.array([1.0, 0, 2, 0.5, np.inf, 1, 1, 0, 3, 1, np.inf, 1])
OPTIONS = {
    "lasso": {"l1": 3.0},
    "no intercept": {"l1": 3.0, "intercept": False},
    "standardised": {"l1": 3.0, "standardize": True},
    "elastic net": {"l1": 2.0, "l2": 1.0},
    "elastic net standardised": {"l1": 2.0, "l2": 1.0, "standardize": True},
    "ridge": {"l1": 0.0, "l2": 0.5},
    "weights": {"l1": 3.0, "sample_weight": np.arange(N) % 4 * 0.7},
    "offset": {"l1": 3.0, "offset": np.linspace(-2, 2, N)},
    "bounds": {"l1": 1.0, "lower": -0.1, "upper": np.linspace(0.0, 0.3, P)},
    "bounds away from 0": {"l1": 1.0, "lower": [0.1, *[-1.0] * 11], "upper": [1.0, -0.05, *[0.2] * 10]},
    "factors": {"l1": 3.0 * FACTORS},
    "factors of both": {"l1": 2.0 * FACTORS, "l2": np.where(np.isinf(FACTORS), 0, FACTORS)},
    "small": {"l1": 1e-4},
    "all": {
        "l1": 2.0 * FACTORS,
        "l2": 0.3 * np.arange(P),
        "standardize": True,
        "sample_weight": np.arange(N) % 4 * 0.7,
        "offset": np.linspace(-1, 1, N),
        "lower": -0.1,
        "upper": np.linspace(0.05, 0.5, P),
    },
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("option", OPTIONS)
def test_conditions(loss, option):
    X, y = data(loss)
    asked = Asked(X, y, loss, **OPTIONS[option])
    fit = eq.fit(X, y, **asked.arguments)
    assert fit.certificate.optimal
    assert asked.check(fit.coef, fit.intercept) <= 1
    path = eq.path(X, y, strengths=[3.0, 1.0, 0.2], **asked.arguments)
    for strength, coef, intercept in zip(path.strengths, path.coef, path.intercept, strict=True):
        assert asked.check(coef, intercept, strength) <= 1


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("option", ["lasso", "no intercept", "all"])
def test_conditions_of_every_kind_of_matrix(loss, kind, option, tmp_path):
    X, y = data(loss, zeros=0.6)
    asked = Asked(X, y, loss, **OPTIONS[option])
    fit = eq.fit(as_kind(X, kind, tmp_path), y, **asked.arguments)
    assert fit.certificate.optimal
    assert asked.check(fit.coef, fit.intercept) <= 1


@pytest.mark.parametrize("loss", LOSSES)
def test_more_columns_than_rows(loss):
    X, y = data(loss, n=30, p=200)
    asked = Asked(X, y, loss, l1=4.0)
    path = eq.path(X, y, strengths=[2.0, 1.0, 0.5], **asked.arguments)
    for strength, coef, intercept in zip(path.strengths, path.coef, path.intercept, strict=True):
        assert asked.check(coef, intercept, strength) <= 1
    assert 0 < np.count_nonzero(path.coef[-1]) < 200


@pytest.mark.parametrize("loss", LOSSES)
def test_the_oracle_sees_what_is_wrong(loss):
    X, y = data(loss)
    asked = Asked(X, y, loss, l1=3.0)
    fit = eq.fit(X, y, **asked.arguments)
    for change in (1e-7, -1e-7):
        assert asked.check(fit.coef * (1 + change), fit.intercept) > 1
        assert asked.check(fit.coef, fit.intercept + change) > 1


def same(found, wanted, tol=1e-8):
    """Two solutions whose pulls are balanced to 1e-9 agree by the conditioning of these problems."""
    np.testing.assert_allclose(found.coef, wanted.coef, rtol=tol, atol=tol)
    assert found.intercept == pytest.approx(wanted.intercept, rel=tol, abs=tol)
    np.testing.assert_array_equal(found.coef == 0, wanted.coef == 0)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("standardize", [False, True])
def test_weight_2_is_a_row_twice_and_weight_0_none(loss, standardize):
    X, y = data(loss)
    s = np.arange(N) % 3
    asked = {"l1": 2.0, "l2": 0.1, "loss": loss, "standardize": standardize}
    weighted = eq.fit(X, y, sample_weight=s.astype(float), **asked)
    same(weighted, eq.fit(np.repeat(X, s, axis=0), np.repeat(y, s), **asked))
    X[s == 0], y[s == 0] = 1e6, 1.0
    same(eq.fit(X, y, sample_weight=s.astype(float), **asked), weighted)


def test_trials_are_rows():
    X, _ = data("binomial")
    trials = np.arange(N) % 5 + 1
    hits = np.random.default_rng(1).binomial(trials, 1 / (1 + np.exp(-X[:, 0])))
    some = eq.fit(X, hits / trials, l1=3.0, loss="binomial", sample_weight=trials.astype(float))
    each = np.concatenate([np.r_[np.ones(h), np.zeros(t - h)] for h, t in zip(hits, trials, strict=True)])
    same(some, eq.fit(np.repeat(X, trials, axis=0), each, l1=3.0, loss="binomial"))
    asked = Asked(X, hits / trials, "binomial", l1=3.0, sample_weight=trials)
    assert asked.check(some.coef, some.intercept) <= 1


@pytest.mark.parametrize("loss", LOSSES)
def test_the_order_of_rows_and_columns_does_not_count(loss):
    X, y = data(loss)
    rng = np.random.default_rng(2)
    rows, columns = rng.permutation(N), rng.permutation(P)
    limits = np.linspace(1, 3, P)
    straight = eq.fit(X, y, l1=limits, loss=loss)
    turned = eq.fit(X[rows][:, columns], y[rows], l1=limits[columns], loss=loss)
    np.testing.assert_allclose(turned.coef, straight.coef[columns], rtol=1e-8, atol=1e-9)
    np.testing.assert_array_equal(turned.coef == 0, straight.coef[columns] == 0)


@pytest.mark.parametrize("loss", LOSSES)
def test_units_of_columns_do_not_count(loss):
    X, y = data(loss)
    unit = 10.0 ** np.array([-9, -6, -3, 0, 3, 6, 9, 2, -2, 1, -1, 0])
    straight = eq.fit(X, y, l1=2.0, loss=loss)
    scaled = eq.fit(X * unit, y, l1=2.0 * unit, loss=loss)
    assert scaled.certificate.optimal
    np.testing.assert_allclose(scaled.coef * unit, straight.coef, rtol=1e-7, atol=1e-9)
    np.testing.assert_array_equal(scaled.coef == 0, straight.coef == 0)
    standardised = [eq.fit(Z, y, l1=2.0, loss=loss, standardize=True) for Z in (X, X * unit)]
    np.testing.assert_allclose(standardised[1].coef * unit, standardised[0].coef, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("loss", LOSSES[1:])
def test_the_mean_is_in_any_unit(loss):
    # Of the losses of a mean whose variance is a power of it, a unit of y goes into the intercept.
    if loss in ("poisson", "negative_binomial(2.0)"):
        pytest.skip("counts have no unit")
    X, y = data(loss)
    power = {"gamma": 2.0, "tweedie(1.5)": 1.5}[loss]
    for unit in (1e-6, 1e6):
        scaled = eq.fit(X, y * unit, l1=2.0 * unit ** (2 - power), loss=loss)
        straight = eq.fit(X, y, l1=2.0, loss=loss)
        np.testing.assert_allclose(scaled.coef, straight.coef, rtol=1e-7, atol=1e-9)
        assert scaled.intercept == pytest.approx(straight.intercept + np.log(unit), rel=1e-8)


@pytest.mark.parametrize("loss", LOSSES[1:])
def test_exposure_is_the_logarithm_in_the_offset(loss):
    X, y = data(loss)
    time, o = np.linspace(0.1, 5, N), np.linspace(-1, 1, N)
    same(eq.fit(X, y, l1=2.0, loss=loss, exposure=time), eq.fit(X, y, l1=2.0, loss=loss, offset=np.log(time)))
    both = eq.fit(X, y, l1=2.0, loss=loss, exposure=time, offset=o)
    assert Asked(X, y, loss, l1=2.0, offset=o + np.log(time)).check(both.coef, both.intercept) <= 1


@pytest.mark.parametrize("size", [30.0, 300.0, 800.0])
def test_offsets_far_out(size):
    X, y = data("binomial")
    rng = np.random.default_rng(5)
    o = size * rng.choice([-1.0, 1.0], N)
    asked = Asked(X, y, "binomial", l1=1.0, offset=o)
    fit = eq.fit(X, y, **asked.arguments)
    assert fit.certificate.optimal
    assert asked.check(fit.coef, fit.intercept) <= 1


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("far", [-800.0, -300.0, 300.0, 800.0])
def test_an_offset_far_out_in_all_rows_goes_into_the_intercept(loss, far):
    X, y = data(loss)
    straight = eq.fit(X, y, l1=2.0, loss=loss)
    moved = eq.fit(X, y, l1=2.0, loss=loss, offset=np.full(N, far))
    np.testing.assert_allclose(moved.coef, straight.coef, rtol=1e-7, atol=1e-8)
    assert moved.intercept == pytest.approx(straight.intercept - far, rel=1e-9)
    assert moved.certificate.optimal


def test_one_event_in_two_thousand_rows():
    rng = np.random.default_rng(6)
    X = rng.normal(size=(2000, 10))
    y = np.zeros(2000)
    y[7] = 1.0
    asked = Asked(X, y, "binomial", l1=0.3)
    fit = eq.fit(X, y, **asked.arguments)
    assert fit.certificate.optimal
    assert asked.check(fit.coef, fit.intercept) <= 1
    assert len(fit.support) > 0


@pytest.mark.parametrize("l1", [1.0, 1e-2, 1e-4])
def test_separable(l1):
    rng = np.random.default_rng(7)
    X = rng.normal(size=(40, 5))
    y = (X[:, 0] > 0).astype(float)
    asked = Asked(X, y, "binomial", l1=l1)
    fit = eq.fit(X, y, **asked.arguments)
    assert fit.certificate.optimal
    assert asked.check(fit.coef, fit.intercept) <= 1


@pytest.mark.parametrize("loss", ["poisson", "negative_binomial(2.0)", "tweedie(1.5)"])
def test_counts_of_a_million(loss):
    X, _ = data(loss)
    rng = np.random.default_rng(8)
    y = rng.poisson(1e6 * np.exp(0.1 * X[:, 0])).astype(float)
    y[:3] = 0.0
    asked = Asked(X, y, loss, l1=10.0)
    fit = eq.fit(X, y, **asked.arguments)
    assert fit.certificate.optimal
    assert asked.check(fit.coef, fit.intercept) <= 1


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        ("negative_binomial(alpha=0.5)", "knows no 'alpha', but needs its size"),
        ("negative_binomial(power=2)", "knows no 'power'"),
        ("tweedie(size=1.5)", "knows no 'size', but needs its power"),
        ("tweedie(p=1.5)", "knows no 'p'"),
    ],
)
def test_the_number_of_a_loss_is_the_one_that_is_meant(loss, told):
    X, y = data("poisson")
    with pytest.raises(ValueError, match=told):
        eq.fit(X, y, l1=1.0, loss=loss)


R_CODE = """
suppressPackageStartupMessages(library(glmnet))
X <- as.matrix(read.csv("X.csv", header = FALSE)); Y <- read.csv("Y.csv"); tight <- glm.control(1e-15, 200)
glmnet.control(fdev = 0, epsnr = 1e-16, mxitnr = 1000)
say <- function(name, v) cat(name, paste(sprintf("%.17g", v), collapse = " "), "\\n")
for (f in list(binomial(), poisson(), Gamma("log"), MASS::negative.binomial(2, "log"))) {
  y <- Y[[sub("[( ].*", "", f$family)]]
  say(paste0("glm-", sub("[( ].*", "", f$family)), coef(glm(y ~ X, f, control = tight)))
}
for (f in c("binomial", "poisson")) {
  m <- glmnet(X, Y[[f]], f, lambda = c(0.1, 0.03), thresh = 1e-20, maxit = 1e7, standardize = FALSE)
  say(paste0("glmnet-", f), as.vector(rbind(m$a0, as.matrix(m$beta))[, 2]))
}
"""
FAMILIES = {
    "binomial": "binomial",
    "poisson": "poisson",
    "Gamma": "gamma",
    "Negative": "negative_binomial(2.0)",
}


@pytest.fixture(scope="module")
def told_by_r(tmp_path_factory):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    there = tmp_path_factory.mktemp("r")
    X, _ = data("binomial")
    columns = {family: data(loss)[1] for family, loss in FAMILIES.items()}
    np.savetxt(there / "X.csv", X, delimiter=",", fmt="%.17g")
    np.savetxt(
        there / "Y.csv",
        np.column_stack([*columns.values()]),
        delimiter=",",
        fmt="%.17g",
        header=",".join(columns),
        comments="",
    )
    (there / "ask.R").write_text(R_CODE)
    done = subprocess.run(
        ["Rscript", "ask.R"], cwd=there, capture_output=True, text=True, check=False, timeout=120
    )
    if "there is no package" in done.stderr:
        pytest.skip("R lacks glmnet or MASS")
    assert done.returncode == 0, done.stderr
    lines = (line.split() for line in done.stdout.splitlines())
    return {name: np.array([float(v) for v in values]) for name, *values in lines}


@pytest.mark.parametrize("family", FAMILIES)
def test_glm_of_r_without_a_penalty(family, told_by_r):
    X, y = data(FAMILIES[family])
    fit = eq.fit(X, y, l1=0.0, loss=FAMILIES[family])
    theirs = told_by_r[f"glm-{family}"]
    # R stops where the deviance no longer falls: to half the digits, unless its steps are Newton's.
    close = 1e-9 if family in ("binomial", "poisson") else 1e-7
    np.testing.assert_allclose([fit.intercept, *fit.coef], theirs, rtol=10 * close, atol=close)


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_glmnet_where_it_converges(family, told_by_r):
    X, y = data(family)
    fit = eq.fit(X, y, l1=0.03 * N, loss=family)
    theirs = told_by_r[f"glmnet-{family}"]
    np.testing.assert_allclose([fit.intercept, *fit.coef], theirs, rtol=1e-8, atol=1e-9)
    np.testing.assert_array_equal(fit.coef == 0, theirs[1:] == 0)


@pytest.mark.parametrize("loss", ["poisson", "gamma", "tweedie(1.5)"])
def test_scikit_learn_without_a_penalty(loss):
    from sklearn.linear_model import TweedieRegressor

    X, y = data(loss)
    power = {"poisson": 1, "gamma": 2, "tweedie(1.5)": 1.5}[loss]
    model = TweedieRegressor(power=power, alpha=0, link="log", solver="newton-cholesky", tol=1e-13)
    theirs = model.set_params(max_iter=1000).fit(X, y)
    fit = eq.fit(X, y, l1=0.0, loss=loss)
    np.testing.assert_allclose(fit.coef, theirs.coef_, rtol=1e-8, atol=1e-9)
    assert fit.intercept == pytest.approx(theirs.intercept_, rel=1e-8)
