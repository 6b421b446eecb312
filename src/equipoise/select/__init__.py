"""WHICH strength of the penalty: folds and cross-validation."""
