"""What the first words and the shape of a sentence tell about its use in notes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from backend.agents.text.words import stop_words

_POINTS_BACK = re.compile(
    r"(?:this|that|these|those|it|its|it's|it’s|that's|that’s|they|their|them|he|she|his|her|such|"
    r"here|both|the former|the latter|then|but|and|so|or|thus|therefore|hence|also|instead|"
    r"otherwise|similarly|likewise|in this case|in that case|as a result|because of this|"
    r"however|nevertheless|nonetheless|still|yet|indeed|действительно|однако|впрочем|всё же|все же|"
    r"because|where|which|like|by|just|only|if not|or something|"
    r"in other words|one of them|earlier|previously|above|below|ранее|выше|ниже|"
    r"another|again|other|"
    r"это|этот|эта|эти|этого|этой|этому|этим|этих|он|она|они|оно|его|её|ее|их|ему|ей|им|такой|"
    r"такая|такое|такие|таким образом|поэтому|потому|тогда|затем|потом|также|кроме того|при этом|"
    r"в этом случае|в таком случае|и|а|но|или|там|тут|здесь|тот|та|те|то есть|из-за этого|"
    r"после этого|для этого|в результате|следовательно|значит|наоборот|тем не менее|всё это|"
    r"все это|иначе|итак|так|причем|причём|зато|же|в этом|в этой|в этих|на этом|на этой|с этим|"
    r"другой|другая|другое|другие|вторая|второй|второе|третий|третья|остальные)\b",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"\b(?:let['’]?s|let us|as you can see|as we(?:['’]ve| have)? (?:saw|seen|said|discussed)|"
    r"in th(?:is|e next|e previous|e following) (?:section|chapter|part|video|lecture|example)|"
    r"take a look|figure \d|listing \d|table \d|shown (?:in|below)|click|subscribe|"
    r"welcome|thank you|"
    r"thanks|hello|here is|here['’]s|here are|"
    r"good (?:morning|afternoon)|see you|check out|sponsor|the following|"
    r"we['’]?ll|i['’]ll|i'm going to|"
    r"давайте|как (?:видно|вы видите|мы видели|можно видеть)|в (?:этом|данном|следующем) "
    r"(?:разделе|видео|примере|уроке)|в (?:этой|данной|следующей) (?:главе|лекции|части)|"
    r"рис(?:унок|унке|\.)|листинг\w*|добро пожаловать|спасибо|здравствуйте|привет|подпис\w+|"
    r"вернемся|вернёмся|перейдем|перейдём|заметим|перед нами|"
    r"посмотрим|рассмотрим|обсудим|разберем|разберём|поговорим|следующ\w+ (?:код|пример))\b",
    re.IGNORECASE,
)
_LOST_WORD = re.compile(r"(?<!\S)\?{4,}")
_REFERS = re.compile(
    r"\b(?:листинг\w*|рис(?:унок|унке|унка|\.)|таблиц\w+ \d|(?:listing|figure|fig\.|table) \d)",
    re.IGNORECASE,
)
_CHATTY_START = re.compile(
    r"(?:great|good|nice|ok|okay|wow|yeah|yes|no|sorry|sure|right|well|cool|exactly|absolutely|"
    r"sounds|oh|hey|hi|отлично|хорошо|здорово|прекрасно|замечательно|ура|ок|окей|да|нет|извините|"
    r"конечно|меня зовут|my name)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\b(?:welcome|thank you|subscribe|добро пожаловать|спасибо|здравствуйте|привет|начн[её]м)\b"
    r"|!$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|www\.|\w@\w|\\[rn]")
_APPENDIX_WORD = (
    r"(?:references|bibliography|acknowledge?ments?|further reading|see also|"
    r"copyright|licen[cs]e|external links|credits|table of contents|contents|"
    r"(?:список\s+)?литератур\w*|источники|ссылки|благодарности|содержание|оглавление|"
    r"авторские права|лицензия)"
)
# «Ссылки и заимствование» is a chapter, «Ссылки и литература» isn't.
_APPENDIX = re.compile(
    rf"(?:\d+\.?\s+)?{_APPENDIX_WORD}\b(?!\s+(?:and|и)\s+(?!{_APPENDIX_WORD}))", re.IGNORECASE
)
_FOOTNOTE = re.compile(r"\d{1,2} [A-ZА-ЯЁ]")
_DIALOGUE = re.compile(r"[–—-]\s")
_EXAMPLE = re.compile(
    r"(?:for example|for instance|e\.g\.|imagine|suppose|say,|consider|например|к примеру|пример|"
    r"представ\w+|предположим|допустим|пусть)\b",
    re.IGNORECASE,
)
_WEIGHTY = re.compile(
    r"\b(?:important|importantly|key|main|must|in (?:summary|short|conclusion)|to summari[sz]e|"
    r"the (?:goal|purpose|idea|reason|problem|result|rule|advantage|disadvantage|difference)|"
    r"because|means that|allows?|ensures?|requires?|decided|agreed|action|deadline|conclusion|"
    r"важн\w+|главн\w+|основн\w+|ключев\w+|должн\w+|цель|задача|причин\w+|итог\w*|вывод\w*|"
    r"поскольку|потому что|так как|позволя\w+|обеспечива\w+|требу\w+|решили|следует|"
    r"преимуществ\w+|недостат\w+|отлича\w+|заключается|состоит)\b",
    re.IGNORECASE,
)
_CAVEAT = re.compile(
    r"(?:note(?: that)?|important|warning|caution|remember|keep in mind|beware|attention|"
    r"внимание|важно|примечание|обратите внимание|заметим|заметьте|помните|осторожно|учтите|"
    r"следует (?:помнить|учитывать|заметить|отметить)|имейте в виду|стоит (?:помнить|отметить))"
    r"(?=[\s,:!—-])",
    re.IGNORECASE,
)
_CAVEAT_LABEL = re.compile(
    r"(?:note|important|warning|caution|attention|внимание|важно|примечание)\s*[:!—-]+\s*", re.I
)
_LEAD_INS = re.compile(r"(?:so|well|now|and|but|okay|итак|ну|так|вот|а|и|но),?\s+(?=\w)", re.I)

_PURPOSE = re.compile(
    r"\b(?:this (?:research|short|technical|survey|position) (?:paper|article|report)|"
    r"(?:this|the|our) (?:document|article|paper|pep|proposal|chapter|section|module|work|"
    r"guide|book|tutorial|lecture|talk|meeting)|in this (?:paper|work|article|chapter)|"
    r"we (?:propose|present|introduce|show|describe|demonstrate|develop|study|investigate|prove|"
    r"find)|proposes?|introduces?|"
    r"в (?:этой|данной|этом|данном) (?:главе|статье|документе|разделе|книге|лекции|работе|"
    r"руководстве)|(?:эта|данная|настоящая|настоящий|этот|данный) (?:глава|статья|документ|книга|"
    r"работа|раздел|руководство|пособие|лекция)|мы (?:рассмотрим|обсудим|изучим|узнаем|реализуем|"
    r"покажем|разбер[её]м|предлагаем)|вы (?:узнаете|изучите|познакомитесь|научитесь)|описыва\w+|"
    r"рассматрива\w+|рассказыва\w+|посвящ\w+|предназначен\w*)\b",
    re.IGNORECASE,
)

_NO_TERM = re.compile(
    r"^(?:\W*)(?:because|since|although|though|while|as|when|if|where|after|before|unlike|like|"
    r"in|on|at|for|with|by|from|to|of|but|and|or|so|such|now|then|also|however|therefore|"
    r"поскольку|хотя|пока|после|до|при|у|к|о|об|в|на|с|из|от|для|по|и|а|но|или|однако|поэтому|"
    r"below|above|note|everything|nothing|something|"
    r"this|that|these|those|it|there|here|what|which|who|he|she|they|we|you|i|one|"
    r"some|every|such|many|our|your|my|most of|another|each|both|all|most|"
    r"result|reason|problem|idea|goal|thing|point|question|"
    r"answer|example|way|only|first|second|third|next|last|rest|main|following|fact|"
    r"некоторые|многие|большинство|каждый|каждая|каждое|любой|любая|наш\w*|ваш\w*|мой|"
    r"это|этот|эта|эти|он|она|оно|они|мы|вы|я|что|кто|там|здесь|тут|всё|все|такой|такая|такое|"
    r"такие|(?:не)?плохо|хорошо|здорово|важно|интересно|странно|понятно|очевидно|логично|нормально|"
    r"возможно|трудно|сложно|просто|легко|удобно|первое|второе|третье|главное|самое|так|причина|"
    r"пример|цель|задача|идея|вопрос|ответ|"
    r"результат|проблема|итог|дело|суть|если|когда|где|как|еще|ещё|один|одна|одно)\b",
    re.IGNORECASE,
)
_DEFINES = [
    re.compile(
        r"(?P<term>[^.,:;!?—–]{2,70}?(?: \([^)]{1,50}\))?)\s+[—–-]+\s+это\s+(?P<text>.{12,})"
    ),
    re.compile(
        r"(?P<text>(?P<term>[^.,:;!?—–]{2,70}?)\s+(?:представляет|представляют) собой\s+.{12,})"
    ),
    re.compile(
        r"(?P<term>[^.,:;!?—–]{2,50}?)\s+это\s+(?P<text>(?:набор|процесс|способ|метод|вид|тип|"
        r"модель|система|механизм|функция|структура|задача|программа|язык|протокол)\w*\s.{10,})"
    ),
    re.compile(
        r"(?:(?:an?|the)\s+)?(?P<term>[\w'’()/ -]{2,50}?)\s+(?:is|are)\s+"
        r"(?P<text>(?:an?|any|the (?:process|act|name|study|set|ability|region|location|part|range)"
        r"|sets? of|a kind of|data|pieces? of)\s.{12,})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:(?:an?|the)\s+)?(?P<term>[\w'’()/ -]{2,50}?)\s+"
        r"(?:refers to|means|is defined as|stands for|означает|означают)\s+(?P<text>.{12,})",
        re.IGNORECASE,
    ),
]
_NAMES = re.compile(
    r"(?:(?:is|are|was) (?:called|known as|referred to as|termed)|"
    r"(?:называ(?:ется|ются|ют|ем)|именуется|известн\w+ как|носит название|получил\w* название))\s+"
    r"(?P<term>[^.,:;!?()—–]{2,50})[.,:;!)]*$",
    re.IGNORECASE,
)
# «…называется трешингом»: the term isn't in its dictionary form, and we can't bring it there.
_INSTRUMENTAL = re.compile(
    r"^[«\"]?\w+(?:ом|ем|ём|ой|ей|ью|ами|ями|ым|им|ыми|ими)\b", re.IGNORECASE
)
_LONGEST_TERM_WORDS = 5


@dataclass(frozen=True)
class Definition:
    term: str
    text: str


def points_back(sentence: str) -> bool:
    """Whether the sentence leans on the one before it ("This means…", «Поэтому…»)."""
    return bool(_POINTS_BACK.match(sentence))


def is_question(sentence: str) -> bool:
    return sentence.rstrip("\"'»”) ").endswith("?")


def has_lost_words(sentence: str) -> bool:
    """Whether some earlier program wrote question marks for letters that it didn't know."""
    return _LOST_WORD.search(sentence) is not None


