"""The kind of an edit."""

import pytest

from scraper.article import Article
from storage.diff import compare
from storage.diff.kinds.change import Kind
from storage.diff.kinds.rules import (
    KIND_RULES,
    MAX_CHANGE_CHARACTERS,
    sentence_kind,
    word_kind,
)
from storage.diff.kinds.words import (
    NON_NAME_WORDS,
)
from storage.vocabulary import KINDS


def kind_of(sentence: str, old: str, new: str, lang: str | None = None) -> str:
    """The kind of the change from `old` to `new` at the place of `{}` in a sentence."""
    return named(sentence, old, new, lang).name


def named(sentence: str, old: str, new: str, lang: str | None = None) -> Kind:
    """The same kind with its evidence."""
    return word_kind(
        old,
        new,
        old_sentence=sentence.replace("{}", old),
        new_sentence=sentence.replace("{}", new),
        at=sentence.index("{}"),
        lang=lang,
    )


# kind, sentence, old, new
CHANGES = [
    ("number", "Police said {} people died.", "12", "21"),
    ("number", "Police said {} people died.", "", "12"),
    ("number", "It cost {} in all.", "$12 million", "$12 billion"),
    ("number", "It rose by {}0.5 in all.", "-", ""),
    ("number", "It rose by {}0.5 in all.", "", "+"),
    ("number", "It rose by 5{} in all.", "", "%"),
    ("number", "It cost {}12 in all.", "$", "€"),
    ("number", "市长见了{}人。", "三十", "四十"),
    ("number", "The mayor met {} rivals.", "two", "three"),
    ("number", "The mayor met {} rivals.", "Two", "no"),
    ("punctuation", "It ended 3{}1 there.", "-", ":"),
    ("punctuation", "It is a well{}known story.", "-", "+"),
    ("punctuation", "It is well {} known there.", "-", "+"),
    ("date", "He died on May {} there.", "3", "4"),
    ("number", "He died on May {} there.", "33", "34"),
    ("date", "It begins at {} p.m. there.", "5", "6"),
    ("date", "It begins at {} o'clock there.", "5", "6"),
    ("number", "It begins with {} people there.", "5", "6"),
    ("date", "It begins at {} there.", "10:30", "11:30"),
    ("date", "It began in {} there.", "2025", "2026"),
    ("date", "行事は{}に開く。", "本週", "下週"),
    ("date", "行事は{}に開く。", "月曜日", "火曜"),
    ("name", "A deal with {} was signed.", "Harlow", "Brenner"),
    ("name", "A deal with {} was signed.", "", "Harlow"),
    ("name", "A deal with {} was signed.", "Harlow", ""),
    ("wording", "{} deal was signed.", "Harlow", "Brenner"),
    ("wording", "It ended. {} was signed.", "Harlow", "Brenner"),
    ("wording", "He saw it: {} was signed.", "Harlow", "Brenner"),
    ("wording", "A deal ({} signed it) came.", "Harlow", "Brenner"),
    ("wording", "We saw {} here.", "It", "They"),
    ("wording", "A DEAL WITH {} WAS SIGNED.", "HARLOW", "BRENNER"),
    ("name", "A deal with {} was signed.", "NATO", "OPEC"),
    ("wording", "A deal with {} was signed.", "X", "Y"),
    ("name", "이날 {} 대표가 말했다.", "김가람", "박나래"),
    ("name", "이날 {}/시민이 왔다.", "김가람", "박나래"),
    ("name", "이날 {}(41)는 왔다.", "김가람", "박나래"),
    ("name", "이날 {}(41세, 서울)는 왔다.", "김가람", "박나래"),
    ("wording", "이날 {} 왔다.", "김가람", "박나래"),
    ("wording", "이날 {} 왔다.", "김가람", "Brenner"),
    ("name", "{} 왔다.", "홍길동씨가", "김철수씨가"),
    ("name", "{} 왔다.", "홍길동의원이", "김철수의원이"),
    ("wording", "{} 왔다.", "새의원이", "옛의원이"),
    ("negation", "He {} attend the hearing.", "can", "cannot"),
    ("negation", "He did {} attend it.", "not", ""),
    ("negation", "He {} attend it.", "did", "didn't"),
    ("wording", "He {} attend it.", "did not", "could not"),
    ("negation", "It was {} to all.", "lawful", "unlawful"),
    ("negation", "It was {} to all.", "illegal", "legal"),
    ("negation", "It was {} to all.", "regular", "irregular"),
    ("wording", "It was {} to all.", "aided", "unpaid"),
    ("negation", "이 합의는 {}.", "가능하다", "불가능하다"),
    ("quote", "He was {} by it.", "horrified", "'horrified'"),
    ("quote", "She said “we {} win” twice.", "will", "may"),
    ("quote", "She said “we {} win” twice.", "", "will"),
    ("punctuation", "She said “we{} win” twice.", ",", ";"),
    ("wording", "She said “we win” {} here.", "twice", "often"),
    ("wording", "“We win”, she {} them.", "shouted at", "chided"),
    ("wording", "It's the {} town's own.", "old", "small"),
    ("punctuation", "He came{} and saw it.", ",", ";"),
    ("punctuation", "He came{}", ".", "!"),
    ("attribution", "The firm {} it was ready.", "claimed", "confirmed"),
    ("attribution", "It was ready, according to {}.", "workers", "neighbours"),
    ("attribution", "It was ready, laut {}.", "arbeitern", "nachbarn"),
    ("attribution", "The {} said it was ready.", "worker", "neighbour"),
    ("wording", "The {} wrote it was ready.", "worker", "neighbour"),
    ("wording", "The {}said it was ready.", "old worker ", ""),
    ("punctuation", "It was ready, according to{} workers.", ",", ";"),
    ("spelling", "They will {} the prize.", "recieve", "receive"),
    ("spelling", "They {} the prize.", "won", "Won"),
    ("spelling", "The {} was won.", "prise", "prize"),
    ("wording", "The {} was won.", "prise", "prideful"),
    ("spelling", "The {} was won.", "compition", "competition"),
    ("wording", "The {} was won.", "cat", "cot"),
    ("wording", "The {} was won.", "pricey", "prattle"),
    ("wording", "The {} was won.", "boats", "coast"),
    ("spelling", "그는 {} 샀다.", "물걸래를", "물걸레를"),
    ("spelling", "그는 {} 봤다.", "기자회견을", "기차희견을"),
    ("wording", "그는 {} 봤다.", "기자회견을", "기차희건을"),
    ("wording", "그는 {} 샀다.", "여당을", "야당을"),
    ("wording", "그는 {} 샀다.", "물걸레를", "물수건을"),
    ("wording", "그는 {} 샀다.", "물걸래를", "큰물걸레를"),
    ("added", "He left{}.", "", ", which nobody at the town hall saw"),
    ("removed", "He left{}.", ", which nobody at the town hall saw", ""),
    ("wording", "He left{}.", "", ", which all saw"),
    ("wording", "He left{}.", " in a great hurry and", ", which nobody at the town hall saw"),
    ("typography", "He said {}yes.", "“", '"'),
    ("typography", "He was {} then.", "here-now", "here – now"),
    ("correction_note", "Correction: the toll was {}.", "3", "4"),
    ("wording", "The {} house was sold.", "large", "old"),
    # A number, a date, a name, a quotation gives a change its kind only if little else changed.
    ("wording", "The mill {} in the town.", "burnt for two days", "was saved by a brave crew"),
    ("added", "The mill burnt{}.", "", ", and two of the three boats beside it were lost"),
    ("wording", "They met {} again.", "the old crew on Monday", "their new friends at last"),
    ("wording", "They met {} again.", "some old friends", "the crew of the Harlow"),
    ("number", "They met {} again.", "about 12 friends", "some 21 friends"),
    ("number", "정전은 {} 동안 이어졌다.", "50분", "5분"),
    ("date", "첫 배는 오전 5시 {} 떠난다.", "50분", "10분"),
    ("number", "공사는 {} 동안 이어졌다.", "3일", "5일"),
    ("number", "手術は{}続いた。", "20分", "30分"),
    ("number", "住民の{}が残った。", "3分の1", "4分の1"),
    # Korean quotes people in double marks, and sets words apart in single ones.
    ("spelling", "그는 ‘{}’ 앱을 켰다.", "떙큐페이", "땡큐페이"),
    ("quote", "“{}” 섬의 아침", "배가 온다", "배가 안 온다"),
    ("wording", "소설 《{}》 판매가 늘었다.", "겨울 바다", "여름 산"),
    ("quote", "그는 ‘{}’라고 했다.", "간다", "온다"),
    ("wording", "섬 주민들 {} 아침", "“배가 온다” 떠들썩한", "‘배표’ 구하느라 바쁜"),
    ("quote", "She called it {} then.", "“a cold house”", "“a warm home”"),
    ("quote", "She said “we {} win” twice.", "will", "will not"),
    # A word became its contrary, in any language.
    ("negation", "The price {} in May.", "rose", "fell"),
    ("negation", "법원은 그에게 {} 선고했다.", "무죄를", "유죄를"),
    ("negation", "Der Rat stimmte {} den Plan.", "für", "gegen"),
    ("negation", "Le maire est {} ce soir.", "coupable", "innocent"),
    ("negation", "El acusado es {} aquí.", "culpable", "inocente"),
    ("negation", "委員会は計画に{}した。", "賛成", "反対"),
    ("negation", "市议会{}该计划。", "赞成", "反对"),
    ("negation", "Суд признал это {} вчера.", "законным", "незаконным"),
    ("negation", "वह {} पाया गया।", "दोषी", "निर्दोष"),
    ("negation", "الوزير {} الخبر.", "أكد", "نفى"),
    ("wording", "{} los barcos volvieron.", "Sin embargo,", "Luego"),
    ("wording", "원인은 {}.", "불명이다", "아직 조사하는 중이라 며칠 더 기다려야 한다"),
    # The same number or word in another form.
    ("typography", "벌이는 {} 넘는다.", "3천만원", "3000만원"),
    ("typography", "It cost {} in all.", "€3000000", "€3,000,000"),
    ("typography", "They met {} rivals.", "twelve", "12"),
    ("typography", "{} 직원이 말했다.", "前", "전"),
    ("spelling", "시는 {} 문을 열었다.", "석달만에", "석 달 만에"),
    ("spelling", "시의회가 {} 냈다.", "결안이를", "결의안이를"),
    ("wording", "그는 {} 됐다.", "위원장이", "부위원장이"),
    ("spelling", "Das kommt nicht {} heute.", "in Frage", "infrage"),
    ("name", "이날 {} 한빛은행장은 웃었다.", "박소현", "박소훈"),
    ("wording", "이날 {} 한빛은행장은 웃었다.", "정부가", "주민이"),
    ("attribution", "{}によると、橋は落ちた。", "県警", "消防"),
    ("date", "새 부두는 내년 {} 연다.", "상반기에", "하반기에"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "sentence", "old", "new"),
    CHANGES,
    ids=[f"{kind}: {sentence.replace('{}', f'[{old}→{new}]')}" for kind, sentence, old, new in CHANGES],
)  # fmt: skip
def test_a_change_has_its_kind(kind: str, sentence: str, old: str, new: str) -> None:
    assert kind_of(sentence, old, new) == kind


