"""How an article, an edit and the result of a check are printed, for people and as JSON."""

import sys
from typing import TYPE_CHECKING, Any

import click

from storage.diff.render import printable, redline
from storage.timestamps import publisher_text
from storage.vocabulary import FIELDS, Field, Shape
from variorum.terminal.output import print_json, redline_style, say, say_styled

if TYPE_CHECKING:
    from schedules.check import Checked
    from scraper.article import Article
    from storage.diff.edit import Edit

OUTCOME_COLOURS = {
    "edited": "yellow",
    "new": "cyan",
    "failed": "red",
    "blocked": "red",
    "refused": "red",
    "gone": "magenta",
}


def print_article(article: "Article") -> None:
    """Print an article for a person."""
    say(article.headline, bold=True)
    if article.dek:
        say(article.dek)
    facts = [", ".join(article.byline), article.section or "", article.lang or ""]
    facts += [f"published {publisher_text(article.published_at)}" if article.published_at else ""]
    facts += [f"modified {publisher_text(article.modified_at)}" if article.modified_at else ""]
    if any(facts):
        say(" · ".join(fact for fact in facts if fact), dim=True)
    say()
    say(article.body)
    for caption in article.captions:
        say()
        say(f"[caption] {caption}", dim=True)


def article_json(article: "Article") -> dict[str, Any]:
    """An article as the JSON object that `extract --json` and `show --format json` print."""
    return {
        "url": article.url,
        **{field.column: _json_value(field, article) for field in FIELDS},
        "lang": article.lang,
        "sources": dict(article.sources),
    }


def _json_value(field: Field, article: "Article") -> Any:
    value = getattr(article, field.attribute)
    match field.shape:
        case Shape.NAMES | Shape.LINES:
            return list(value)
        case Shape.TEXT:
            return "\n\n".join(value)
        case Shape.DATE:
            return publisher_text(value)
        case Shape.LINE | Shape.LABEL:
            return value


def print_edit(edit: "Edit") -> None:
    """Print an edit for a person: its field, its kind and its redline."""
    kind = edit.kind.replace("_", " ")
    label = f"  {edit.field} · " + (f"{kind}: " if edit.op != "move" else "")  # the redline says it
    say_styled(label + redline(edit, redline_style()), hanging_indent=4)


def print_check(checked: "Checked") -> None:
    """Print the result of a check for a person, with its edits."""
    result, recorded = checked.result, checked.recorded
    outcome = click.style(result.outcome, fg=OUTCOME_COLOURS.get(result.outcome))
    version = f" v{recorded.version}" if recorded.version else ""
    if recorded.reverts_to:
        version += f" (back to v{recorded.reverts_to})"
    reason = f"\n  {printable(result.reason)}" if result.reason else ""
    say_styled(f"{outcome}{version} {printable(result.url)}{reason}")
    for edit in result.edits:
        print_edit(edit)


def print_check_json(checked: "Checked") -> None:
    """Print the result of a check as one line of JSON, at once."""
    print_json([check_json(checked)])
    sys.stdout.flush()


def check_json(checked: "Checked") -> dict[str, Any]:
    """The result of a check as the JSON object that `fetch --json` and `run --json` print."""
    result, recorded = checked.result, checked.recorded
    return {
        "url": result.url,
        "article_id": recorded.article_id,
        "outcome": result.outcome,
        "version": recorded.version,
        "previous_version": recorded.previous_version,
        "edits": [
            {
                "field": edit.field,
                "op": edit.op,
                "kind": edit.kind,
                "old": edit.old,
                "new": edit.new,
                "evidence": edit.evidence,
            }
            for edit in result.edits
        ],
        "reason": result.reason,
        "http_status": result.fetches[0].http_status if result.fetches else None,
    }
