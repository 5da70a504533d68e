"""A URL becomes an Article."""
