"""Exporting and importing history: JSON lines, WARC and WACZ."""
