"""How sure one can be of a coefficient: intervals and p-values, labelled by what they condition on."""