def announces(sentence: str) -> bool:
    """Whether the sentence ends with a colon: something that belongs to it follows."""
    return sentence.endswith(":")


def refers_elsewhere(sentence: str) -> bool:
    """Whether it speaks of a figure, table or listing that a reader of notes doesn't see."""
    return bool(_REFERS.search(sentence))


def tells_purpose(sentence: str) -> bool:
    """Whether it says what the whole is for or about ("This paper…", «В этой главе…»)."""
    return bool(_PURPOSE.search(sentence))


def is_weighty(sentence: str) -> bool:
    """Whether it gives a reason, a goal, a rule, a result."""
    return bool(_WEIGHTY.search(sentence))


def is_example(sentence: str) -> bool:
    return bool(_EXAMPLE.match(sentence))


def is_caveat(sentence: str) -> bool:
    return bool(_CAVEAT.match(sentence))


def without_label(sentence: str) -> str:
    """A caveat without its "Note:"."""
    rest = _CAVEAT_LABEL.sub("", sentence, count=1) if _CAVEAT_LABEL.match(sentence) else sentence
    return rest[:1].upper() + rest[1:]


def without_lead_in(sentence: str) -> str:
    """The sentence without a first "So," or «Итак,»."""
    match = _LEAD_INS.match(sentence)
    rest = sentence[match.end() :] if match and match[0].strip().endswith(",") else sentence
    return rest[:1].upper() + rest[1:]


