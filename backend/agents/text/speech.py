"""Takes out of spoken language what nobody would write down: "um", stutter, stage directions."""

from __future__ import annotations

import re

from backend.agents.text.questions import asks
from backend.agents.text.words import stop_words

_STAGE = re.compile(
    r"\\?[\[(]\s*(?:laugh\w*|laughter|applause|music|crosstalk|inaudible|unintelligible|pause|"
    r"silence|unclear|chuckle\w*|смех|смеется|смеётся|аплодисменты|музыка|неразборчиво|пауза)"
    r"[^\])]{0,30}[\])]",
    re.IGNORECASE,
)
_TIMESTAMP = re.compile(
    r"\\?[\[(]\s*\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\s*\\?[\])]"
    r"|\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?(?:\s*-->\s*\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?)?"
)
_HUM = (
    r"(?:u+h+m*|u+m+|e+r+m*|h+m+|m{2,}|mm-hm+|uh-huh|hm+-hm+|"
    r"э+(?:-э+)*|э+м+|м{2,}|м-м|хм+|гм+|а-а|ээ+)"
)
_HUMS = re.compile(rf"(?:,\s*)?(?<![\w'’-]){_HUM}(?![\w'’-])(?:\s*(?:,|\.\.+|…))?", re.IGNORECASE)
_FILLER_PHRASE = (
    r"(?:you know|i mean|like|i guess|sort of|kind of|you see|так сказать|как бы|это самое|"
    r"в общем-то|ну вот|ну|вот|короче|скажем так|типа|понимаете|знаете)"
)
_FILLER_INSIDE = re.compile(rf",\s*{_FILLER_PHRASE}(?=,)", re.IGNORECASE)
_FILLER_FIRST = re.compile(
    rf"^(?:(?:{_FILLER_PHRASE}|so|well|okay|ok|oh|ah|yeah|yep|yes|no|right|alright|now|and|'kay|"
    r"да|нет|итак|ладно|хорошо|так|угу|ага)(?:\s*[,.…]+\s+))+",
    re.IGNORECASE,
)
_FILLER_BARE = re.compile(r"(?<!\b(?:do|as|if|ou)\s)\byou know\b(?!\s+(?:wh|how|if|that))\s*", re.I)
_BARE_LEAD_IN = re.compile(
    r"^(?:(?:yeah|yes|okay|ok|so|and|but|well|now|right|because|ну|да|так|и|а|но|вот|значит)\s+)+",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"\b(\w+(?:['’]\w+)?(?: \w+){0,6})(?:,? \1\b)+", re.IGNORECASE)
_MAY_DOUBLE = frozenset("had that very очень много long bye чуть еле едва только ha так да".split())
_BEFORE_ANY = stop_words() | {""}
_SHORT_WORDS = frozenset("вскВСК")
_WORD = re.compile(r"\w+")
_CUT_OFF = re.compile(r"(?<!['’])\b(\w{1,4}) (?=(\1\w+))", re.IGNORECASE)
# "is expe is expected"
_BEGUN_ANEW = re.compile(r"\b(\w{1,3}) (\w{2,6}) (?=\1 \2\w)", re.IGNORECASE)
_LONE_LETTER = re.compile(
    r"(?:^|(?<=\s))(?P<before>[a-z'’]+ )?(?P<letter>[b-hj-z]),? (?=[a-z])", re.IGNORECASE
)
_VOWEL = re.compile(r"[aeiouyаеёиоуыэюя]", re.IGNORECASE)
_SPELLED = re.compile(r"\b(?:[A-Z]_){1,}[A-Z]?(?:_)?(?=\W|s\b|$)")
# A capital in the middle of what is said: there the transcript has another beginning.
_BEGINS_ANEW = re.compile(
    r"[a-zа-яё’']{2,} (?:This|That|It|Like|And|But|So|We|You|They|There|If|Because|What|Well|"
    r"Yeah|Yes|No|Is|Are|Do|Just|Maybe|Или|Это|Но|Мы|Вы|Он|Она|Они|Если|Как|Что|Вот|Ну|Да)\b"
)
_STOPS_SHORT = re.compile(
    r"\b(?:a|an|the|of|to|than|and|or|but|because|with|from|my|your|our|their|и|или|но|а|в|на|с|к|"
    r"от|для|что|чтобы|потому)\s*[.…]+$"
    r"|\b(?:you've|you’ve|i've|we've|they've|it's|it’s|i|we|they|you) (?:you're|we're|you|we|they) "
    r"|\b([b-hj-np-z]) (?=\1\w)",
    re.IGNORECASE,
)
# "Files are pretty — the concept goes deep": a dash after a word that another must follow.
_GIVES_UP = re.compile(
    r"\b(?:a|an|the|to|of|at|for|with|is|are|was|were|am|be|it['’]s|that['’]s|there['’]s|i['’]m|"
    r"(?:they|we|you)['’]re|pretty|very|really|quite|just|so|too|my|your|our|their|i|we|they|he|she|"
    r"and|or|but|if|because|like|can|could|will|would|should|have|has|в|на|с|к|о|от|для|и|но|а|"
    r"очень|чтобы)\s*(?:[—–]|--| -)(?:\s|$)",
    re.IGNORECASE,
)
_BEGUN_WORD = re.compile(r"\b([^\W\d]{3,}),? (?=\1(?:[^\W\d]{2,}|y\b))", re.IGNORECASE)
# "The resources that the in the application get reclaimed"
_LOST_NOUN = re.compile(
    r"\b(?:the|an?|my|our|your|their) (?:in|of|on|at|to|is|are|was|were|and|or|it|we|they|you|for|"
    r"from|with|the)(?![\w’'-])",
    re.IGNORECASE,
)
# "You sl you let it slide": no word of two lower-case letters has no vowel, but for these.
_NO_WORD = re.compile(
    r"(?:^|(?<=[^\W\d] )|(?<=, ))(?!(?:tv|pc|ms|km|cm|kg|mm|hz|vs|mr|dr|px|db|gb|mb|kb|tb|cd|js|ts|"
    r"mg|ml|vm|gc|hm|st|nd|rd|rs|ps|hp|nm|jr|sr|ns)\b)[b-df-hj-np-tv-xz]{2}(?=,? \w)"
)
_NO_JOINT = r"(?!(?:and|or|but|when|what|is|that|if|as|because|и|а|но|или|что|когда|как)\b)"
# "I have the mo mi I have a light", "we use must use the chip"
_SAID_ANEW = re.compile(
    rf"\b((?:i|we|you|they) \w+) (?:{_NO_JOINT}[\w'’]+ ){{1,4}}(?=\1 )"
    r"|\bnot (?:do|does|did|is|are) not\b|\bor was it\b"
    r"|\b(\w{3,}) (?:must|should|can|could|will|would) \2\b"
    rf"|\b((?:я|мы|вы|они) \w+) (?:{_NO_JOINT}\w+ ){{1,4}}(?=\3 )",
    re.IGNORECASE,
)


