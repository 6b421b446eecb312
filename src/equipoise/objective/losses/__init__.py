"""The losses: a file each, and the names by which they are asked for."""
