"""A small news site on loopback that edits its articles: what `variorum demo` watches."""
