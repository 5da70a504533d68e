"""What the forms of the sixth family are made of."""

import random
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


def credited_photo(words: Words, css: Css) -> tuple[str, str]:
    """A picture's caption and its credit: a picture has one photographer, whenever it is shown."""
    photo = words.pick("photo")
    name = words.pick("name", by=random.Random(photo))
    return photo, f"{fixed(words, css, 'credit')}: {name}"


def ticker_entry(words: Words) -> tuple[str, str]:
    """The time of day and the text of a line: whenever it is shown, it bears the time at which it was written."""
    text = words.pick("live_line")
    minutes = random.Random(text).randint(6 * 60, 24 * 60 - 1)
    return f"{minutes // 60}:{minutes % 60:02d}", text


def score_row(words: Words) -> str:
    """A match with its score and minute."""
    home, away = words.rng.randint(0, 4), words.rng.randint(0, 4)
    return (
        f"<tr><td>{words.pick('team')}</td><td>{home}</td><td>{away}</td>"
        f"<td>{words.pick('team')}</td><td>{words.rng.randint(1, 90)}′</td></tr>"
    )
