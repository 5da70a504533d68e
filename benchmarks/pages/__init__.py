"""Real pages with invented edits and page noise."""
