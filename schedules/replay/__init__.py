"""Checks of the past: captures of an archive, and stored pages read again."""
