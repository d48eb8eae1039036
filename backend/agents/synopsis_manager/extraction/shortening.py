"""Says a sentence in fewer words of its own: what goes can go without changing what is claimed.

A form is the sentence less some of its words, in their order. Taken away are lead-ins ("However,"),
frames that only say who says it ("we show that"), asides, and clauses at the end that add something
("…, which…", «…, поэтому…»). Where it isn't plain where such a clause ends, it stays. Negations and
numbers stay, and whoever only believes or suggests something goes on doing so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from backend.agents.text.claims import denies_anything
from backend.agents.text.lead_ins import without_lead_in
from backend.agents.text.words import count_words

_FEWEST_WORDS = 6
_MOST_FORMS = 60

# What is shown, found or proved is claimed just so; what is believed or suggested isn't.
_FRAME = re.compile(
    r"(?:(?:we|i|the authors?) (?:also |then |further |experimentally |empirically |theoretically |"
    r"formally )*(?:show|demonstrate|find|found|prove|showed|demonstrated|proved|observe|note) "
    r"that,? "
    r"|(?:our|the|these) (?:\w+ )?(?:experiments?|results?) (?:\w+ )?(?:show|demonstrate)s? that,? "
    r"|it is (?:important|worth|essential) (?:to note|noting|to remember) that "
    r"|(?:note|recall|remember|keep in mind) that "
    r"|(?:обратите внимание|заметьте|заметим|отметим|напомним|напоминаем|помните), что "
    r"|(?:стоит|следует|нужно|важно|необходимо) (?:также )?(?:отметить|заметить|помнить|понимать), "
    r"что )",
    re.IGNORECASE,
)
_AND_THAT = re.compile(r"(?:,| and| и) (?:that|что) ", re.IGNORECASE)
# A first clause without which the rest still holds.
_OPENING = re.compile(
    r"(?:although|though|while|whereas|unlike|because|since|by \w+ing|хотя|поскольку|"
    r"так как)\b[^,:;—–]*, (?:то )?(?!\w+ ли |(?:as|and|or|which|where|such|but|"
    r"to|in|with|for|by|at|on|using|including|и|или|например|для|а|как|котор\w+|где|что) )",
    re.IGNORECASE,
)
_CITATION = re.compile(
    r"\s*(?:\[\d+(?:\s*[,–-]\s*\d+)*\]|\((?:[^()]*[A-Z][^()]*,?\s)?(?:19|20)\d\d[a-z]?\))"
)
# What else stands in brackets may narrow the claim: «(outside the main interpreter)».
_ASIDE = re.compile(
    r"\s+\((?:[A-ZА-ЯЁ][A-ZА-ЯЁa-z-]{1,7}|(?:e\.g\.|i\.e\.|for example|for instance|such as|"
    r"including|see|that is|например|то есть|т\. ?е\.|такие как|включая|см\.)[^()]*)\)(?![\w(.])"
)
_EXAMPLES = (
    r"(?:such as|including|e\.g\.,?|for example,?|for instance,?|especially|particularly|"
    r"in particular|as well as|as opposed to|в том числе|включая|например,?|такие как|таких как|"
    r"такими как|такой как|такую как|особенно)"
)
_ADDS = (
    r"(?:(?:and )?(?:which|where|whose|in which|since|because|so that|thus|hence)|"
    r"(?:thereby |thus |hence )?(?:allowing|enabling|making|leading|showing|giving|providing|"
    r"resulting|ensuring|yielding|demonstrating|suggesting|using|reducing|improving|achieving|"
    r"outperforming|highlighting|indicating|helping|producing|causing|obtaining)|"
    r"позволяя|гарантируя|обеспечивая|используя|делая|давая|предоставляя|указывая|снижая|повышая|"
    r"экономя|сохраняя|показывая|определяя|помогая|создавая|получая|упрощая|облегчая|превращая|"
    r"что (?:позволя\w+|означа\w+|дела\w+|да[её]т|обеспечива\w+|помога\w+)|поэтому|так что|"
    r"поскольку|так как|потому что|благодаря чему|причём|причем)"
)
_TAIL = re.compile(rf"(?:, | – | — )(?:{_EXAMPLES}|{_ADDS}) ", re.IGNORECASE)
_BETWEEN_COMMAS = re.compile(
    rf", {_EXAMPLES} [^,]+,(?= (?:is|are|was|were|can|may|has|have|do|does|will|является|являются|"
    r"может|могут|имеет|имеют|был\w*|буд\w+) )",
    re.IGNORECASE,
)
# After a comma: the main clause, or one more below it.
_RESUMES = re.compile(
    r"(?:is|are|was|were|can|could|may|might|will|would|has|have|had|does?|did|is|we|it|they|"
    r"является|являются|может|могут|можно|имеет|имеют|был\w*|буд\w+|мы|вы|он|она|оно|они|это|то) ",
    re.IGNORECASE,
)
_GOES_DEEPER = re.compile(
    r"(?:which|who|where|when|what|how|if|because|что|чтобы|как|котор\w+|в котор\w+|где|когда|"
    r"сколько|если|кто|чем|почему|зачем) ",
    re.IGNORECASE,
)
_ANOTHER_CLAUSE = re.compile(
    r";\s|, and (?:also |then |further )*(?:show|demonstrate|provide|propose|present|introduce|"
    r"analy[sz]e|evaluate|discuss|prove|find|investigate|explore)s? |"
    r",? and we (?:also |then |further )?\w+ "
)
# «We propose a method that…» is also true of «a method».
_NARROWS = re.compile(
    r"(?:,? (?:that|which|by \w+ing|using|via|in order to|so that)|"
    r", (?:который|которая|которое|которые|где|в котор\w+|с помощью котор\w+))\b",
    re.IGNORECASE,
)
_MAY_BE_WIDER = re.compile(
    r"(?:(?:we|i|this (?:\w+ )?(?:paper|work|article|study)|the (?:paper|article)) (?:\w+ly )?"
    r"(?:also )?(?:propose|present|introduce|describe|develop|design|investigate|study|explore|"
    r"provide|release|build|examine|analy[sz]e|give|offer)s? |"
    r"[^,]{3,70}?(?: —| –| -)? (?:это|является|являются|представляет собой|представляют собой|"
    r"(?:is|are) (?:an?|the)) )",
    re.IGNORECASE,
)
_TURNS_ROUND = re.compile(
    r"\b(?:no|not|never|only|all|every|each|any|most|few|none|neither|nor|must|should|if|unless|"
    r"until|without|cannot|\w+n['’]t|least|more|less|не|нет|ни|только|лишь|все|всех|всем|всеми|"
    r"люб\w+|кажд\w+|долж\w+|если|без|никогда|большинств\w+|нельзя|больше|меньше|перв\w+|"
    r"единственн\w+|first|best|largest|sole)\b",
    re.IGNORECASE,
)
_CLAUSE_WORD = re.compile(r"\b(?:that|which|who|что|котор\w+)\b", re.IGNORECASE)
_BEGINS_BELOW = re.compile(
    r"(?:by|although|though|while|whereas|unlike|because|since|as|when|if|given|\w+ed|\w+ing|хотя|"
    r"поскольку|когда|если|чтобы|прежде|используя|вместо|как|пока|так как)\b",
    re.IGNORECASE,
)
# «They imply that…»: what is implied can't go.
_TAKES_A_CLAUSE = re.compile(
    r"\b(?:imply|implies|shows?|suggests?|indicates?|means?|says?|said|believes?|ensures?|assumes?|"
    r"notes?|states?|claims?|argues?|know|knows|requires?|fact|idea|evidence|assumption|way|"
    r"hypothesis|view|such|so|now|is|are|be)$",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"\b(?:also|way|such|so|a|an|the|of|in|on|to|by|for|with|and|or|as|is|are|be|than|that|between|"
    r"from|their|its|our|и|или|а|но|в|на|с|к|о|об|от|для|по|из|у|не|как|что|чем|это|является|так|"
    r"то|такой|такая|такие|такое|таким|ту|тот|та|те|того)$",
    re.IGNORECASE,
)


def shorter_forms(sentence: str) -> list[str]:
    """What the sentence can be shortened to, the longest first; empty if to nothing.

    A lead-in isn't looked for: that always goes (`without_lead_in`).
    """
    if sentence.endswith((":", "?")):
        return []
    found: dict[str, None] = {sentence: None}
    waiting = [sentence]
    while waiting and len(found) < _MOST_FORMS:
        form = waiting.pop()
        for step in _STEPS:
            for shorter in step(form):
                if shorter not in found and _is_whole(shorter):
                    found[shorter] = None
                    waiting.append(shorter)
    forms = sorted(list(found)[1:], key=count_words, reverse=True)
    return [_shown(form) for form in forms]


def _shown(form: str) -> str:
    closed = form if form.endswith(("!", "…")) else f"{form.rstrip(' .,;:–—')}."
    return closed[:1].upper() + closed[1:]


def _without_frame(form: str) -> Iterator[str]:
    match = _FRAME.match(form)
    if match and not _AND_THAT.search(form, match.end()):
        yield form[match.end() :]


def _without_opening(form: str) -> Iterator[str]:
    match = _OPENING.match(form)
    if match and _can_go(match[0]):
        yield form[match.end() :]


def _without_citations(form: str) -> Iterator[str]:
    yield _CITATION.sub("", form)


def _without_asides(form: str) -> Iterator[str]:
    if all(_can_go(aside) for aside in _ASIDE.findall(form)):
        yield _ASIDE.sub("", form)
    for match in _BETWEEN_COMMAS.finditer(form):
        if _can_go(match[0]):
            yield form[: match.start()] + form[match.end() :]


def _without_tail(form: str) -> Iterator[str]:
    for match in _TAIL.finditer(form):
        if _is_one_clause(form[match.end() :]) and _can_be_cut(form, match.start()):
            yield form[: match.start()]
    for match in _ANOTHER_CLAUSE.finditer(form):
        if _can_be_cut(form, match.start()):
            yield form[: match.start()]


def _without_what_narrows(form: str) -> Iterator[str]:
    start = _MAY_BE_WIDER.match(form)
    if not start:
        return
    for match in _NARROWS.finditer(form, start.end()):
        head = form[: match.start()]
        is_deep = bool(_CLAUSE_WORD.search(head) or _TAKES_A_CLAUSE.search(head) or ". " in head)
        is_passive = head.endswith("ed") and match[0].lower() not in (" that", " which")
        if is_deep or is_passive or _TURNS_ROUND.search(head):
            continue
        if _can_be_cut(form, match.start()):
            yield head


def _can_be_cut(form: str, at: int) -> bool:
    """Whether the words from there on can go, and the main clause is among those before."""
    head = without_lead_in(form[:at])
    last = head.rpartition(",")[2]
    begins_below = bool(_BEGINS_BELOW.match(head)) and "," not in head
    return _can_go(form[at:]) and not begins_below and count_words(last) > 1


def _is_one_clause(tail: str) -> bool:
    """Whether its commas only list things or lead to further clauses: then it ends the sentence."""
    _, *later = tail.split(", ")
    if any(_RESUMES.match(piece) for piece in later):
        return False
    lists = bool(later) and later[-1].startswith(("and ", "or ", "и ", "или "))
    return lists or all(_GOES_DEEPER.match(piece) for piece in later)


def _can_go(words: str) -> bool:
    return not denies_anything(words) and not any(letter.isdigit() for letter in words)


def _is_whole(form: str) -> bool:
    bare = form.rstrip(" .,;:")
    brackets = all(bare.count(a) == bare.count(b) for a, b in ("()", "[]", "«»", "“”"))
    quotes = bare.count('"') % 2 == 0
    return count_words(bare) >= _FEWEST_WORDS and brackets and quotes and not _OPEN_END.search(bare)


_STEPS = (
    _without_frame,
    _without_opening,
    _without_citations,
    _without_asides,
    _without_tail,
    _without_what_narrows,
)
