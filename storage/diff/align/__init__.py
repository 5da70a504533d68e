"""Which sentence and which word of one text became which of the other."""
