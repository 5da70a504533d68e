"""`variorum.toml`: reading the settings, with an error for each mistake that names its line."""
