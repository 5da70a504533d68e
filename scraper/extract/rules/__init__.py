"""Site rules: what to read where on a site that the general extraction gets wrong."""
