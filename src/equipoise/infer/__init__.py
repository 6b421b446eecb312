"""HOW SURE one can be of a coefficient: intervals and p-values, and what each is conditional on."""
