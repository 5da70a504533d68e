"""The web pages: a Datasette plugin that shows edits, articles and publishers."""
