"""What people ask the history."""
