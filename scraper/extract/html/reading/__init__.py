"""What a reader reads of a page where its text alone does not say: small signs, hidden words, elements within a line."""
