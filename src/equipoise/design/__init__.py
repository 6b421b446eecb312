"""WHERE the data live: everything that costs the length of the data goes through here."""
