"""The labels of the times on a page, in the languages of the press."""

import re

from scraper.patterns import lazy_pattern

PUBLISHED_LABEL = lazy_pattern(
    r"(?<![^\W\d_])(?:date|datum|fecha|дата|日期|날짜)\s?[:：]?\s?$|(?:기사)?입력|등록|작성|송고|승인|발행|게재|published|post(?:ed|\s(?:time|date))|(?:publication|publishing|release|posting)\s(?:date|time)|created|veröffentlich(?:t|ung)"
    r"|erschienen|erstellt|publi[ée]|publica(?:do|da|ción|ção)|pubblica(?:t|zione)|公開|掲載|配信|发布|發布|发表|發表|opublikowan"
    r"|publicerad|publisert|udgivet|offentliggjort|gepubliceerd|julkaistu|publikováno|publikované|опубликовано"
    r"|опубліковано|yayın(?:lanma|landı)|diterbitkan|tayang|đăng|เผยแพร่|نشر",
    re.I,
)
MODIFIED_LABEL = lazy_pattern(
    r"(?:최종)?수정|업데이트|갱신|updated?\b|modified|edited|revised|aktualisiert|geändert|bearbeitet|(?<![^\W\d_])stand(?![^\W\d_])"
    r"|mis\s+à\s+jour|modifié|actualizad|atualizad|aggiornat|modificat|更新|修正|编辑于|bijgewerkt|zaktualizowan|aktualizacja"
    r"|uppdaterad|oppdatert|opdateret|päivitetty|aktualizováno|aktualizované|обновлено|оновлено|güncelle(?:me|ndi)"
    r"|diperbarui|cập\s+nhật|อัปเดต|อัพเดท|تحديث",
    re.I,
)
DATE_LABEL = lazy_pattern(
    rf"(?:date\s|\(?re\)?-?|last\s|first\s|originally\s|zuletzt\s|dernière\s|última\s|ultimo\s)?(?:{PUBLISHED_LABEL.pattern}|{MODIFIED_LABEL.pattern})\w{{0,3}}(?:\s(?:on|am|le|el|il|em))?\s?[:：]?",
    re.I,
)
# A sentence that says the date of the article itself.
OWN_DATE_SENTENCE = lazy_pattern(
    r"\bthis\s(?:article|story|post|piece|page)\b.{0,40}\b(?:published|posted|updated)\b", re.I
)
# The labels of what else is in the line with a date: a date, a time, a writer, a source, a section, figures of readers.
DATE_LINE_LABEL = lazy_pattern(
    r"(?:^|\s)(?:date|datum|fecha|data|дата|tarih|tanggal|日期|時間|时间|日時|날짜|일시|dato|time|uhrzeit|zeit|hora|heure|ora"
    r"|by|von|par|por|di|door|(?:co-?)?authors?|auteure?s?|autor\w{0,4}|writers?|written\sby|words|story|texte?|texto|testo|report(?:er|ed|ing)?\w*"
    r"|redak\w+|redac\w+|journalist\w*|editors?|edited\sby|記者|记者|기자|作者|編輯|编辑|责任编辑|글|photos?|fotos?|images?|bild(?:er)?|credit"
    r"|source|quelle|fuente|fonte|bron|来源|來源|출처|agency|via|from|category|categories|section|ressort|rubrik|kategorie|filed\sunder|tags?|topics?"
    r"|in|reading\stime|lesezeit|read|lesedauer|views?|visits?|hits|comments?|kommentare|shares?|aufrufe|阅读|浏览|点击|조회|댓글)$",
    re.I,
)
