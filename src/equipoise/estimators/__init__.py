"""The verbs for scikit-learn: estimators with its parameters, its meaning of alpha, and certificates."""

from equipoise.estimators.cross_validated import ElasticNetCV, LassoCV, RidgeCV
from equipoise.estimators.linear import ElasticNet, Lasso, Ridge

__all__ = ["ElasticNet", "ElasticNetCV", "Lasso", "LassoCV", "Ridge", "RidgeCV"]
