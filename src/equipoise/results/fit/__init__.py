"""A fit: its record, its words, and the file it is kept in."""