# kind, language, sentence, old, new
CHANGES_BY_LANG = [
    ("date", "de", "Er kommt {} an.", "Montag", "Dienstag"),
    ("wording", "de", "Der Rat sah das {} dort.", "Haus", "Dorf"),
    ("name", "en", "Der Rat sah das {} dort.", "Haus", "Dorf"),
    ("date", "fr", "Il arrive {} matin.", "lundi", "mardi"),
    ("wording", "en", "Il arrive {} matin.", "lundi", "samedi"),
    ("date", "es", "Llega el 3 de {} aquí.", "marzo", "abril"),
    ("date", "pt", "Chega na {} aqui.", "segunda-feira", "sexta-feira"),
    ("date", "it", "Arriva {} mattina.", "domani", "ieri"),
    ("date", "fr", "Il arrive le {} mars.", "3", "4"),
    ("date", "es", "El {} de mayo murió.", "3", "4"),
    ("number", "en", "Il arrive le {} mars.", "3", "4"),
    ("date", "ru", "Он приедет {} утром.", "понедельник", "вторник"),
    ("date", "ar", "يصل يوم {} هنا.", "الثلاثاء", "الأربعاء"),
    ("date", "hi", "वह {} को आएगा।", "सोमवार", "मंगलवार"),
    ("date", "de", "Er kam am {} an.", "3. Mai", "13. Mai"),
    ("number", "hi", "वहां {} लोग थे।", "आठ", "दस"),
    ("name", "de", "Dort sprach Finanzminister {} lange.", "Drexler", "Drechsler"),
    ("spelling", "de", "Er sagte, {} er kommt.", "das", "dass"),
    ("name", "ja", "会場で{}さんは話した。", "斎藤", "斉藤"),
    ("name", "ar", "في القاعة قال {} هنا.", "كريم", "كرم"),
]


