"""Where the article's text is on a page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from scraper.extract.body import model
from scraper.extract.body.boxes import (
    boxed_blocks,
    is_offer,
    is_paid,
    is_pointer,
    members_around,
    orphans,
)
from scraper.extract.body.captions import (
    bare,
    belongs,
    caption_text,
    pictured_blocks,
    unique_captions,
)
from scraper.extract.body.features import (
    MIN_PROSE,
    WORD,
    Prose,
    first_features,
    is_menu_entry,
    place_features,
    plain_features,
    says_again,
    text_features,
    weigh,
    width,
)
from scraper.extract.body.scripts import script_text, split_paragraphs
from scraper.extract.html.blocks import (
    Block,
    Frame,
    is_within,
    read_all_blocks,
    read_blocks,
)
from scraper.extract.html.tags import Tags
from scraper.extract.metadata import Metadata
from scraper.extract.metadata.dek import is_marked
from scraper.phrases.boilerplate import is_advert_label, is_call, is_furniture

MAX_BLOCKS = 6_000  # the longest article page measured has 3,100
CAPTION_SHARE = 0.2  # of the container's text: more cannot be a caption
ANCHOR_SHARE = 0.1  # of the heaviest element's text: less is what a redesign left
DEK_LINES = 4  # a longer standfirst is the text itself
MAX_REPEATED = 60  # characters: a shorter line may come again
ABOVE = 4  # blocks over the text in which its title may be
MIN_TITLE, MAX_TITLE = 12, 120  # letters, characters
BRACKETS = "[]()【】［］（）<>"  # around a byline that is a line of its own
LONG, LONG_BAR = 6.7, -1.0  # a block of 800 letters is text unless much speaks against it


@dataclass(frozen=True, slots=True)
class Body:
    """The article's text: `paragraphs` and sub-headings in order, `captions` apart.

    `anchor` names the element that holds them all, for the next look at the same page, `frame` is
    that element;
    `source` says where the text was: "page", "json-ld" or "script". `title` is what the text
    may be called where the page gives no headline.
    """

    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    anchor: str | None = None
    source: str = "page"
    title: str | None = None
    frame: Frame | None = None


def find_body(
    tree: LexborHTMLParser, tags: Tags, metadata: Metadata, *, anchor: str | None = None
) -> Body:
    """The article's body; no paragraphs where the page has none.

    `tags` and `metadata` are what the page says of its article, `anchor` the one of an earlier look.
    """
    blocks = usable_blocks(read_blocks(tree, model.prior, tags.hidden), metadata.headline)
    body = _from_page(blocks, metadata, anchor)
    if anchor and length(body.paragraphs) < MIN_BODY:
        body = _from_page(blocks, metadata, None)
    size = length(body.paragraphs)
    said = split_paragraphs(metadata.schema_body or "")
    if length(said) > max(MIN_BODY, 2 * size):
        return Body(tuple(said), body.captions, None, "json-ld")
    if size >= MIN_BODY:
        return body
    told, pictures = script_text(tree, metadata.headline)
    if length(told) > 2 * size:
        return Body(tuple(told), body.captions or tuple(pictures), None, "script")
    # What looks like menus, too; then what is hidden: some pages show their text only by script.
    for hidden in (tags.hidden, frozenset[int]()):
        blocks = usable_blocks(read_all_blocks(tree, model.prior, hidden), metadata.headline)
        shown = _from_page(blocks, metadata, anchor)
        if length(shown.paragraphs) > max(MIN_BODY, 2 * size):
            return shown
    return body


def length(paragraphs: Iterable[str]) -> float:
    """Letters in all, by the measure of `width`."""
    return sum(map(width, paragraphs))


MIN_BODY = 200  # characters: a shorter body sends us looking in the page's scripts


def _from_page(blocks: list[Block], metadata: Metadata, anchor: str | None) -> Body:
    if not blocks:
        return Body()
    said = folded(metadata.schema_body)
    prose = Prose(blocks)
    rows, likely = _first_look(blocks, prose)
    weights = weigh(blocks, prose.widths, likely)
    stood_in = _known(weights, anchor)
    container = heaviest(weights, stood_in)
    places, sure = place_features(blocks, rows, likely, weights, container)
    likes = _second_look(blocks, rows, places, sure, said)
    if stood_in is not None:
        likes = [block for block in likes if is_within(block.frame, stood_in)]
    return _refined(blocks, likes, weights, container, metadata)


def trusted_body(blocks: list[Block], metadata: Metadata, captions: Iterable[str]) -> Body:
    """The body where all blocks are the article's but for the furniture among them.

    `captions` are known already and no paragraphs.
    """
    if not blocks:
        return Body()
    weights = weigh(blocks, [width(block.text) for block in blocks], [1.0] * len(blocks))
    return _refined(blocks, blocks, weights, heaviest(weights), metadata, captions)


def _refined(
    blocks: list[Block],
    likes: list[Block],
    weights: dict[Frame, float],
    container: Frame,
    metadata: Metadata,
    known_captions: Iterable[str] = (),
) -> Body:
    """What stays of the liked blocks without boxes, asides, captions and the other fields."""
    pictured = pictured_blocks(blocks, weights, CAPTION_SHARE * weights[container])
    candidates = [block for block in likes if block not in pictured]
    around = members_around(blocks, [*candidates, *pictured], container)
    boxed = boxed_blocks(around, container, weights)
    captions = [
        *known_captions,
        *(
            caption_text(block)
            for block in pictured
            if block not in boxed and belongs(block, container)
        ),
    ]
    headline = folded(metadata.headline)
    standfirst = _standfirst(metadata.dek, likes, container)
    skip = {headline, *standfirst, *metadata.byline, *captions, *map(bare, captions)}
    words = headline_words(headline)
    # Where a standfirst is all there is, it is the text.
    kept = _kept(candidates, boxed, skip, words) or _kept(
        candidates, boxed, skip - standfirst, words
    )
    left_over = orphans(set(kept), around)
    text = [block for block in kept if block not in left_over]
    title = _title(blocks, text) if text and not headline else None
    frame = shared_element([block.frame for block in text]) if text else None
    return Body(
        tuple(block.text for block in text),
        unique_captions(captions),
        describe(frame) if frame else None,
        title=title,
        frame=frame,
    )


def _title(blocks: list[Block], body: list[Block]) -> str:
    """The line close above the text that may be its title; else its first words."""
    first = blocks.index(body[0])
    for block in reversed(blocks[max(0, first - ABOVE) : first]):
        text = block.text
        may_be = width(text) >= MIN_TITLE and len(text) <= MAX_TITLE and not block.linked
        if may_be and not is_furniture(text):
            return text
    words = body[0].text
    return words if len(words) <= MAX_TITLE else words[:MAX_TITLE].rpartition(" ")[0] + "…"


def _first_look(blocks: list[Block], prose: Prose) -> tuple[list[list[float]], list[float]]:
    """The features of each block at a glance, and how likely it is the article's."""
    copies = Counter([block.text for block in blocks])
    first = model.first_look()
    rows: list[list[float]] = []
    likely: list[float] = []
    for at, (block, size) in enumerate(zip(blocks, prose.widths, strict=True)):
        if is_menu_entry(block) or (size < MIN_PROSE and prose.is_apart(block.frame)):
            rows.append(plain_features(size))
            likely.append(0.0)
        else:
            row = first_features(block, at, size, copies[block.text], prose)
            rows.append(row)
            likely.append(model.probability(first(row)))
    return rows, likely


