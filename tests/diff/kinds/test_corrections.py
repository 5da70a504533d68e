"""How publishers say that they corrected or took back an article: in every language of the press, and nowhere else."""

import pytest

from scraper.phrases.corrections import CORRECTION_NOTICE

NOTICES = [
    "Исправление: должность чиновницы была названа неверно.",
    "Уточнение: в заметке была неверная дата.",
    "В первой версии этой заметки была указана другая сумма.",
    "Виправлення: ми помилилися в назві річки.",
    "تصويب: ورد خطأ في اسم النهر.",
    "ورد في نسخة سابقة من هذا التقرير رقم آخر.",
    "भूल सुधार: नदी का नाम ग़लत छपा था।",
    "Düzeltme: Nehrin adı yanlış yazılmıştı.",
    "Sprostowanie: podaliśmy błędną datę.",
    "Rättelse: fel år i en tidigare text.",
    "Đính chính: tên con sông bị viết sai.",
    "We have retracted this story because its main source made it up.",
    "This article has been withdrawn at the request of its author.",
    "Wir haben diesen Beitrag nach einer Prüfung zurückgezogen.",
    "Le journal a retiré cet article après enquête.",
    "O jornal retirou este texto depois de uma apuração.",
    "본지는 사실 확인 끝에 이 기사를 철회합니다.",
    "編集部は調査の結果、この記事を撤回しました。",
    "Газета отозвала эту статью после проверки.",
    "سحبت الصحيفة هذا المقال بعد التحقق.",
    "अख़बार ने जाँच के बाद यह लेख वापस लिया।",
]
STORIES = [
    "Министр обещал исправление ошибок в смете до осени.",
    "सुधार की माँग करते हुए किसानों ने सड़क रोकी।",
    "The minister was withdrawn from the race after this article of faith fell.",
    "Der Verein hat den Antrag zurückgezogen.",
    "Le maire a retiré cet argument de son discours.",
    "A empresa retirou este produto das lojas.",
    "당은 공천을 철회했습니다.",
    "سحبت الشركة هذا المنتج من السوق.",
]


@pytest.mark.parametrize("text", NOTICES)
def test_a_notice_in_any_language_is_recognised(text: str) -> None:
    assert CORRECTION_NOTICE.search(text)


@pytest.mark.parametrize("text", STORIES)
def test_a_sentence_about_a_correction_or_a_withdrawal_is_no_notice(text: str) -> None:
    assert not CORRECTION_NOTICE.search(text)