def is_small_talk(sentence: str) -> bool:
    """Whether it greets, announces or guides through the material instead of telling of it."""
    return bool(_SMALL_TALK.search(sentence) or _CHATTY_START.match(sentence))


def is_chatter(sentence: str) -> bool:
    """Whether it only greets or cheers, or isn't a sentence of the material's own."""
    starts = _CHATTY_START.match(sentence) or _GREETING.search(sentence)
    return bool(starts or _ADDRESS.search(sentence) or is_list_of_names(sentence))


def is_appendix(heading: str) -> bool:
    """Whether what stands under the heading isn't the material itself (references, thanks)."""
    return bool(_APPENDIX.match(heading))


def is_list_of_names(sentence: str) -> bool:
    """Whether most words are capitalised: authors, addresses, a table's row."""
    found = sentence.split()
    capitals = sum(word[:1].isupper() or not word[:1].isalpha() for word in found)
    return len(found) > 7 and capitals > 0.6 * len(found)


def closed(sentence: str) -> str:
    """The sentence with a full stop if it has no mark at its end."""
    last = sentence.rstrip("\"'»”’)]*_ ")[-1:]
    return sentence if not sentence or last in ".!?…:;" else f"{sentence.rstrip(' ,—–-')}."


def weight(sentence: str) -> float:
    """What the wording adds to a sentence's score, from -0.6 to 0.25."""
    value = 0.0
    if is_question(sentence):
        value -= 0.35
    if is_small_talk(sentence):
        value -= 0.25
    if _ADDRESS.search(sentence) or is_list_of_names(sentence):
        value -= 0.3
    if _FOOTNOTE.match(sentence) or _DIALOGUE.match(sentence):
        value -= 0.2
    if is_example(sentence) or sentence.startswith("("):
        value -= 0.15
    if is_weighty(sentence):
        value += 0.12
    if is_caveat(sentence):
        value += 0.15
    return max(-0.6, min(0.25, value))


