"""HOW it is minimised: exact active sets, working sets, paths, and coordinate descent as it is taught."""
