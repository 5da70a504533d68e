"""Sites that serve the wrong page for some hours, and what a tracker logs of it."""
