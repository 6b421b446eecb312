"""Choices of the strength by data held out: their records, words and pictures."""
