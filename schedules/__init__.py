"""When to look again, and looking."""
