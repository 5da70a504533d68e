"""Text as a reader sees it: visible characters, sentences and tokens."""
