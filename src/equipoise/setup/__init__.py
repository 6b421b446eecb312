"""WHAT WAS ASKED: the one reader of the arguments of every verb."""
