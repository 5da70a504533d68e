"""A world of publishers whose site-wide lines stand between the paragraphs of their articles."""
