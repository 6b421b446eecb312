"""Matrices that stay on disk, memory-mapped and read in blocks."""
