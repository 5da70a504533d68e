"""How well edits are told from page noise."""
