"""Converting the strength of a penalty from and to the conventions of other packages.

This library minimises ``Σ_i s_i·loss_i + Σ_j l1_j|w_j| + Σ_j l2_j w_j²``, loss_i half the unit deviance of a
row (of squared loss ½r_i²). A ``from_…`` function takes the
parameters of another package and returns a :class:`Strength` for ``eq.fit(X, y, **strength)``; a ``to_…``
function returns the parameters of the other package, or says what that package cannot express.

====================================  ====================  ==========================
package                               l1                    l2
====================================  ====================  ==========================
scikit-learn Lasso, ElasticNet        n·alpha·l1_ratio      n·alpha·(1 − l1_ratio)/2
scikit-learn Ridge                    0                     alpha/2
scikit-learn LogisticRegression       l1_ratio/C            (1 − l1_ratio)/(2·C)
scikit-learn PoissonRegressor & kin   0                     n·alpha/2
statsmodels fit_regularized           n·alpha·L1_wt         n·alpha·(1 − L1_wt)/2
glmnet, family "gaussian"             n·lambda·alpha·pf_j   n·lambda·(1 − alpha)·pf_j/(2·s_y)
glmnet, other families                n·lambda·alpha·pf_j   n·lambda·(1 − alpha)·pf_j/2
====================================  ====================  ==========================

n is the number of rows, or the sum of the sample weights. glmnet rescales the penalty factors pf_j to sum to
p; s_y is the standard deviation of its response. Where glmnet standardises, its penalty is that of columns
with unit standard deviation, as it is here with ``standardize=True``. PoissonRegressor's kin are
GammaRegressor and TweedieRegressor. LogisticRegression's solver "liblinear" penalises the intercept too.

>>> import equipoise as eq
>>> eq.strength.from_sklearn(alpha=0.5, l1_ratio=0.5, n=100)
Strength(l1=25.0, l2=12.5, standardize=False, intercept=None)
"""

from equipoise.strength.glmnet import from_glmnet, to_glmnet
from equipoise.strength.sklearn import from_sklearn, from_sklearn_ridge, to_sklearn, to_sklearn_ridge
from equipoise.strength.sklearn_glm import (
    from_sklearn_glm,
    from_sklearn_logistic,
    to_sklearn_glm,
    to_sklearn_logistic,
)
from equipoise.strength.statsmodels import from_statsmodels, to_statsmodels
from equipoise.strength.strength import Strength

__all__ = [
    "Strength",
    "from_glmnet",
    "from_sklearn",
    "from_sklearn_glm",
    "from_sklearn_logistic",
    "from_sklearn_ridge",
    "from_statsmodels",
    "to_glmnet",
    "to_sklearn",
    "to_sklearn_glm",
    "to_sklearn_logistic",
    "to_sklearn_ridge",
    "to_statsmodels",
]
