"""Rows in batches: pieces of a source, read here or on the workers of a cluster."""
