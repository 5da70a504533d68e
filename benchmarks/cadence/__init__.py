"""How well the cadence chooses the times of checks."""
