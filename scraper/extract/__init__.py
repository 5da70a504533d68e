"""HTML becomes an Article: `extract` is the one public function of this folder."""
