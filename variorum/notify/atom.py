"""Edits as an Atom feed (RFC 4287)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from storage.articles.edits import edit_from_row, edit_label
from storage.diff.render import HTML_STYLE, redline
from variorum.notify.message import message_title

ATOM = "http://www.w3.org/2005/Atom"
MAX_FEED_REDLINE_CHARACTERS = 20_000
# Characters that XML 1.0 does not allow.
XML_FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """One entry of a feed. `html` is markup: scraped text in it must be escaped already."""

    id: str
    title: str
    updated_at: str
    link: str
    html: str
    category: str | None = None


def edits_feed(edits: Sequence[dict[str, Any]], *, name: str, updated_at: str) -> bytes:
    """A feed of edits, newest first; an edit is a row with its URL, host and headline."""
    entries = [edit_entry(edit) for edit in edits]
    return render_atom(
        entries,
        title=f"Edits: {name}",
        feed_id=f"urn:variorum:channel:{name}",
        updated_at=updated_at,
    )


def edit_entry(
    edit: dict[str, Any], link: Callable[[dict[str, Any]], str] | None = None
) -> AtomEntry:
    """An edit as an entry. It links to the article, or to the address that `link` gives."""
    return AtomEntry(
        # The ID of an edit is never reused.
        id=f"urn:variorum:edit:{edit['id']}",
        title=message_title([edit]),
        updated_at=edit["seen_at"],
        link=link(edit) if link else edit["url"],
        html=_content(edit),
        category=edit["kind"],
    )


def render_atom(
    entries: Iterable[AtomEntry],
    *,
    title: str,
    feed_id: str,
    updated_at: str,
    feed_url: str | None = None,
) -> bytes:
    """A feed as bytes. `updated_at` is used if there is no entry; `feed_url` is where the feed is served."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    entry_list = list(entries)
    _add(root, "title", title)
    _add(root, "id", feed_id)
    _add(root, "updated", max((entry.updated_at for entry in entry_list), default=updated_at))
    if feed_url:
        _add(root, "link", rel="self", href=feed_url)
    author = _add(root, "author")
    _add(author, "name", "Variorum")
    for feed_entry in entry_list:
        entry = _add(root, "entry")
        _add(entry, "title", feed_entry.title)
        _add(entry, "id", feed_entry.id)
        _add(entry, "updated", feed_entry.updated_at)
        _add(entry, "link", href=feed_entry.link)
        if feed_entry.category:
            _add(entry, "category", term=feed_entry.category)
        _add(entry, "content", feed_entry.html, type="html")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _content(edit: dict[str, Any]) -> str:
    logged_edit = edit_from_row(edit)
    redline_markup = (
        redline(logged_edit, HTML_STYLE)
        if len(logged_edit.old or "") + len(logged_edit.new or "") < MAX_FEED_REDLINE_CHARACTERS
        else ""
    )
    return f"<p>{edit['field']} · {edit_label(edit, ' · ')}</p><p dir='auto'>{redline_markup}</p>"


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text.translate(XML_FORBIDDEN) if text else None
    return element
