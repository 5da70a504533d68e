"""Files that people exchange: bundles, redlines and imports."""
