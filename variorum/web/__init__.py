"""The web pages: a Datasette plugin for edits, articles, publishers and search."""
