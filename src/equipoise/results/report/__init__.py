"""What the page of a report is told, whatever it is about."""
