"""The verbs for scikit-learn: estimators with its parameters, its meaning of alpha, and certificates."""
