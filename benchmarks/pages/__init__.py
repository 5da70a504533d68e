"""Pages with known edits and page noise."""
