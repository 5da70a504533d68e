"""What commands write: lines and results on a terminal, the manual page, and files."""
