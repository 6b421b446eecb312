"""WHY a coefficient is what it is: the balance sheet, and the audit of coefficients from elsewhere."""
