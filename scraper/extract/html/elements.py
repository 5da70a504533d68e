"""Which elements are part of a line, and which have no text that a reader reads.

Two walks use them. `blocks.py` reads the whole body and leaves it to the model what is the article,
so it skips little. `nearby.py` reads the few lines around the headline, so it skips what is never a
line there: menus, forms, pictures, asides.
"""


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Elements inside a line, for both walks.
PHRASE_TAGS = _tags("""
    a abbr acronym b bdi bdo big cite code data dfn em font i kbd label mark q ruby s samp small
    span strong sub sup time tt u var
""")
# Elements without text of an article, for both walks.
TEXTLESS_TAGS = _tags("""
    audio button iframe input noscript object script select style svg template video
""")
BOLD_TAGS = _tags("b strong")

# A picture in a sentence does not end it, and ruby texts and editing marks belong to the words.
BLOCK_INLINE_TAGS = PHRASE_TAGS | _tags("del img ins nobr picture rb rp rt source strike")
BLOCK_SKIPPED_TAGS = TEXTLESS_TAGS | _tags("""
    amp-ad amp-analytics amp-embed amp-iframe amp-sidebar amp-social-share canvas datalist frame
    frameset head map meter noframes option progress textarea
""")

NEARBY_INLINE_TAGS = PHRASE_TAGS | _tags("wbr")
NEARBY_SKIPPED_TAGS = TEXTLESS_TAGS | _tags("aside figure footer form img nav picture")
