"""The forms and phrases of page noise, a family to each of its writers."""
