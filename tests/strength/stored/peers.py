"""Write peers.json: what other packages find, for the tests of conversions.

In an environment with statsmodels, celer, skglm, glum and adelie (not a dependency of this library's
tests): ``python peers.py``. The data are those of glmnet.json.
"""

import contextlib
import io
import json
from importlib.metadata import version
from pathlib import Path

import adelie
import celer  # noqa: F401 (CALLS calls it)
import glum  # noqa: F401 (as above)
import numpy as np
import skglm  # noqa: F401 (as above)
import statsmodels.api as sm

HERE = Path(__file__).parent
DATA = json.loads((HERE / "glmnet.json").read_text())
X, y, weights = (np.array(DATA[name]) for name in ("X", "y", "weights"))
exog = sm.add_constant(X)

STATSMODELS = {"maxiter": 100_000, "cnvrg_tol": 1e-15, "zero_tol": 0.0}
FACTORS = [0.0, 0.3, 0.1, 0.5, 0.2, 0.0, 0.4]  # the constant's first

# What is called, with what, and in which convention its strength is.
CALLS = [
    (
        "statsmodels",
        "sm.OLS(y, exog).fit_regularized(**strength, **STATSMODELS)",
        {"alpha": 0.3, "L1_wt": 1.0},
    ),
    (
        "statsmodels",
        "sm.OLS(y, exog).fit_regularized(**strength, **STATSMODELS)",
        {"alpha": 0.3, "L1_wt": 0.4},
    ),
    ("statsmodels", "sm.OLS(y, exog).fit_regularized(**strength)", {"alpha": 0.3, "L1_wt": 0.0}),
    (
        "statsmodels",
        "sm.OLS(y, exog).fit_regularized(**strength, **STATSMODELS)",
        {"alpha": FACTORS, "L1_wt": 0.6},
    ),
    (
        "statsmodels",
        "sm.WLS(y, exog, weights=weights).fit_regularized(**strength, **STATSMODELS)",
        {"alpha": 0.3, "L1_wt": 0.4},
    ),
    (
        "statsmodels",
        "sm.WLS(y, exog, weights=weights).fit_regularized(**strength)",
        {"alpha": 0.3, "L1_wt": 0.0},
    ),
    (
        "statsmodels",
        "sm.WLS(y, exog, weights=weights).fit_regularized(**strength, **STATSMODELS)",
        {"alpha": FACTORS, "L1_wt": 0.6},
    ),
    ("celer", "celer.Lasso(**strength, tol=1e-15).fit(X, y)", {"alpha": 0.3}),
    ("celer", "celer.ElasticNet(**strength, tol=1e-15).fit(X, y)", {"alpha": 0.3, "l1_ratio": 0.4}),
    ("skglm", "skglm.Lasso(**strength, tol=1e-14).fit(X, y)", {"alpha": 0.3}),
    ("skglm", "skglm.ElasticNet(**strength, tol=1e-14).fit(X, y)", {"alpha": 0.3, "l1_ratio": 0.4}),
    (
        "glum",
        "glum.GeneralizedLinearRegressor(**strength, gradient_tol=1e-13).fit(X, y)",
        {"alpha": 0.3, "l1_ratio": 0.4},
    ),
    (
        "glum",
        "glum.GeneralizedLinearRegressor(**strength, gradient_tol=1e-13).fit(X, y, sample_weight=weights)",
        {"alpha": 0.3, "l1_ratio": 0.4},
    ),
    ("adelie", "grpnet(alpha=0.3, l1_ratio=0.4)", {"alpha": 0.3, "l1_ratio": 0.4}),
    ("adelie", "grpnet(alpha=0.3, l1_ratio=0.4, weights=weights)", {"alpha": 0.3, "l1_ratio": 0.4}),
]


def grpnet(alpha, l1_ratio, weights=None):
    """adelie.grpnet calls lmda and alpha what scikit-learn calls alpha and l1_ratio."""
    weights = None if weights is None else weights / weights.sum()
    return adelie.grpnet(
        np.asfortranarray(X),
        adelie.glm.gaussian(y, weights=weights),
        lmda_path=[alpha],
        alpha=l1_ratio,
        tol=1e-24,
        adev_tol=1.0,
        ddev_tol=0.0,
        early_exit=False,
        progress_bar=False,
    )


def coefficients(found):
    """The intercept (None where X has a constant) and the coefficients."""
    if hasattr(found, "params"):
        return None, np.asarray(found.params).tolist()
    if hasattr(found, "betas"):
        return float(found.intercepts[-1]), found.betas.toarray()[-1].tolist()
    return float(found.intercept_), np.asarray(found.coef_).tolist()


def main():
    """Run every call and write what it returned."""
    cases = []
    for package, call, strength in CALLS:
        given = {k: np.array(v) if isinstance(v, list) else v for k, v in strength.items()}
        with contextlib.redirect_stdout(io.StringIO()):
            found = eval(call, globals() | {"strength": given})
        intercept, coef = coefficients(found)
        cases.append(
            {
                "convention": package,
                "call": call,
                "strength": strength,
                "weights": "weights=weights" in call or "sample_weight" in call,
                "intercept": intercept,
                "coef": coef,
            }
        )
    names = ("statsmodels", "celer", "skglm", "glum", "adelie")
    document = {
        "versions": {name: version(name) for name in names},
        "STATSMODELS": STATSMODELS,
        "cases": cases,
    }
    (HERE / "peers.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
