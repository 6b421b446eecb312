"""Columns of plain text: whether they hold numbers, true and false, or levels."""