def without_stage_directions(text: str) -> str:
    """Without timestamps and "[laughter]"."""
    return _STAGE.sub(" ", _TIMESTAMP.sub(" ", text))


def fluent(text: str) -> str:
    """A spoken sentence as its speaker would have written it: no word is added or changed."""
    text = _SPELLED.sub(lambda match: match[0].replace("_", ""), text)
    text = _FILLER_FIRST.sub("", text.strip())
    text = " ".join(_HUMS.sub(" ", text).split())
    text = _FILLER_INSIDE.sub("", text)
    text = _FILLER_FIRST.sub("", text)
    text = _FILLER_BARE.sub("", text)
    text = _CUT_OFF.sub(_without_cut_off, text)
    words = _WORD.findall(text.lower())
    says_a_word_twice = len(set(words)) < len(words)
    if says_a_word_twice:
        text = _BEGUN_ANEW.sub("", text)
    text = _LONE_LETTER.sub(_without_letter, text)
    if says_a_word_twice:
        text = _DOUBLED.sub(_said_once, text)
    text = re.sub(r"\s+([,.;:!?…])", r"\1", text)
    text = re.sub(r"([,;:])\1+", r"\1", text).strip(" ,;")
    return text[:1].upper() + text[1:]


def punctuated(text: str) -> str:
    """A piece of an unpunctuated transcript as a sentence: capital letter, "I", an end mark."""
    text = _BARE_LEAD_IN.sub("", text)
    text = re.sub(r"\bi(?=['’](?:m|ve|ll|d)\b|\b)", "I", text)
    text = text[:1].upper() + text[1:]
    if text[-1:] in (".", "!", "?", "…", ""):
        return text
    return f"{text}?" if asks(text) else f"{text}."


def breaks_off(said: str) -> bool:
    """Whether a speaker began anew or stopped within it: "we should This is", "lower than."."""
    marks = (_BEGINS_ANEW, _STOPS_SHORT, _GIVES_UP, _LOST_NOUN, _NO_WORD, _SAID_ANEW)
    return any(mark.search(said) for mark in marks) or _has_cut_off(said)


def _has_cut_off(said: str) -> bool:
    """ "Technolo technological": the word is begun, then said whole."""
    return any(match[1].lower() not in stop_words() for match in _BEGUN_WORD.finditer(said))


def _said_once(match: re.Match[str]) -> str:
    return match[0] if match[1].lower() in _MAY_DOUBLE else match[1]


def _without_cut_off(match: re.Match[str]) -> str:
    """Drop "som" before "sometimes", but keep "in" before "interesting"."""
    word = match[1].lower()
    is_word = word in stop_words() and (_VOWEL.search(word) or match[1] in _SHORT_WORDS)
    return match[0] if is_word or word.isdigit() or len(word) == len(match[2]) else ""


def _without_letter(match: re.Match[str]) -> str:
    """Drop a letter that began some word ("it r looks"), but keep a name ("plan b")."""
    before = match["before"] or ""
    return (
        before if match["letter"].islower() and before.strip().lower() in _BEFORE_ANY else match[0]
    )
