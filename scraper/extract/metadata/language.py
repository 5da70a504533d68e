"""The language of an article: its headline's script, or what the page says."""

from scraper.extract.html.document import Document
from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import HANGUL, IDEOGRAPH, KANA_CHARACTER

LANGUAGE_METAS = ("content-language", "language", "dc.language", "dcterms.language")
LANGUAGE_SCRIPTS = (("ko", HANGUL), ("ja", KANA_CHARACTER), ("zh", IDEOGRAPH))
LANGUAGE_CODE = lazy_pattern("[a-z]{2,3}")
MIN_SCRIPT_SHARE = 0.3  # of a headline's letters


def read_language(document: Document, headline: str | None) -> str | None:
    """The language's code in two or three letters, None if unknown.

    The headline's script decides if it can, since templates say `en` on any page.
    """
    root = document.tree.root
    claims = [
        root.attributes.get("lang") if root is not None else None,
        document.tags.meta("og:locale"),
        document.claim("inLanguage"),
        document.tags.meta(*LANGUAGE_METAS),
    ]
    claimed_lang = next(filter(None, map(_primary_tag, claims)), None)
    return _language_of_script(headline or "", claimed_lang) or claimed_lang


def _primary_tag(claim: str | None) -> str | None:
    primary = (claim or "").strip().replace("_", "-").partition("-")[0].lower()
    return primary if LANGUAGE_CODE.fullmatch(primary) else None


def _language_of_script(headline: str, claimed_lang: str | None) -> str | None:
    if headline.isascii():
        return None
    letters = sum(character.isalpha() for character in headline)
    for lang, script in LANGUAGE_SCRIPTS:
        if letters and len(script.findall(headline)) >= MIN_SCRIPT_SHARE * letters:
            # Ideographs alone may be Japanese or Cantonese, if the page says so.
            return None if lang == "zh" and claimed_lang in ("ja", "ko", "yue") else lang
    return None
