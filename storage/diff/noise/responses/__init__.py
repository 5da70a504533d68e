"""What two responses to one check agree on, what they prove, and what they leave to the next check."""
