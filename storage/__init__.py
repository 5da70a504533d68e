"""Every version is kept, and two versions become edits."""
