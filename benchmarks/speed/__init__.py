"""What a check, a query and a page cost."""
