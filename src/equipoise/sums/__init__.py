"""Sufficient statistics of squared loss: moments, by fold, in one pass over data of any size."""
