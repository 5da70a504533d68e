"""The sqlite-utils plugin: SQL functions on text, and commands on the history.

Every call of `sqlite-utils` loads this module, so it imports nothing heavy before it is needed.
"""

import sqlite3
from pathlib import Path

import click
from sqlite_utils import hookimpl


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Add `text_diff(old, new)` and `similarity(a, b)` to a connection."""
    conn.create_function("text_diff", 2, text_diff, deterministic=True)
    conn.create_function("similarity", 2, text_similarity, deterministic=True)


def text_diff(old: str | None, new: str | None) -> str:
    """The difference between two texts, as [-removed-] and {+added+}.

    >>> text_diff("12 people died", "21 people died")
    '[-12-]{+21+} people died'
    """
    from storage.diff.align.words import hunks
    from storage.diff.render import printable

    parts = []
    for part in hunks(str(old or ""), str(new or "")):
        if part.op == "equal":
            parts.append(part.old)
            continue
        space = part.new[len(part.new.rstrip()) :] or part.old[len(part.old.rstrip()) :]
        removed, added = part.old.strip(), part.new.strip()
        parts.append(
            (f"[-{removed}-]" if removed else "") + (f"{{+{added}+}}" if added else "") + space
        )
    return printable("".join(parts))


def text_similarity(a: str | None, b: str | None) -> float:
    """The share of words that two texts have in common, in order: 0 to 1 (normalised Indel similarity).

    >>> text_similarity("12 people died", "21 people died") > 0.6
    True
    """
    from rapidfuzz.distance import Indel

    from storage.diff.text.tokens import tokens

    return round(Indel.normalized_similarity(tokens(str(a or "")), tokens(str(b or ""))), 4)


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Add `article-history` and `article-diff` to sqlite-utils."""

    @cli.command(name="article-history")
    @click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.argument("url")
    def article_history(path: Path, url: str) -> None:
        """Show every edit of an article in a Variorum database, newest first.

        \b
        sqlite-utils article-history variorum.db https://example.org/news/1
        """
        _run_variorum(path, ["log", url])

    @cli.command(name="article-diff")
    @click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.argument("url")
    @click.argument("old", type=int, required=False)
    @click.argument("new", type=int, required=False)
    def article_diff(path: Path, url: str, old: int | None, new: int | None) -> None:
        """Show what changed between two versions of an article, by default in the last edit.

        \b
        sqlite-utils article-diff variorum.db https://example.org/news/1 1 2
        """
        _run_variorum(path, ["diff", url, *(str(n) for n in (old, new) if n is not None)])


def _run_variorum(path: Path, arguments: list[str]) -> None:
    """Run a command of Variorum on a database; it only reads."""
    from variorum.cli import main

    main(["--db", str(path), *arguments], standalone_mode=True)
