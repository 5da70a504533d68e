"""Lines folded at words to the width of a terminal: wide characters, colours, a hanging indent."""

import re
import unicodedata

# Beyond this a line is hard to read, however wide the window is.
WIDEST = 100
# Where what hangs would leave too little room, it hangs by this instead.
LITTLE = 4

MARK = r"\x1b\[[0-9;]*m"
IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
OPENING = "「『（【〈《"
CLOSING = "、。，．」』）】〉》！？：；ー…・々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
# What stays on one line: a run of spaces; an ideograph with the punctuation that clings to it (Chinese and
# Japanese break between any two); a word, of which Korean has spaces between. Colours cling to either.
PIECE = re.compile(
    rf" +|(?:{MARK}|[{OPENING}])*[{IDEOGRAPH}](?:{MARK}|[{CLOSING}]|-\]|\+}})*"
    rf"|[{OPENING}]*(?:{MARK}|[^ \x1b{IDEOGRAPH}{OPENING}])+|[{OPENING}]+|\x1b"
)
BEGINNING = re.compile(rf"(?:{MARK}| )*")


def folded(text: str, width: int, *, hang: int | None = None) -> str:
    """Text with each line folded at words; what is longer than a line, such as an address, stays whole.

    What is folded hangs by so many columns, by default as deep as the line begins.

    >>> print(folded("  a ferry struck the pier", 16))
      a ferry struck
      the pier
    >>> print(folded("灯台の明かり。", 6))
    灯台の
    明か
    り。
    """
    return "\n".join(_folded(line, min(width, WIDEST), hang) for line in text.split("\n"))


def columns(text: str) -> int:
    """The columns that text takes on a terminal.

    >>> columns("\\x1b[31m온실\\x1b[0m"), columns("e\\u0301")
    (4, 1)
    """
    return sum(_columns(character) for character in re.sub(MARK, "", text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _folded(line: str, width: int, hang: int | None) -> str:
    begins = BEGINNING.match(line)
    start = begins[0] if begins else ""
    depth = columns(start) if hang is None else hang
    indent = " " * (depth if depth <= width // 2 else LITTLE)
    out, used, style, spaces = start, columns(start), "".join(re.findall(MARK, start)), ""
    for piece in PIECE.findall(line.removeprefix(start)):
        if piece.startswith(" "):
            spaces = piece
            continue
        size = columns(piece)
        fits = used + len(spaces) + size <= width
        if not fits and used > len(indent) and 0 < size <= width - len(indent):
            # An open style must not run into the indent, which would be struck through.
            out += ("\x1b[0m" if style else "") + "\n" + indent + style
            used, spaces = len(indent), ""
        out, used, spaces = out + spaces + piece, used + len(spaces) + size, ""
        for mark in re.findall(MARK, piece):
            style = "" if mark == "\x1b[0m" else style + mark
    return out + spaces
