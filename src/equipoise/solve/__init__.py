"""HOW it is minimised: exact active sets, working sets, paths, and the textbook's own method."""
