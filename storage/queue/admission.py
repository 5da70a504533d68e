"""How many new articles one check of a source may add: a feed must not turn Variorum against another site. Pure."""

from collections import Counter
from collections.abc import Iterable

from scraper.urls import site

# To add so many takes some hundredths of a second, in which no other check goes on. The rest is added by the next checks.
MAX_NEW_ARTICLES = 500
# What a feed lists of other sites, nobody asked them: an aggregator has some dozens of entries.
MAX_NEW_PER_OTHER_SITE, MAX_NEW_OF_OTHER_SITES = 20, 200


def admitted(new: Iterable[str], source_url: str) -> list[str]:
    """Of the addresses that are new in a source, those that one check of it adds, in their order.

    >>> here, there = ([f"https://{host}/{n}" for n in range(30)] for host in ("example.org", "example.net"))
    >>> found = admitted([*there, *here], "https://www.example.org/feed")
    >>> len(found), found[-1]
    (50, 'https://example.org/29')
    """
    own, counts = site(source_url), Counter[str]()
    found: list[str] = []
    for url in new:
        if len(found) == MAX_NEW_ARTICLES:
            break
        other = site(url)
        if other != own:
            if counts[other] == MAX_NEW_PER_OTHER_SITE or counts.total() == MAX_NEW_OF_OTHER_SITES:
                continue
            counts[other] += 1
        found.append(url)
    return found
