"""Data frames of any library: their columns, how these become features, and missing values in them."""
