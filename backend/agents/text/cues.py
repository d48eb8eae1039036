"""What the first words and the shape of a sentence tell about its use."""

from __future__ import annotations

import re

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
# A file's name above its code, an opening that lost its sentence: «В этой серии.»
_CAPTION = re.compile(r"(?:файл|имя файла|file(?:name)?):\s*\S+$", re.IGNORECASE)
_LONE_OPENING = re.compile(
    r"(?:(?:so|and|итак|и),?\s+)?(?:in (?:this|today['’]s|our|the next)|"
    r"в (?:этой|этом|данной|данном|следующей|следующем|нашей|нашем)|на (?:этой|этом))"
    r"(?:\s+[\w-]+){1,2}\W*$",
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
_EXAMPLE = re.compile(
    r"(?:for example|for instance|e\.g\.|imagine|suppose|say,|consider|например|к примеру|пример|"
    r"представ\w+|предположим|допустим|пусть)\b",
    re.IGNORECASE,
)
_LEAD_INS = re.compile(r"(?:so|well|now|and|but|okay|итак|ну|так|вот|а|и|но),?\s+(?=\w)", re.I)


def points_back(sentence: str) -> bool:
    """Whether the sentence leans on the one before it ("This means…", «Поэтому…»)."""
    return bool(_POINTS_BACK.match(sentence))


def is_question(sentence: str) -> bool:
    return sentence.rstrip("\"'»”) ").endswith("?")


def announces(sentence: str) -> bool:
    """Whether the sentence ends with a colon: something that belongs to it follows."""
    return sentence.endswith(":")


def is_example(sentence: str) -> bool:
    return bool(_EXAMPLE.match(sentence))


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
    is_rest = _CAPTION.match(sentence) or _LONE_OPENING.match(sentence)
    return bool(starts or is_rest or holds_address(sentence) or is_list_of_names(sentence))


def is_appendix(heading: str) -> bool:
    """Whether what stands under the heading isn't the material itself (references, thanks)."""
    return bool(_APPENDIX.match(heading))


def holds_address(sentence: str) -> bool:
    """Whether a link, a mail address or an escaped line break stands in it."""
    return bool(_ADDRESS.search(sentence))


def is_list_of_names(sentence: str) -> bool:
    """Whether most words are capitalised: authors, addresses, a table's row."""
    found = sentence.split()
    capitals = sum(word[:1].isupper() or not word[:1].isalpha() for word in found)
    return len(found) > 7 and capitals > 0.6 * len(found)


def closed(sentence: str) -> str:
    """The sentence with a full stop if it has no mark at its end."""
    last = sentence.rstrip("\"'»”’)]*_ ")[-1:]
    return sentence if not sentence or last in ".!?…:;" else f"{sentence.rstrip(' ,—–-')}."
