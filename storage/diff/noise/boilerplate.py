"""A publisher's own lines, left out of every article of its host."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scraper.article import Article
from storage.diff.text.visible import fold_digits, visible

# In place of the reporter's name in a line that names the reporter.
BYLINE_MARK = "[byline]"


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """What the articles of one host share, with folded digits.

    `lines` are left out of the body, the captions and the standfirst, `names` out of the byline. In a
    line that names the reporter, "[byline]" is in place of the name.
    """

    lines: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def __or__(self, other: "Boilerplate") -> "Boilerplate":
        return Boilerplate(self.lines | other.lines, self.names | other.names)

    def __bool__(self) -> bool:
        return bool(self.lines or self.names)

    def has(self, text: str, byline: tuple[str, ...]) -> bool:
        """Whether a line of an article with this byline is among these."""
        return any(fold_digits(form) in self.lines for form in line_forms(text, byline))

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

    def own(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(text for text in texts if not boilerplate.has(text, article.byline))

    return replace(
        article,
        dek="\n".join(own((article.dek or "").splitlines())) or None,
        byline=tuple(name for name in article.byline if fold_digits(name) not in boilerplate.names),
        paragraphs=own(article.paragraphs) or article.paragraphs,
        captions=own(article.captions),
    )


def line_forms(text: str, byline: Iterable[str]) -> tuple[str, ...]:
    """A line as a reader sees it, and if it names a reporter of the article, without the name.

    >>> line_forms("Ada Oswell covers the harbour.", ["Ada Oswell"])
    ('Ada Oswell covers the harbour.', '[byline] covers the harbour.')
    """
    plain = form = visible(text)
    for name in byline:
        if name:
            form = form.replace(visible(name), BYLINE_MARK)
    return (plain,) if form == plain else (plain, form)
