"""Times equipoise and its peers on the same data in one run, and never a time without its precision."""
