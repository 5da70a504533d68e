"""History out of and into the database: JSON lines, WARC and WACZ."""
