"""The sentences, names and site-wide lines of the second world, by language."""

import itertools
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

TEXT_FOLDER = Path(__file__).parent / "languages"


@cache
def text_table(language: str) -> dict[str, Any]:
    """The texts of a language by the name of their list; each head goes with each tail."""
    table = tomllib.loads((TEXT_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    pairs = itertools.product(table["heads"], table["tails"])
    return {**table, "sentences": [head + tail for head, tail in pairs]}


def text_languages() -> list[str]:
    """The codes of all languages."""
    return sorted(path.stem for path in TEXT_FOLDER.glob("*.toml"))
