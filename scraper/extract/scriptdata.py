"""Article text that stands only in a page's script data."""

from selectolax.lexbor import LexborHTMLParser


def script_paragraphs(tree: LexborHTMLParser, headline: str | None) -> list[str]:
    """Paragraphs found in the JSON of a page's scripts."""
    return []


def split_paragraphs(text: str) -> list[str]:
    """Lines of a text, white space folded, empty ones left out."""
    return [line for part in text.splitlines() if (line := " ".join(part.split()))]
