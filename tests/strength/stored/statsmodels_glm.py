"""Write statsmodels_glm.json: what statsmodels' GLM finds, for the tests of conversions.

In an environment with statsmodels (not a dependency of this library's tests): ``python statsmodels_glm.py``.
The data are those of glmnet.json, and amounts made of its first column.
"""

import json
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import statsmodels.api as sm

HERE = Path(__file__).parent
DATA = json.loads((HERE / "glmnet.json").read_text())
X, binary, counts, weights, offset = (
    np.array(DATA[name]) for name in ("X", "binary", "counts", "weights", "offset")
)
exog = sm.add_constant(X)
amounts = np.round(np.exp(X[:, 0] / 3 - 1), 3)
log = sm.families.links.Log()
FAMILIES = {
    "binomial": ("binary", sm.families.Binomial()),
    "poisson": ("counts", sm.families.Poisson()),
    "gamma": ("amounts", sm.families.Gamma(link=log)),
    "tweedie(1.5)": ("counts", sm.families.Tweedie(link=log, var_power=1.5, eql=True)),
    "negative_binomial(2.0)": ("counts", sm.families.NegativeBinomial(link=log, alpha=0.5)),
}
FACTORS = [0.0, 0.03, 0.01, 0.05, 0.02, 0.0, 0.04]  # the constant's first
STRENGTHS = [
    {"alpha": 0.03, "L1_wt": 1.0},
    {"alpha": 0.03, "L1_wt": 0.4},
    {"alpha": FACTORS, "L1_wt": 0.6},
    {"alpha": 0.03, "L1_wt": 0.0},
]
ROWS = [{}, {"freq_weights": "weights"}, {"var_weights": "weights"}, {"offset": "offset"}]


def main():
    """Run every call and write what it returned."""
    warnings.simplefilter("ignore")
    cases = []
    for loss, (y, family) in FAMILIES.items():
        for strength in STRENGTHS:
            for rows in ROWS if strength["alpha"] == 0.03 else [{}]:
                alpha = np.array(FACTORS) if strength["alpha"] is FACTORS else strength["alpha"]
                data = {name: globals()[value] for name, value in rows.items()}
                model = sm.GLM(globals()[y], exog, family=family, **data)
                tight = (
                    {} if strength["L1_wt"] == 0 else {"maxiter": 3_000, "cnvrg_tol": 1e-15, "zero_tol": 0.0}
                )
                found = model.fit_regularized(alpha=alpha, L1_wt=strength["L1_wt"], **tight)
                cases.append(
                    {
                        "loss": loss,
                        "y": y,
                        "strength": strength,
                        **rows,
                        "coef": np.asarray(found.params).tolist(),
                    }
                )
    document = {
        "versions": {"statsmodels": version("statsmodels")},
        "amounts": amounts.tolist(),
        "cases": cases,
    }
    (HERE / "statsmodels_glm.json").write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
