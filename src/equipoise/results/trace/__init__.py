"""A run of the textbook algorithm: its record, its words, its picture and its page."""
