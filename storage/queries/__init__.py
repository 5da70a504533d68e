"""Read-only queries on the history, for commands and web pages."""
