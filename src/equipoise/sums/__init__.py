"""Sufficient statistics of squared loss: the moments of each fold, from one pass over data of any size."""
