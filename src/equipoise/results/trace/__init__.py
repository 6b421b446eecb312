"""A run of coordinate descent: its record, its words, its picture and its page."""
