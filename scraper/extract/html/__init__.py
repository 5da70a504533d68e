"""HTML becomes a document: its tree, tags, JSON-LD and blocks of text."""
