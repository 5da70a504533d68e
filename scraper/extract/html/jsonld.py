"""JSON-LD as pages have it: broken scripts repaired, the main article chosen among teasers."""

import html
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from scraper.extract.html.text import bare
from scraper.patterns import lazy_pattern

Thing = dict[str, Any]

ARTICLE_RANK = {
    "NewsArticle": 5,
    "ReportageNewsArticle": 5,
    "AnalysisNewsArticle": 5,
    "OpinionNewsArticle": 5,
    "BackgroundNewsArticle": 5,
    "ReviewNewsArticle": 5,
    "AskPublicNewsArticle": 5,
    "LiveBlogPosting": 5,
    "AdvertiserContentArticle": 4,
    "SatiricalArticle": 4,
    "Report": 4,
    "Article": 4,
    "BlogPosting": 4,
    "SocialMediaPosting": 3,
    "TechArticle": 4,
    "ScholarlyArticle": 4,
    "MedicalScholarlyArticle": 4,
    "ClaimReview": 2,
    "Review": 2,
    "Recipe": 3,
    "VideoObject": 1,
    "PodcastEpisode": 1,
    "WebPage": 1,
    "ItemPage": 1,
    "MedicalWebPage": 1,
    "CreativeWork": 1,
}
SURE_ARTICLE_RANK = 2  # a lone thing above this is the article, whatever its address and headline
# Keys under which the page describes itself; itemListElement and hasPart list other pages.
NESTED_KEYS = ("@graph", "mainEntity", "mainEntityOfPage", "about")
MAX_THINGS = 500
MAX_JSONLD_DEPTH = 6

SCRIPT_WRAPPING = lazy_pattern(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|"
    r"(?:-->|/\*\s*\]\]>\s*\*/|//\s*\]\]>|\]\]>|;)\s*$"
)
VOCABULARY_SEPARATOR = lazy_pattern("[/#:]")
UNPRINTABLE = lazy_pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
JSON_CONTROL_CHARACTER = lazy_pattern(r"[\x00-\x1f]")
TRAILING_COMMA = lazy_pattern(r",(\s*[}\]])")
BAD_ESCAPE = lazy_pattern(r'\\(?!["\\/bfnrtu])')
SALVAGED_FIELD = lazy_pattern(
    r'"(headline|datePublished|dateModified|description|articleSection|inLanguage|@type)"'
    r'\s*:\s*"((?:[^"\\\n]++|\\.)*+)"'
)


def things(scripts: Iterable[str]) -> list[Thing]:
    """Every thing by which the scripts describe the page itself, at most `MAX_THINGS`."""
    all_things: list[Thing] = []
    for script in scripts:
        for value in _parse(script):
            all_things.extend(_nested_things(value, 0))
            if len(all_things) > MAX_THINGS:
                return all_things[:MAX_THINGS]
    return all_things


def main_article(all_things: Sequence[Thing], url: str, titles: Iterable[str]) -> Thing | None:
    """The thing that describes the article: by type, then by address and headline; None if none."""
    ranked = [(thing, rank) for thing in all_things if (rank := article_rank(thing))]
    if len(ranked) == 1 and ranked[0][1] > SURE_ARTICLE_RANK:
        return ranked[0][0]
    path = _address_path(url) if ranked else ""
    bare_titles = [_bare_title(title) for title in titles if title] if ranked else []
    best: Thing | None = None
    best_score = 0.0
    for thing, rank in ranked:
        score = rank + _address_score(thing, path) + _headline_score(thing, bare_titles)
        score += 0.5 * ("datePublished" in thing) + 0.25 * ("articleBody" in thing)
        if score > best_score:
            best, best_score = thing, score
    return best


def article_rank(thing: Thing) -> int:
    """How much of an article the type of a thing is, from 5 to 0 for none."""
    return max((ARTICLE_RANK.get(name, 0) for name in types(thing)), default=0)


def types(thing: Thing) -> tuple[str, ...]:
    """The names of the types of a thing, without the address of the vocabulary."""
    value = thing.get("@type")
    if isinstance(value, str):
        return (_type_name(value),)
    names = value if isinstance(value, list) else ()
    return tuple(_type_name(name) for name in names if isinstance(name, str))


def _type_name(name: str) -> str:
    return name if name.isalpha() else VOCABULARY_SEPARATOR.split(name)[-1]


