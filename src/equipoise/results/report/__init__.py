"""Reports: their content, their words and the page that is made of both."""
