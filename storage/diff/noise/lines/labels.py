"""Which change is one of a label's, and which one of a number in a sentence?"""

from storage.diff.noise.exclusions import PendingLine
from storage.diff.noise.lines.replacements import has_other_numbers
from storage.diff.text.labels import is_label


def is_number_in_sentence(line: PendingLine) -> bool:
    """Whether only a number changed, in a text that is no label: if it is as it was, it was edited twice."""
    return has_other_numbers(line.instead_of, line.text) and not is_label(line.text)
