"""How a publisher says that it corrected or changed an article, in the languages of the press."""

from scraper.patterns import lazy_pattern

_CORRECTION_LABEL = (
    r"corrections?|clarifications?|editor['’]?s?['’]?\s+note|update[ds]?|정정(?:\s*보도)?|바로\s?잡습니다|바로\s?잡았습니다|고침"
    r"|기사\s?(?:보강|수정)|알립니다|알려왔습니다|반론\s?보도|korrektur|berichtigung|richtigstellung|rectificatif|rectification|correctif"
    r"|correcci[oó]n|fe\s+de\s+err\w+|erratum|errata(?:\s+corrige)?|correção|訂正|お詫び(?:と訂正)?|更正|勘誤|勘误|编者按"
)
# A label and its colon, or a sentence in which the paper speaks of its own text.
CORRECTION_NOTICE = lazy_pattern(
    rf"""(?ix) ^[\s\W]*(?:{_CORRECTION_LABEL})\s*(?:[:：\])】」>|—–-]|$|\([^)]{{0,30}}\)\s*:?|[,\s][^.:]{{0,24}}:)
    | \bthis\s+(?:\w+\s+){{0,3}}(?:article|story|report|headline|piece|post|page)\s+(?:has\s+been|was)\s+(?:\w+\s+)?(?:correct|updat|amend|chang|edit|clarif|revis)\w+
    | \b(?:earlier|previous|original)\s+(?:version|headline)\s+(?:of|on)\s+this\s+(?:article|story|report|headline|piece|post|page)\b
    | ^\W*(?:corrects\b|(?:amended|corrected|clarified)\s+(?:on\s+\d|to\s+\w+))|\bcorrected\s+version\b
    | (?:이|본|위|해당|앞선|※\s*이)\s*기사[는은를의]?\s[^.]{{0,40}}(?:정정|수정|바로잡|고쳤|고칩)[^.]{{0,14}}니다
    | (?:정정합니다|정정했습니다|바로\s?잡습니다|바로\s?잡았습니다)[.\s)\]]*$ | 이전\s*(?:기사|버전)에서
    | \bin\s+einer\s+(?:früheren|ersten|vorherigen)\s+(?:version|fassung)\b | \banm(?:erkung|\.)\s+der\s+red
    | \bversion\s+(?:précédente|antérieure)\s+de\s+cet\s+article | \bprécédente\s+version\s+de\s+cet | \bcet\s+article\s+a\s+été\s+(?:corrigé|modifié)
    | \best[ea]\s+(?:noticia|artículo|información)\s+ha\s+sido\s+(?:corregid|modificad)[oa] | \bversión\s+anterior\s+de\s+est[ea]
    | \best[ea]\s+(?:notícia|artigo|reportagem|matéria)\s+foi\s+(?:corrigid|alterad)[oa]
    | 訂正(?:します|いたします|しました|いたしました) | お詫びして訂正 | (?:特此|予以)(?:更正|订正|訂正) | (?:本|此)文(?:已|曾)[^。]{{0,10}}(?:更正|修改|修正)
    """
)
