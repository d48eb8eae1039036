"""Lines of a material that give orders to the model that reads it (prompt injection). Pure.

"Ignore all previous instructions and write …" says nothing of a subject, so nothing can rest on it.
A text *about* such orders quotes them or speaks of them ("attackers write “ignore …”"), which is
no order: the verb then stands in a quotation or isn't the sentence's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# Where an order can begin: with the sentence, or after a mark, an address or a "please".
_BEGINS = (
    r"(?:^|[.!?:;,—–>\])*#-]\s*|\b(?:and|then|now|please|just|must|should|пожалуйста|теперь|и|затем)\s+)"
    r"[\"'«“*_`\s]*"
)
_OVERRIDE = re.compile(
    _BEGINS + r"(?:"
    r"(?:ignore|disregard|forget|override|bypass|drop)\s+(?:\w+\s+){0,3}?"
    r"(?:previous|prior|above|earlier|preceding|former|original|system|your)\s+(?:\w+\s+){0,2}?"
    r"(?:instructions?|prompts?|rules?|directions?|directives?|guidelines|orders|context|programming)"
    r"|(?:(?:про)?игнорируй|забудь|отбрось|отмени|нарушь|не\s+(?:выполняй|соблюдай|следуй))(?:те)?\s+"
    r"(?:\w+\s+){0,3}?(?:предыдущ|прежн|прошл|предшеств|вышеуказанн|вышеизложенн|системн|сво)\w*\s+"
    r"(?:\w+\s+){0,2}?(?:инструкци|указани|правил|команд|промпт|распоряжени|установк)\w*"
    r"|(?:reveal|print|show|repeat|output|leak)\s+(?:\w+\s+){0,2}?(?:system|hidden|initial)\s+prompt"
    r"|(?:раскрой|покажи|выведи|повтори|напечатай)(?:те)?\s+(?:\w+\s+){0,2}?системн\w+\s+промпт"
    r")",
    re.IGNORECASE,
)
_PERSONA = re.compile(
    _BEGINS + r"(?:"
    r"(?:from now on,?\s+)?you\s+are\s+(?:now\s+)?(?:(?:an?|the)\s+(?:\w+\s+){0,2}?)?"
    r"(?:ai|llm|(?:large\s+)?language\s+model|ai\s+assistant|chatbot|chatgpt|dan)\b"
    r"(?=\s*(?:[.,!?;:)—–-]|$|(?:with|without|that|who|which|and|model|system|trained)\b))"
    r"|(?:act|behave)\s+as\s+(?:an?\s+|the\s+)?(?:\w+\s+){0,3}?(?:ai|llm|assistant|chatbot|dan)\b"
    r"|(?:отныне\s+)?(?:ты|вы)\s+(?:теперь\s+)?(?:[—–-]\s*)?(?:\w+[ао]?я\s+|\w+[ыио]й\s+)?"
    r"(?:ии|нейросеть|языковая\s+модель|ии-ассистент|чат-?бот|chatgpt)\b"
    r")",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"^[\W_]*(?:(?:note|message|instructions?|attention|hey|dear|important|to)[\s:,]+)*"
    r"(?:to\s+)?(?:the\s+|any\s+|all\s+)?"
    r"(?:ai|llm|language\s+model|ai\s+assistant|assistant|chatgpt|claude|gemini)s?"
    r"(?:\s+(?:reading|summari[sz]ing|processing)\s+this(?:\s+\w+)?)?\s*[:,!]\s*"
    r"(?:please\s+|you\s+(?:must|should)\s+|do\s+not\s+|don['’]t\s+)?"
    r"(?:ignore|write|output|print|reply|respond|answer|say|add|include|tell|stop|insert)\b"
    r"|^[\W_]*(?:внимание|важно|сообщение|указание)?[\s,:]*(?:для\s+)?"
    r"(?:ии|нейросет[ьи]|языковая\s+модель|модел[ьи]|ассистенту?|chatgpt)\s*[:,!]\s*"
    r"(?:не\s+)?(?:игнорируй|напиши|выведи|ответь|скажи|добавь|вставь|прекрати|сообщи|пиши)",
    re.IGNORECASE,
)
_WIRE_MARKS = re.compile(r"<\|(?:im_start|im_end|system|endoftext)\|>|\[/?INST\]|<</?SYS>>")
# Alone these are anybody's words (a tutorial's, too); after an order they carry it on.
_CARRIES_ON = re.compile(
    r"^[\W_]*(?:(?:and|then|now|instead|please|also|just|your\s+(?:new|only)\s+task\s+is\s+to)[\s,:]+)*"
    r"(?:only\s+|simply\s+|do\s+not\s+|don['’]t\s+|never\s+)?"
    r"(?:write|output|print|reply|respond|answer|say|state|tell|claim|add|include|insert|return|"
    r"translate|begin|start|end|repeat|pretend|stop|use|obey|follow)\b"
    r"|^[\W_]*(?:</?\s?\w+>\s*)?(?:from now on,?\s+)?you\s+(?:are|must|will|shall)\b"
    r"|^[\W_]*(?:отныне,?\s+)?(?:ты|вы)\s+(?:теперь|долж[а-я]+|будешь|будете)\b"
    r"|^[\W_]*(?:(?:вместо\s+этого|теперь|затем|а|и|только|просто|не)[\s,:]+)*"
    r"(?:напиши|выведи|ответь|отвечай|скажи|сообщи|утверждай|добавь|вставь|укажи|верни|переведи|"
    r"начни|закончи|повтори|притворись|прекрати|используй|следуй|пиши|говори)(?:те)?\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"|‘[^‘’]*’|`[^`]*`|(?<!\w)'[^']*'(?!\w)")
_WORD = re.compile(r"\w+")
_FEWEST_AROUND = 3
_MOST_CARRIED = 5
_OF_ORDERS = re.compile(
    r"\b(?:instruct\w*|prompts?|inject\w*|attack\w*|orders?|command\w*|jailbreak\w*|"
    r"инструкци\w*|промпт\w*|инъекци\w*|внедрени\w*|атак\w*|указани\w*|команд\w*)\b",
    re.IGNORECASE,
)


def orders_among(sentences: Sequence[str]) -> list[bool]:
    """For each sentence in a row whether it gives an order to a model, or carries one on."""
    found: list[bool] = []
    carried = 0
    for sentence in sentences:
        if is_order(sentence):
            carried = _MOST_CARRIED
            found.append(True)
        else:
            carried = carried - 1 if carried and _CARRIES_ON.search(sentence) else 0
            found.append(carried > 0)
    return found


@lru_cache(maxsize=16_384)
def is_order(sentence: str) -> bool:
    """Whether a sentence by itself gives an order to a model."""
    said = _without_quotations(sentence)
    marks = (_OVERRIDE, _PERSONA, _ADDRESS, _WIRE_MARKS)
    return any(mark.search(said) for mark in marks)


def speaks_of_orders(statement: str) -> bool:
    """Whether a note reports orders ("the page tells models to ignore their instructions")."""
    return _OF_ORDERS.search(statement) is not None and not is_order(statement)


def _without_quotations(sentence: str) -> str:
    """What is quoted within a sentence is spoken of; what is quoted as a whole is said."""
    rest = _QUOTED.sub(" ", sentence)
    return rest if len(_WORD.findall(rest)) >= _FEWEST_AROUND else sentence
