"""Edits as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

from storage.diff.render import HTML, redline
from storage.edit_rows import about, edit_of
from variorum.announcement import cut, title

ATOM = "http://www.w3.org/2005/Atom"
MAX_REDLINE = 20_000
# Characters that XML 1.0 cannot hold.
NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


def atom_feed(edits: Sequence[dict[str, Any]], *, name: str, updated_at: str) -> bytes:
    """The feed of edits (rows with their URL, host and headline), the newest first."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    _add(feed, "title", f"Edits: {name}")
    _add(feed, "id", f"urn:variorum:channel:{name}")
    _add(feed, "updated", edits[0]["seen_at"] if edits else updated_at)
    author = _add(feed, "author")
    _add(author, "name", "Variorum")
    for edit in edits:
        entry = _add(feed, "entry")
        _add(entry, "title", cut(title([edit]), 200))
        # Addresses of articles are unique, their edits' ids never used again.
        _add(entry, "id", f"urn:variorum:edit:{edit['id']}")
        _add(entry, "updated", edit["seen_at"])
        _add(entry, "link", href=edit["url"])
        _add(entry, "category", term=edit["kind"])
        _add(entry, "content", _content(edit), type="html")
    text: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _content(edit: dict[str, Any]) -> str:
    shown = edit_of(edit)
    marked = (
        redline(shown, HTML) if len(shown.old or "") + len(shown.new or "") < MAX_REDLINE else ""
    )
    return f"<p>{edit['field']} · {about(edit, ' · ')}</p><p>{marked}</p>"


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text.translate(NOT_XML) if text else None
    return element
