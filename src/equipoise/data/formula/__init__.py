"""Formulas such as `y ~ a + b:c` as features, and missing values dropped or imputed before a fit."""