def _second_look(
    blocks: list[Block],
    rows: list[list[float]],
    places: dict[int, list[float]],
    sure: set[int],
    said: str,
) -> list[Block]:
    """The blocks that are the article by what they say and where they stand."""
    second = model.second_look()
    found = []
    for at, block in enumerate(blocks):
        if at in places:
            row = rows[at]
            bound = LONG_BAR if row[0] > LONG else 0.0
            if second(row + places[at] + text_features(block, said)) > bound:
                found.append(block)
        elif at in sure:
            found.append(block)
    return found


def _kept(
    candidates: list[Block], boxed: set[Block], skip: set[str], words: frozenset[str]
) -> list[Block]:
    """The candidates that are neither in a box, nor an aside, nor said before."""
    kept: list[Block] = []
    seen: set[str] = set()
    letters = sum(map(len, words))
    for block in candidates:
        text = block.text
        if block in boxed or text in seen or is_aside(block):
            continue
        if text in skip or text.strip(BRACKETS) in skip:
            continue
        if not says_again(words, letters, text):
            kept.append(block)
            if len(text) > MAX_REPEATED:
                seen.add(text)
    return kept


def _standfirst(dek: str | None, likes: list[Block], container: Frame) -> set[str]:
    """The lines of the dek that are no text: none where it is so long that it may be the text
    itself, and none that stands among the paragraphs as one of them."""
    lines = [line for part in (dek or "").split("\n") if (line := folded(part))]
    if not lines or len(lines) > DEK_LINES:
        return set()
    found = {folded(dek), *lines}
    return found - {
        block.text
        for block in likes
        if block.text in found
        and 2 * block.bold < len(block.text)
        and not is_marked(block.frame.label)
        and is_within(block.frame, container)
    }


