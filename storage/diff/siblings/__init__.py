"""The proof by a sibling: what another article of the host shows as well is the publisher's.

Theory of operation
===================

`noise.separate` finds what differs between two fetches. Two kinds of change pass it, because both
fetches show them: a line that the publisher exchanges on its whole site (a pitch, a credit, a call
to subscribe), and a new template. Both come to many articles in one way at one time, and an edit does
not. So before a whole line or a whole field is logged, a *sibling* is asked: another article of the
host, as it was when this one was last as stored, and as it is now.

- `sibling.py`: one sibling, and the lines that came to it or left it since the article was last as stored,
  or since the day before: a publisher may change one article after the other.
- `sights.py`: how siblings show one line, and what that proves. A line that came to the article and to
  siblings, or left them, is the publisher's. What a sibling had all along may be a stock phrase.
- `frames.py`: one sentence with another name in each article.
- `affixes.py`: what a site adds to the beginning or the end of its lines, such as the credit of a picture.
- `marks.py`: marks that a site exchanges in all its words, such as straight quotation marks for curly ones.
- `lines.py`: the lines that came, left or moved. A newcomer in the place of a line of the publisher is one as
  well, if it is foreign to the story. If only numbers changed in a line, two articles on other subjects
  must show it, and with another number.
- `subjects.py`: whether two articles tell one story, or are about different subjects.
- `fields.py`: the ways in which a field may change with the template: it appeared, it disappeared,
  it got the same affix, its times moved by the same hours.
- `places.py`: lines of the article's own that a template shows or hides: a caption, a sub-heading.
  Their elements hold no paragraphs, and the sibling's lines are in such elements, too.
- `proof.py` puts them together. One sibling could be edited by chance in the same way, so weak
  signs need company: a second sign in the same sibling, or a second sibling.

A correction note is never explained away.
"""
