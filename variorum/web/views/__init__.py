"""One module for each kind of web page."""
