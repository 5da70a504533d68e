"""What HTTP needs beside the client: limits, decompression, charsets and robots.txt."""