def is_aside(block: Block) -> bool:
    """Whether the block by itself is none of the article, wherever it stands."""
    text = block.text
    if is_furniture(text) or is_advert_label(text):
        return True
    return block.linked > 0 and (
        is_pointer(block) or is_offer(block) or is_paid(block) or is_call(text)
    )


def heaviest(weights: dict[Frame, float], outer: Frame | None = None) -> Frame:
    """The deepest of the heaviest elements (in `outer`): the article's container."""
    frames = [frame for frame in weights if is_within(frame, outer)] if outer else list(weights)
    most = max([weights[frame] for frame in frames])
    return max((frame for frame in frames if weights[frame] == most), key=_depth)


def _depth(frame: Frame) -> int:
    return frame.depth


def usable_blocks(blocks: list[Block], headline: str | None) -> list[Block]:
    """As many blocks as any article page has, from a little above the headline on."""
    if len(blocks) <= MAX_BLOCKS:
        return blocks
    title = folded(headline)
    shown = next((at for at, block in enumerate(blocks) if block.text == title), 0)
    first = max(0, shown - MAX_BLOCKS // 10)
    return blocks[first : first + MAX_BLOCKS]


def folded(text: str | None) -> str:
    """Text with its white space folded, empty for None."""
    return " ".join((text or "").split())


def headline_words(headline: str | None) -> frozenset[str]:
    """The words of the headline, folded in case."""
    return frozenset(WORD.findall((headline or "").lower()))


def _known(weights: dict[Frame, float], anchor: str | None) -> Frame | None:
    """The element that the text of an earlier look stood in, where it still holds text, whatever
    else holds more."""
    if not anchor:
        return None
    most = max(weights.values())
    found = [
        frame
        for frame, weight in weights.items()
        if weight > ANCHOR_SHARE * most and describe(frame) == anchor
    ]
    return max(found, key=lambda frame: weights[frame], default=None)


def shared_element(frames: list[Frame]) -> Frame:
    """The deepest element that holds all of some elements."""
    shared = frames[0]
    for frame in frames[1:]:
        while not is_within(frame, shared) and shared.parent is not None:
            shared = shared.parent
    return shared


def describe(frame: Frame) -> str:
    """A short path to an element, from the nearest id on."""
    parts: list[str] = []
    at: Frame | None = frame
    while at is not None and len(parts) < 4:
        parts.append(f"{at.tag}.{'.'.join(at.label.split()[:3])}" if at.label else at.tag)
        at = at.parent
    return " > ".join(reversed(parts))
