"""Which elements are part of a line, and which have no text that a reader reads.

Two walks use them. `blocks.py` reads the whole body and leaves it to the model what is the article,
so it skips little. `nearby.py` reads the few lines around the headline, so it skips what is never a
line there: menus, forms, pictures, asides.
"""

Attributes = dict[str, str | None]  # of an element


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Under this, Lexbor numbers the tags that it knows, of HTML, SVG and MathML, the same on every page.
MAX_STATIC_TAG_ID = 1_000
HEADING_TAGS = _tags("h1 h2 h3 h4 h5 h6")

# Elements inside a line, for both walks.
PHRASE_TAGS = _tags("""
    a abbr acronym b bdi bdo big blink cite code data dfn em font i kbd label mark output q ruby s
    samp small span strong sub sup time tt u var
""")
MATH_TAGS = _tags("""
    math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts
    mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none
    semantics
""")
# Elements without text of an article, for both walks.
TEXTLESS_TAGS = _tags("""
    audio button iframe input noscript object script select style svg template video
""")
BOLD_TAGS = _tags("b strong")

# A picture in a sentence does not end it, and ruby texts and editing marks belong to the words.
BLOCK_INLINE_TAGS = (
    PHRASE_TAGS | MATH_TAGS | _tags("del img ins nobr picture rb rp rt rtc source strike")
)
BLOCK_SKIPPED_TAGS = TEXTLESS_TAGS | _tags("""
    amp-ad amp-analytics amp-embed amp-iframe amp-sidebar amp-social-share annotation annotation-xml
    canvas datalist frame frameset head map meter noframes option progress textarea
""")

NEARBY_INLINE_TAGS = PHRASE_TAGS | _tags("wbr")
NEARBY_SKIPPED_TAGS = TEXTLESS_TAGS | _tags("aside figure footer form img nav picture")
