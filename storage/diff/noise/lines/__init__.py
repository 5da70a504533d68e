"""Lines that came, left or were replaced: an edit, page noise, or pending until later checks decide."""
