"""Small HTML pages, and different stories of one publisher with the lines it prints into all of them."""

from collections.abc import Sequence

STORIES = (
    (
        "Ferry strike enters second week",
        "Ferry crews in Norhaven refused to sail on Monday, the seventh day of their strike over night shifts.",
        "The union wants two crew members on deck whenever a ferry sails after dark.",
        "Commuters waited for buses at the ferry landing, and many of them walked across the bridge instead.",
        "The ferry company said that it would talk to the union again on Thursday.",
    ),
    (
        "Museum returns stolen violin",
        "A violin that was stolen from a locked museum cabinet 30 years ago is back in its place.",
        "A retired teacher found the violin in the attic of her late brother and brought it to the museum.",
        "Experts at the museum compared the varnish with old photographs before they believed her.",
        "The violin will be played in public at the museum in March.",
    ),
    (
        "Frost ruins cherry harvest",
        "Three nights of frost have destroyed most of the cherry blossom in the Oster valley.",
        "Growers lit straw fires between the cherry trees, but the frost was too hard.",
        "One grower said that she expects a tenth of her usual harvest, and no cherry wine at all.",
        "The valley last lost its cherry harvest to frost in 1991.",
    ),
    (
        "Pupils design new town flag",
        "Norhaven will fly a flag that pupils of its two schools have designed.",
        "The flag shows a heron above three waves, and the pupils chose its colours by a vote.",
        "Some councillors wanted to keep the heron out of the flag, because it stands on a rival town's flag.",
        "The pupils will hoist the flag at the town hall on the first day of May.",
    ),
    (
        "Lighthouse lamp goes dark",
        "The lamp of the Skerry lighthouse failed in the night of the storm, and nobody noticed until morning.",
        "A fisherman reported the dark lighthouse when he came home with his nets.",
        "Engineers replaced a fuse in the lamp and checked the batteries of the lighthouse.",
        "The coast guard wants every lighthouse to report a dark lamp by radio.",
    ),
    (
        "Library opens at night",
        "Readers with a card can enter the Norhaven library around the clock from next week.",
        "Cameras watch the shelves of the library while no librarian is there.",
        "A trial showed that most readers come before midnight, and that no books went missing.",
        "The library pays for the cameras with money that it saved on heating.",
    ),
)  # fmt: skip
PITCH = (
    "Enjoying this? Our morning letter brings five stories like it to your inbox, free of charge."
)
NEXT_PITCH = (
    "Tell us what you know: the newsroom answers messages on Telegram, and keeps your name secret."
)


def article_html(
    headline: str = "Harbour bridge opens after long repair",
    paragraphs: tuple[str, ...] = (
        "The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.",
        "Repairs cost 12 million crowns, the port authority said, and 21 people worked on the site every day.",
        "“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.",
        "A second bridge, further up the river, will be closed for inspection in the autumn of next year.",
    ),
    *,
    head: str = "",
    around: str = "",
) -> str:
    """An article page: `head` goes into its head, `around` into a box beside the article."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title>{head}</head><body>"
        f"<nav><a href=/>Home</a></nav><main><article><h1>{headline}</h1>{body}</article></main>"
        f"<aside>{around}</aside></body></html>"
    )


def story_html(
    number: int, lines: Sequence[str] = (), *, after: int = 2, headline: str = ""
) -> str:
    """The page of a story with lines of the publisher after so many of its paragraphs."""
    own_headline, *paragraphs = STORIES[number]
    texts = (*paragraphs[:after], *lines, *paragraphs[after:])
    return article_html(headline or own_headline, texts)