@pytest.mark.parametrize(("kind", "lang", "sentence", "old", "new"), CHANGES_BY_LANG)
def test_the_language_of_the_page_decides_about_dates_and_names(
    kind: str, lang: str, sentence: str, old: str, new: str
) -> None:
    assert kind_of(sentence, old, new, lang) == kind


def test_a_very_long_change_is_one_of_wording() -> None:
    words = "12 " * (MAX_CHANGE_CHARACTERS // 3)
    assert kind_of("{}", "", words[: MAX_CHANGE_CHARACTERS - 1]) == "number"
    assert kind_of("{}", "", words + "12 12") == "wording"
    assert kind_of("{} " + words, "12", "21") == "wording"


def test_a_negation_among_many_words_is_one_of_wording() -> None:
    assert kind_of("He {}.", "did go", "did not stay") == "negation"
    assert kind_of("He {}.", "did go home then", "was not in this place") == "wording"


@pytest.mark.parametrize(
    ("op", "text", "expected"),
    [
        ("insert", "He left.", "added"),
        ("delete", "He left.", "removed"),
        ("insert", "Correction: the toll was 3.", "correction_note"),
        ("delete", "Correction: the toll was 3.", "correction_note"),
    ],
)
def test_a_whole_sentence_was_added_or_removed_or_is_a_note(
    op: str, text: str, expected: str
) -> None:
    assert sentence_kind(op, text).name == expected


def test_a_correction_that_was_taken_back_is_a_correction_note() -> None:
    old, new = "Correction: the toll was 3.", "The toll was 3."
    assert word_kind(old, new, old_sentence=old, new_sentence=new, at=0).name == "correction_note"


def test_the_rules_are_in_the_order_of_the_kinds() -> None:
    assert [kind for kind in KINDS if kind not in ("wording", "moved", "replaced")] == list(
        KIND_RULES
    )


# The words that alone give an edit its kind.
WORDS_OF_KINDS = {
    "number": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
        " thirty forty fifty sixty seventy eighty ninety twenty-one hundred hundreds thousand thousands million billions trillion dozen dozens"
        " half double triple zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend Million Millionen Milliarde Milliarden"
        " deux trois quatre cinq sept huit neuf dix onze douze vingt trente cent mille milliard milliards اثنا ثلاثة أربع خمسة ست سبع ثمان تسع"
        " عشر مئة ألف مليون dos tres cuatro cinco seis siete ocho nueve diez doce veinte treinta cien mil millones 두 세 네 다섯 여섯 일곱 여덟"
        " 아홉 열 열한 열두 스무 서른 마흔 쉰 수십 수백",
    "date": "Jan January Feb February Mar March Apr April May Jun June Jul July Aug August Sep Sept September Oct October Nov November Dec"
        " December Monday Tuesday Wednesday Thursday Friday Saturday Sunday today Today yesterday Yesterday tomorrow Tomorrow 오늘 어제 내일"
        " 그제 모레 지난달 이달 지난해 올해 내년 오전 오후 월요일 일요일 오늘은 내일부터 3월 4일 5시 7月 8日 9時 9时 9号 9號 9pm 2026년 2026年"
        " 9:30 9:30:15 2026.5.4 1999 2026",
    "negation": "not no never none nobody nothing neither nor without cannot didn't won’t nicht kein keine nie niemals ohne ne pas jamais sans"
        " aucun aucune sin nunca ninguno ninguna لا لم لن ليس ليست غير не ни нет 안 못 아니다 않았다 없다 할수없다 하지않다 말못하다 不 没 沒 未 無 无 非 否",
    "attribution": "said say says told tell tells according claim claims claimed alleged allegedly reports reported reportedly states stated"
        " announced announces admitted denied deny denies insisted argues argued source sources official officials sagte sagten laut zufolge"
        " erklärte teilte selon déclaré affirme según dijo afirmó 밝혔다 말했다 전했다 주장했다 설명했다 강조했다 보도했다 발표했다 덧붙였다 알려졌다"
        " 전해졌다 따르면 관계자는 측 측은",
    "wording": "house one mars lundi morgen 다리를 水 knot nota 보도 발표",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "word"),
    [(kind, word) for kind, words in WORDS_OF_KINDS.items() for word in words.split()],
)
def test_a_word_gives_its_edit_the_kind(kind: str, word: str) -> None:
    assert kind_of("we saw {} there.", "", word) == kind


