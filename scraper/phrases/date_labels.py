"""The labels of the times on a page, in the languages of the press."""

import re

from scraper.patterns import lazy_pattern

PUBLISHED_LABEL = lazy_pattern(
    r"(?:기사)?입력|등록|작성|송고|승인|발행|게재|published|posted|first\s+published|created|veröffentlicht"
    r"|erschienen|erstellt|stand|publi[ée]|publicado|pubblicat|公開|掲載|配信|发布|發布|发表|發表|opublikowan",
    re.I,
)
MODIFIED_LABEL = lazy_pattern(
    r"(?:최종)?수정|업데이트|갱신|updated?\b|modified|edited|revised|aktualisiert|geändert|bearbeitet"
    r"|mis\s+à\s+jour|modifié|actualizad|atualizad|aggiornat|modificat|更新|修正|编辑于|bijgewerkt|zaktualizowan",
    re.I,
)
DATE_LABEL = lazy_pattern(
    rf"(?:last\s|first\s|originally\s)?(?:{PUBLISHED_LABEL.pattern}|{MODIFIED_LABEL.pattern})\w{{0,3}}(?:\s(?:on|am|le|el|il|em))?\s?[:：]?",
    re.I,
)
