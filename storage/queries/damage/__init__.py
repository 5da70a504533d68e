"""What of the file is damaged, and what was never ours."""
