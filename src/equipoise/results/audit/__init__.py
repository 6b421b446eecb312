"""The audit of coefficients: its record, its words and its picture."""
