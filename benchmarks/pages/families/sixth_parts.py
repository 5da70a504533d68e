"""What the forms of the sixth family are made of."""

from collections.abc import Iterable

from benchmarks.pages.noise import Css, Words


def fixed(words: Words, css: Css, name: str) -> str:
    """The phrase of this list that the site always shows; its numbers change."""
    return words.pick(name, by=css.rng(f"sixth/{name}"))


def linked(words: Words, text: str) -> str:
    """A link to another page of the site with these words."""
    return f'<a href="{words.href()}">{text}</a>'


def listed(items: Iterable[str], tag: str = "ul") -> str:
    """A list with an item for each of these."""
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


def distinct(words: Words, name: str) -> list[str]:
    """Phrases of a list, none of them twice."""
    return list(dict.fromkeys(words.pick(name) for _ in range(9)))


def score_row(words: Words) -> str:
    """A match with its score and minute."""
    home, away = words.rng.randint(0, 4), words.rng.randint(0, 4)
    return (
        f"<tr><td>{words.pick('team')}</td><td>{home}</td><td>{away}</td>"
        f"<td>{words.pick('team')}</td><td>{words.rng.randint(1, 90)}′</td></tr>"
    )
