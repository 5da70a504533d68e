"""How well the times of the checks are chosen."""
