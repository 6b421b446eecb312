"""Files and SQL queries, read as Arrow tables or record batches; files written atomically."""
