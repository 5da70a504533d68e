"""Tables: the cells of a row are one line."""

from itertools import groupby

from scraper.extract.html.blocks import Block, Element

CELL_TAGS = frozenset(("td", "th"))
CELL_SEPARATOR = " | "
MAX_CELL_CLIMB = 3  # elements up from a block to its cell
MAX_CELL_LENGTH = 300  # characters; a longer cell is a column of a layout, not a value


def join_rows(blocks: list[Block]) -> list[Block]:
    """The blocks, with one for each row of a table of values.

    A row in which a cell has several lines, or a long one, lays out a page: its lines stay apart.
    """
    cells = [_cell(block.element) for block in blocks]
    if not any(cells):
        return blocks
    joined: list[Block] = []
    pairs = zip(blocks, cells, strict=True)
    for row, group in groupby(pairs, key=lambda pair: pair[1] and pair[1].parent):
        members = list(group)
        lines = [block for block, _ in members]
        is_row = row is not None and 1 < len(members) == len({cell for _, cell in members})
        if is_row and all(len(block.text) <= MAX_CELL_LENGTH for block in lines):
            joined.append(_row_block(row, lines))
        else:
            joined += lines
    return joined


def _cell(element: Element | None) -> Element | None:
    """The table cell that an element is or is close within."""
    for _ in range(MAX_CELL_CLIMB):
        if element is None or element.tag in CELL_TAGS:
            return element
        element = element.parent
    return None


def _row_block(row: Element, cells: list[Block]) -> Block:
    """One block with the text of all cells."""
    return Block(
        CELL_SEPARATOR.join(block.text for block in cells),
        row,
        sum(block.linked for block in cells),
        sum(block.bold for block in cells),
        cells[-1].tail,
        any(block.paid for block in cells),
    )
