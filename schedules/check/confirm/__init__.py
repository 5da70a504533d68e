"""What one check cannot prove: a drastic change, a page that breaks off, an article that is gone."""
