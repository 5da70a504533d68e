"""What is page noise and what is the article."""
