"""When the article was published and modified."""
