"""Matrices on disk, memory-mapped and read in blocks."""
