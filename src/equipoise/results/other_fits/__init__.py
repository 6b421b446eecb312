"""Fits that a fit is compared with: without some features, or under another penalty."""
