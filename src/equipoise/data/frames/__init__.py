"""Data frames of any library: columns, their encoding as features, and gaps in them."""
