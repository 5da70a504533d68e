"""The edits of one article as a page for a browser or for paper, without scripts."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from storage.articles.edits import edit_from_row, edit_label
from storage.diff.render import HTML_STYLE, markup, redline
from variorum.terminal.output import plural

REDLINE_STYLE = """\
body { font: 1rem/1.5 Georgia, serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #111; background: #fff; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.05rem; margin: 2rem 0 .25rem; border-top: 1px solid #999; padding-top: .75rem; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
.about { color: #555; font-size: .9rem; }
li { margin: .75rem 0; }
del { color: #a00; text-decoration: line-through; }
ins { color: #060; text-decoration: underline; font-weight: bold; }
@media print { body { margin: 0; max-width: none; } li { break-inside: avoid; } h2 { break-after: avoid; } }"""


def redline_page(article: dict[str, Any], edits: Sequence[dict[str, Any]]) -> str:
    """A row of `articles` and its edits, oldest first, as HTML. All scraped text is escaped."""
    headline = markup(str(article["headline"] or article["url"]))
    versions = plural(article["latest_version"] or 0, "version")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Edits: {headline}</title>",
            f"<style>\n{REDLINE_STYLE}\n</style>",
            "</head>",
            "<body>",
            f"<h1>{headline}</h1>",
            f'<p class="about">{markup(article["url"])}</p>',
            f'<p class="about">First seen {markup(article["first_seen_at"])}, last checked'
            f" {markup(str(article['checked_at']))} · {versions}, {plural(len(edits), 'edit')} · times are UTC</p>",
            '<p class="about"><del>Struck through</del>: removed. <ins>Underlined</ins>: added.</p>',
            *_version_sections(edits),
            "</body>",
            "</html>",
            "",
        ]
    )


def _version_sections(edits: Sequence[dict[str, Any]]) -> Iterator[str]:
    for number, group in groupby(edits, key=lambda edit: edit["to_version"]):
        rows = list(group)
        back = f" (back to version {rows[0]['reverts_to']})" if rows[0]["reverts_to"] else ""
        yield f"<h2>Version {rows[0]['from_version']} to {number}{back}</h2>"
        yield f'<p class="about">Between {markup(rows[0]["seen_after"])} and {markup(rows[0]["seen_at"])}</p>'
        yield "<ul>"
        for row in rows:
            yield f'<li><p class="about">{markup(row["field"])} · {markup(edit_label(row, " · "))}</p>'
            yield f"<p>{redline(edit_from_row(row), HTML_STYLE)}</p></li>"
        yield "</ul>"
