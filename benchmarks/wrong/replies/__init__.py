"""What the site of a world answers: right pages, wrong ones, and mixtures."""
