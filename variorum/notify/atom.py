"""Edits as an Atom feed (RFC 4287)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from storage.articles.edits import about, edit_of
from storage.diff.render import HTML, redline
from variorum.notify.message import cut, title

ATOM = "http://www.w3.org/2005/Atom"
MAX_REDLINE = 20_000
# Characters that XML 1.0 cannot hold.
NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed; `html` is markup in which scraped text is escaped already."""

    id: str
    title: str
    updated_at: str
    link: str
    html: str
    category: str | None = None


def atom_feed(edits: Sequence[dict[str, Any]], *, name: str, updated_at: str) -> bytes:
    """The feed of edits (rows with their URL, host and headline), the newest first."""
    entries = [edit_entry(edit) for edit in edits]
    return feed(
        entries,
        title=f"Edits: {name}",
        feed_id=f"urn:variorum:channel:{name}",
        updated_at=updated_at,
    )


def edit_entry(edit: dict[str, Any], link: Callable[[dict[str, Any]], str] | None = None) -> Entry:
    """An edit as an entry, which links to its article or to what `link` gives."""
    return Entry(
        # Addresses of articles are unique, their edits' ids never used again.
        id=f"urn:variorum:edit:{edit['id']}",
        title=cut(title([edit]), 200),
        updated_at=edit["seen_at"],
        link=link(edit) if link else edit["url"],
        html=_content(edit),
        category=edit["kind"],
    )


def feed(
    entries: Iterable[Entry],
    *,
    title: str,
    feed_id: str,
    updated_at: str,
    address: str | None = None,
) -> bytes:
    """A feed as bytes; `updated_at` counts where it has no entry, `address` is where it is served."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    listed = list(entries)
    _add(root, "title", title)
    _add(root, "id", feed_id)
    _add(root, "updated", max((entry.updated_at for entry in listed), default=updated_at))
    if address:
        _add(root, "link", rel="self", href=address)
    author = _add(root, "author")
    _add(author, "name", "Variorum")
    for each in listed:
        entry = _add(root, "entry")
        _add(entry, "title", each.title)
        _add(entry, "id", each.id)
        _add(entry, "updated", each.updated_at)
        _add(entry, "link", href=each.link)
        if each.category:
            _add(entry, "category", term=each.category)
        _add(entry, "content", each.html, type="html")
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _content(edit: dict[str, Any]) -> str:
    shown = edit_of(edit)
    marked = (
        redline(shown, HTML) if len(shown.old or "") + len(shown.new or "") < MAX_REDLINE else ""
    )
    return f"<p>{edit['field']} · {about(edit, ' · ')}</p><p dir='auto'>{marked}</p>"


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text.translate(NOT_XML) if text else None
    return element
