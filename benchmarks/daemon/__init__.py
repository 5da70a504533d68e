"""The daemon under load, with workers, and in a world that misbehaves."""
