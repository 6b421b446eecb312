"""A path of fits: its record, its words and its picture, and the criteria along it."""