def definition_in(sentence: str) -> Definition | None:
    """The term that the sentence defines and what it says of it, if it defines one."""
    if is_question(sentence):
        return None
    for pattern in _DEFINES:
        match = pattern.match(sentence)
        if match and _is_term(match["term"]):
            text = match["text"]
            return Definition(_shown_term(match["term"]), text[:1].upper() + text[1:])
    named = _NAMES.search(sentence)
    is_usable = named is not None and _is_term(named["term"]) and named.start() > 20
    if named is not None and is_usable and not _INSTRUMENTAL.match(named["term"]):
        return Definition(_shown_term(named["term"]), sentence)
    return None


def _is_term(term: str) -> bool:
    """A noun phrase of at most five words: no clause, no variable, nothing that points back."""
    inner = term.strip(" \"'«»“”").split()
    if not 0 < len(inner) <= _LONGEST_TERM_WORDS or _NO_TERM.match(term):
        return False
    first, last = inner[0].lower(), inner[-1].lower()
    is_clause = len(inner) > 2 and first.endswith("ing")
    is_whole = all(term.count(a) == term.count(b) for a, b in ("()", "«»", "“”")) and len(last) > 1
    return is_whole and not is_clause and last not in stop_words() and first not in stop_words()


def _shown_term(term: str) -> str:
    term = term.strip(" \"'«»“”")
    return term[:1].upper() + term[1:]
