"""How well edits are separated from page noise."""