def text(value: object) -> str | None:
    """A value as one plain string, entities resolved; None if it is no text.

    >>> text("Fish &amp;amp; chips")
    'Fish & chips'
    """
    if isinstance(value, list):
        value = next((entry for entry in value if entry), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    plain = unescape(str(value)).strip()
    return plain or None


def unescape(plain: str) -> str:
    """The text with entities resolved, twice if they are escaped twice.

    >>> unescape("It&amp;#039;s")
    "It's"
    """
    for _ in range(2):
        if "&" not in plain:
            break
        plain = html.unescape(plain)
    if plain.isprintable() or plain.replace("\n", " ").replace("\xa0", " ").isprintable():
        return plain  # nearly every text; the pattern takes ten times as long to decide
    return UNPRINTABLE.sub("", plain)


def things_by_id(all_things: Iterable[Thing]) -> dict[str, Thing]:
    """The things with an `@id`, by it: other things refer to them so."""
    index: dict[str, Thing] = {}
    for thing in all_things:
        name = thing.get("@id")
        if isinstance(name, str) and len(thing) > len(index.get(name, ())):
            index[name] = thing
    return index


def _parse(script: str) -> list[object]:
    """The values in one script. A broken script is repaired, or its plain fields are salvaged."""
    with suppress(ValueError, RecursionError):
        return [json.loads(script, strict=False)]
    unwrapped = _bare_script(script)
    for repair in (str, _repaired):
        with suppress(ValueError, RecursionError):
            return [json.loads(repair(unwrapped), strict=False)]
    return _parse_several(unwrapped) or _salvage_fields(unwrapped)


def _bare_script(script: str) -> str:
    """The script without the comment or CDATA marks around it."""
    return SCRIPT_WRAPPING.sub("", SCRIPT_WRAPPING.sub("", script)).strip()


def _repaired(script: str) -> str:
    """The script without the faults that are common: control characters, trailing commas, bad escapes, entities."""
    script = TRAILING_COMMA.sub(r"\1", JSON_CONTROL_CHARACTER.sub(" ", script))
    script = BAD_ESCAPE.sub(r"\\\\", script)
    if '"' not in script and "&quot;" in script:
        script = html.unescape(script)
    return script


def _parse_several(script: str) -> list[object]:
    """Values written one after the other, up to the first broken one."""
    decoder = json.JSONDecoder(strict=False)
    values: list[object] = []
    at = 0
    while at < len(script) and len(values) < 20:
        try:
            value, at = decoder.raw_decode(script, at)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while at < len(script) and script[at] in " \t\r\n,;":
            at += 1
    return [value for value in values if isinstance(value, dict | list)]


def _salvage_fields(script: str) -> list[object]:
    """The first plain value of each field that matters, for a script that cannot be parsed."""
    thing: Thing = {}
    for name, raw in SALVAGED_FIELD.findall(script):
        if name == "@type" and "@type" in thing:
            continue
        try:
            value = json.loads(f'"{raw}"', strict=False)
        except ValueError:
            value = raw
        thing.setdefault(name, value)
    return [thing] if thing else []


def _nested_things(value: object, depth: int) -> Iterator[Thing]:
    if depth > MAX_JSONLD_DEPTH:
        return
    if isinstance(value, list):
        for entry in value[:MAX_THINGS]:
            yield from _nested_things(entry, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in NESTED_KEYS:
            if isinstance(value.get(name), dict | list):
                yield from _nested_things(value[name], depth + 1)


def _bare_title(title: str) -> str:
    return bare(unescape(title))


def _address_path(address: object) -> str:
    if isinstance(address, dict):
        address = address.get("@id") or address.get("url")
    if not isinstance(address, str):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return unquote(parts.path).rstrip("/")


def _address_score(thing: Thing, path: str) -> float:
    """2 if the thing has the address of the page, -1 if it has only others, 0 if it has none."""
    paths = {_address_path(thing.get(name)) for name in ("url", "mainEntityOfPage", "@id")} - {""}
    if not path or not paths:
        return 0.0
    return 2.0 if path in paths else -1.0


def _headline_score(thing: Thing, bare_titles: list[str]) -> float:
    """3 if the headline is in a title of the page or a title is in it, -1 if not, 0 without one."""
    headline = _bare_title(text(thing.get("headline") or thing.get("name")) or "")
    if not headline or not bare_titles:
        return 0.0
    if any(headline in title or (title in headline and len(title) > 10) for title in bare_titles):
        return 3.0
    return -1.0
