"""The bytes of the pages: storing, listing and pruning them."""