KOREAN_TITLES = (
    "씨 군 양 대통령 총리 장관 차관 의원 대표 회장 부회장 사장 부사장 전무 상무 이사 교수 박사 위원장 위원 시장 지사 구청장 청장 국장 과장 팀장 감독 선수"
    " 기자 특파원 변호사 판사 검사 총장 원장 본부장 센터장 연구원 수석 실장 대변인 대사 여사"
)


@pytest.mark.parametrize("title", KOREAN_TITLES.split(" "))
def test_a_korean_name_is_one_before_a_title(title: str) -> None:
    assert kind_of(f"이날 {{}} {title}, 시청에서", "김가람", "박나래") == "name"


@pytest.mark.parametrize("name", ["이나래", "남궁산", "황보별", "선우하늘", "제갈공", "독고탁"])
def test_a_korean_name_begins_with_a_family_name(name: str) -> None:
    assert kind_of("이날 {} 대표가 말했다.", "김가람", name) == "name"


@pytest.mark.parametrize("name", ["쀼가람", "김가", "김가람솔"])
def test_another_korean_word_before_a_title_is_not_a_name(name: str) -> None:
    assert kind_of("이날 {} 대표가 말했다.", "김가람", name) != "name"


DATE_WORDS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember Montag Dienstag Mittwoch Donnerstag Freitag Samstag"
        " Sonnabend Sonntag heute gestern morgen vorgestern übermorgen",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi"
        " dimanche hier demain aujourd'hui",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes sábado"
        " domingo hoy ayer mañana",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro segunda-feira terça-feira quarta-feira"
        " quinta-feira sexta-feira sábado domingo hoje ontem amanhã",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre lunedì martedì mercoledì giovedì venerdì"
        " sabato domenica oggi ieri domani",
}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "word"), [(lang, word) for lang, words in DATE_WORDS.items() for word in words.split()]
)
def test_a_language_has_its_days_and_months(lang: str, word: str) -> None:
    assert kind_of("we saw {} there.", "", word, lang) == "date"


