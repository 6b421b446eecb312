"""Formulas: `y ~ a + b:c` as features, and missing values as they are settled before a fit."""
