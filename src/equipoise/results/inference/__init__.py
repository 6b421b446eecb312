"""Intervals and stability selection: their records, words and pictures."""
