"""The demo: a small news site on loopback that edits its articles while Variorum watches."""
