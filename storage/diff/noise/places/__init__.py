"""Where lines stand on a page: in the prose or apart from it, and in which box."""
