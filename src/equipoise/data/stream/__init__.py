"""Rows in batches: the pieces of a source, read in this process or on the workers of a cluster."""
