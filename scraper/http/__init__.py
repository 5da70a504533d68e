"""What HTTP needs besides the client: limits, decompression, charsets and robots.txt."""
