"""What pages say, in the languages of the press: notices, corrections and boilerplate."""