CJK_DATES = "本週三 下周 上星期五 这周日 本曜日 月曜日 水曜 今年 明年 前年 来年 今天 昨天 明日 今日 上月 先月 来月 上午 下午"


@pytest.mark.parametrize("day", CJK_DATES.split())
def test_a_chinese_or_japanese_day_is_a_date(day: str) -> None:
    assert kind_of("會議{}舉行。", "", day) == "date"


def test_a_part_of_a_chinese_date_is_not_one() -> None:
    assert kind_of("會議{}舉行。", "", "水天") == "wording"


@pytest.mark.parametrize("word", sorted(NON_NAME_WORDS))
def test_a_capitalised_function_word_is_not_a_name(word: str) -> None:
    assert kind_of("There we saw {} there.", "", word) != "name"


def test_the_kind_of_an_edit_is_that_of_its_span() -> None:
    pair = (
        Article("https://example.org/a", "Fire", paragraphs=(f"Police said {toll} people died.",))
        for toll in (12, 21)
    )
    assert [edit.kind for edit in compare(*pair)] == ["number"]


@pytest.mark.parametrize(
    ("sentence", "old", "new", "expected"),
    [
        ("Police said {} died.", "12", "21", "the span is a number with its unit"),
        ("Police said {} in all.", "12 boys", "21", "figures: 12, 21, beside 1 of 3 words"),
        ("It rose by {}0.5 in all.", "-", "", "a sign beside a figure: -"),
        ("It was on {} there.", "Monday", "Tuesday", "dates or times: Monday, Tuesday, the only change"),
        ("A deal with {} was signed.", "Harlow", "Brenner", "capitals inside the sentence: Harlow, Brenner, the only change"),
        ("이날 {} 대표가 말했다.", "김가람", "박나래", "beside a title, an age or a verb of speech: 김가람, 박나래"),
        ("He did {} attend it.", "not", "", "a negation came or went: not"),
        ("Prices {} again.", "rose", "fell", "contraries: rose, fell"),
        ('She said "we {} win".', "will", "may", 'inside the quotation "we may win"'),
        ("The mayor {} it was so.", "claimed", "said", "words of attribution: claimed, said"),
        ("They will {} it.", "recieve", "receive", "one word with a letter or two changed"),
        ("It ended{} he said.", ",", ";", "only marks changed"),
        ("It was {}.", '"a"', "“a”", "the same text in other marks or spaces"),
        ("It cost {} there.", "3천만원", "3000만원", "the same number or word in other signs"),
        ("It was so{}.", "", ", as the old harbour master saw", "a clause of 6 words"),
        ("It was a {} bridge.", "large", "old", "no rule of another kind fits"),
    ],
)  # fmt: skip
def test_the_evidence_names_the_rule_and_the_words(
    sentence: str, old: str, new: str, expected: str
) -> None:
    assert named(sentence, old, new).evidence == expected


def test_the_evidence_of_a_long_change_is_cut() -> None:
    numbers = [str(number) for number in range(100, 140)]
    kind = named("It was {} there.", "", ", ".join(numbers))
    assert kind == Kind("number", "figures: 100, 101, 102, 103 …, the only change")
