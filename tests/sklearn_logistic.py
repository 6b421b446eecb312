"""scikit-learn's logistic regression with a share of L1, asked for as its release wants it."""

import sklearn
from sklearn.linear_model import LogisticRegression

# Before 1.8 the share counts for penalty="elasticnet" alone.
OLD = tuple(int(part) for part in sklearn.__version__.split(".")[:2]) < (1, 8)


def sklearn_logistic(C=1.0, l1_ratio=0.0, **asked):
    """Make a model whose penalty is L1 in this share."""
    if not OLD:
        return LogisticRegression(C=C, l1_ratio=l1_ratio, **asked)
    if 0 < l1_ratio < 1:
        return LogisticRegression(C=C, penalty="elasticnet", l1_ratio=l1_ratio, **asked)
    return LogisticRegression(C=C, penalty="l1" if l1_ratio else "l2", **asked)
