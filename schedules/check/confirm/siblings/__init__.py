"""The siblings of an article at a check: which are stored, and what their pages show."""
