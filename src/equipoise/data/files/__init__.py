"""Files and SQL queries: read as Arrow tables or batches, written atomically."""
