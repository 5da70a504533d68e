"""What a terminal shows: lines, results, wrapping and the manual page."""
