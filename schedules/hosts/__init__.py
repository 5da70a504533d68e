"""One request at a time per host, politely."""
