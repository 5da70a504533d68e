"""Text as a reader sees it: visible characters, sentences, tokens, Korean words."""
