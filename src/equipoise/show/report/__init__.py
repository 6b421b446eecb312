"""The report: one page that works offline, with a slider over the strength of the penalty."""
