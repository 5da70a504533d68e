"""Pages and feeds that take a reader seconds, and are small on the wire."""

import gzip

TITLE = "<!doctype html><html><head><title>Please wait</title></head><body>"
# Each is as long as it can be below `max_body`, or as takes some seconds; the figures are seconds to read it.
FREEZING_PAGES = {
    "links": TITLE + "<a href=/x>read it</a> " * 350_000,  # 4
    "paragraphs": TITLE + "<p>Work on the wall, it is said, goes on.</p>" * 200_000,  # 1
    "lists": TITLE + "<ul><li>a " * 600_000,  # 4
    "tables": TITLE + "<table><tr><td>x" * 500_000,  # 3
    "elements": TITLE + "<b><p>" * 1_500_000,  # 3
}
FREEZING_FEEDS = {
    "entries": "<feed xmlns='http://www.w3.org/2005/Atom'>"
    + "<entry><link href='/a'/><title>x</title></entry>" * 60_000
    + "</feed>",
    "spaces": "<urlset><url><loc>" + " " * 9_000_000,
}


def packed(texts: dict[str, str]) -> list[bytes]:
    """The texts as gzip."""
    return [gzip.compress(text.encode(), 1) for text in texts.values()]
