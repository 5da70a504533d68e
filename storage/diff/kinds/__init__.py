"""The kind of an edit."""
