"""The proof by a sibling: what another article of the host shows as well is the publisher's.

Theory of operation
===================

`noise.separate` finds what differs between two fetches. Two kinds of change pass it, because both
fetches show them: a line that the publisher exchanges on its whole site (a pitch, a credit, a call
to subscribe), and a new template. Both come to many articles in one way at one time, and an edit does
not. So before a whole line or a whole field is logged, a *sibling* is asked: another article of the
host, as it was when this one was last as stored, and as it is now.

- `lines.py`: a line that came is the publisher's if the sibling shows it, too. A line that left is
  the publisher's if the sibling had it. A newcomer in the place of such a line is one as well, if it
  is foreign to the story. If only numbers changed in a line, two articles on other subjects must show it.
- `subjects.py`: whether two articles tell one story, or are about different subjects.
- `fields.py`: the ways in which a field may change with the template: it appeared, it disappeared,
  it got the same affix, its times moved by the same hours.
- `places.py`: lines of the article's own that a template shows or hides: a caption, a sub-heading.
  Their elements hold no paragraphs, and the sibling's lines are in such elements, too.
- `proof.py` puts the three together. One sibling could be edited by chance in the same way, so weak
  signs need company: a second sign in the same sibling, or a second sibling.

A correction note is never explained away.
"""
