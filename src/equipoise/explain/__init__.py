"""WHY a coefficient is what it is: the balance sheet, and the audit of other people's coefficients."""
