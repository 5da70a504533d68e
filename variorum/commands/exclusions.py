"""The command `exclusions`: what is left out of an article, why, and the way back."""

import sys
from typing import Any

import click

from storage.articles.aliases import require_article
from storage.articles.exclusions import excluded_texts, restore_text
from variorum.commands.options import json_option, parse_url
from variorum.context import Context, now
from variorum.terminal.output import print_json, say, short_time

MAX_EVIDENCE_CHARACTERS = 60


@click.command("exclusions")
@click.argument("url")
@click.option("--restore", "text_id", type=int, metavar="ID", help="Count that text as part of the article again.")  # fmt: skip
@json_option
@click.pass_obj
def exclusions_command(context: Context, url: str, text_id: int | None, is_json: bool) -> None:
    """List what is left out of an article, with the evidence.

    These are page noise, lines that its publisher prints into all articles, and changes that the next
    check must confirm. A restored line of the publisher returns to all articles of the host.

    \b
    variorum exclusions https://example.org/news/1
    variorum exclusions https://example.org/news/1 --restore 3
    """
    if text_id is not None:
        db = context.open_writable()
        restore_text(db, require_article(db, parse_url(url)), text_id, at=now())
    db = context.open_readable()
    rows = list(excluded_texts(db, require_article(db, parse_url(url))))
    if is_json:
        print_json(rows)
    else:
        for row in rows:
            _print_exclusion(row)
        if not rows:
            say("nothing is left out of this article")
    if not rows:
        sys.exit(1)


def _print_exclusion(row: dict[str, Any]) -> None:
    say(f"{row['id']:>4}  {row['text'] or '(nothing)'}", bold=not row["restored_at"])
    since, end = short_time(row["since"]), _end_text(row)
    imported = " · imported: on the word of a file" if row["imported"] else ""
    say(f"      {_evidence_text(row)} · {since} UTC{imported}{end}", dim=True)


def _end_text(row: dict[str, Any]) -> str:
    """When a text began to count again, and why; nothing if it is still left out."""
    if not row["restored_at"]:
        return ""
    at = short_time(row["restored_at"])
    if not row["evidence"].get("is_withdrawn"):
        return f" · restored {at} UTC"
    checks, reading = row["evidence"]["checks"], row["evidence"].get("steady_reading")
    if not checks:
        return f" · counts again since {at} UTC: what replaced it has lasted"
    shown = f"the number in {_quoted(reading)}" if reading else "it"
    return f" · counts again since {at} UTC: every fetch of {checks} checks showed {shown}"


def _evidence_text(row: dict[str, Any]) -> str:
    """Why a text is left out."""
    evidence = row["evidence"]
    match row["kind"]:
        case "boilerplate":
            return _boilerplate_text(evidence)
        case "pending" if evidence.get("other_reading"):
            first, second = _quoted(evidence["other_reading"]), _quoted(row["text"])
            return f"two fetches made seconds apart had {first} and {second} in this place; the next check decides"
        case "pending":
            replaced = evidence["instead_of"]
            change = f"{_quoted(replaced)} was replaced or removed" if replaced else "it was added"
            return f"{change}; the next check decides"
    if evidence.get("sibling") is not None:
        return f"another article of the site shows it, too: {evidence['sibling']}"
    if evidence["after"] is not None:
        return f"this line differs at each check, after: {_shortened(evidence['after']) or 'the headline'}"
    if evidence["first"] == evidence["second"]:
        return "missing from the next fetch"
    first, second = _quoted(evidence["first"]), _quoted(evidence["second"])
    return f"two fetches made seconds apart had {first} and {second} in this place"


def _boilerplate_text(evidence: dict[str, Any]) -> str:
    """Why a line counts as the publisher's."""
    urls = ", ".join(evidence["articles"])
    if evidence["instead_of"] is not None:
        return f"took the place of a line of the publisher, {_quoted(evidence['instead_of'])}, at {urls}"
    return f"{evidence['stories']} stories of this host have it: {urls}"


def _quoted(text: str | None) -> str:
    return f"“{_shortened(text)}”" if text else "nothing"


def _shortened(text: str) -> str:
    return text[:MAX_EVIDENCE_CHARACTERS]
