"""The commands, in the order of their use: looking, watching, reading."""
