"""Estimators for scikit-learn, with its parameters and its meaning of alpha, and with certificates."""
