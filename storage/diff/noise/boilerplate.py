"""A publisher's own lines, left out of every article of its host."""

from dataclasses import dataclass, replace

from scraper.article import Article
from storage.diff.text.visible import fold_digits


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What the articles of one host share, with folded digits.

    `lines` are left out of the body, the captions and the standfirst, `names` out of the byline.
    """

    lines: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __or__(self, other: "Boilerplate") -> "Boilerplate":
        return Boilerplate(self.lines | other.lines, self.names | other.names)

    def __bool__(self) -> bool:
        return bool(self.lines or self.names)

    def holds(self, line: "BoilerplateLine") -> bool:
        """Whether a line is among these."""
        return fold_digits(line.text) in (self.names if line.is_name else self.lines)


@dataclass(frozen=True, slots=True)
class BoilerplateLine:
    """A line proven to be the publisher's, with the evidence.

    `articles` are addresses that show it; `stories` says how many stories of the host do, as "3 of 4".
    `instead_of` is the publisher's line whose place it took. `is_name` says that it is of bylines.
    """

    text: str
    is_name: bool = False
    articles: tuple[str, ...] = ()
    stories: str | None = None
    instead_of: str | None = None


def boilerplate_of(lines: "tuple[BoilerplateLine, ...]") -> Boilerplate:
    """The lines as they are matched."""
    return Boilerplate(
        frozenset(fold_digits(line.text) for line in lines if not line.is_name),
        frozenset(fold_digits(line.text) for line in lines if line.is_name),
    )


def without_boilerplate(article: Article, boilerplate: Boilerplate) -> Article:
    """The article without its publisher's lines; its body stays as it is if nothing else is in it."""
    if not boilerplate:
        return article
    lines, names = boilerplate.lines, boilerplate.names
    dek = "\n".join(_without(tuple((article.dek or "").splitlines()), lines))
    return replace(
        article,
        dek=dek or None,
        byline=_without(article.byline, names),
        paragraphs=_without(article.paragraphs, lines) or article.paragraphs,
        captions=_without(article.captions, lines),
    )


def _without(texts: tuple[str, ...], excluded: frozenset[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if fold_digits(text) not in excluded)
