"""A second world of publishers: other places on the page, other rhythms, other languages and texts."""
