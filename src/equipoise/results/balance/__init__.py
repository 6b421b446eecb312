"""The balance sheet: its record, its words and its picture."""
