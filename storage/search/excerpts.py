"""The sentences that a search shows of an article: those with the words, as the index matches words."""

from sqlite_utils import Database

from storage.diff.text.sentences import sentences
from storage.search.highlight import contains_words
from storage.search.hits import HitSentence

MAX_SENTENCES = 3


def matching_sentences(text: str, words: str) -> tuple[HitSentence, ...]:
    """The first sentences of the text that have all the words; if none has, those with any of them.

    >>> matching_sentences("It rained. The Café closed. A pier burnt.", "cafe closed")
    (HitSentence(text='The Café closed.', removed_version=None, removed_at=None),)
    """
    all_sentences = [
        sentence for paragraph in text.split("\n\n") for sentence in sentences(paragraph.strip())
    ]
    has_all_words = contains_words(words)
    matches = [sentence for sentence in all_sentences if has_all_words(sentence)]
    if not matches:
        has_word = [contains_words(word) for word in words.split()]
        matches = [
            sentence for sentence in all_sentences if any(test(sentence) for test in has_word)
        ]
    return tuple(HitSentence(sentence) for sentence in matches[:MAX_SENTENCES])


def removed_sentences_with(db: Database, article_id: int, words: str) -> tuple[HitSentence, ...]:
    """The newest removed sentences of an article that have all the words.

    A sentence that a technical version lacks was not removed by the publisher, so it does not count.
    """
    has_all_words = contains_words(words)
    rows = db.execute(
        "select s.sentence, s.removed_version, v.seen_at from sentences s"
        " join versions v on v.article_id = s.article_id and v.number = s.removed_version"
        " where s.article_id = ? and s.removed_version is not null and v.technical = 0"
        " order by s.removed_version desc, s.id",
        [article_id],
    ).fetchall()
    matches = [HitSentence(*row) for row in rows if has_all_words(row[0])]
    return tuple(matches[:MAX_SENTENCES])
