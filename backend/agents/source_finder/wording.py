"""What the agent says by itself, in the language of the material."""

from __future__ import annotations

from backend.agents.text.language import Language

_TEXTS: dict[str, dict[Language, str]] = {
    "asked": {
        "en": "You asked for sources on it.",
        "ru": "Вы просили найти источники об этом.",
    },
    "plan": {
        "en": "It is in the plan, and no passage of the material covers it.",
        "ru": "Это есть в плане, но ни один фрагмент материала этого не раскрывает.",
    },
    "notes": {
        "en": "The notes say it, and the material doesn't bear it out.",
        "ru": "Это есть в конспекте, но материал этого не подтверждает.",
    },
    "deferred": {
        "en": "The material names it and says that it goes no further.",
        "ru": "Материал называет это и сам говорит, что не разбирает подробно.",
    },
    "term": {
        "en": "The material uses it often ({count} times); no sentence was found that explains it.",
        "ru": "Материал упоминает это часто ({count}); фразы, которая это объясняет, не нашлось.",
    },
    "topic": {
        "en": "Nothing is visibly missing; this is what the material speaks of most.",
        "ru": "Явных пробелов нет; об этом в материале говорится больше всего.",
    },
    "library": {
        "en": "Your own material “{title}” speaks of {topic}.",
        "ru": "Об этом говорит ваш материал «{title}»: {topic}.",
    },
    "encyclopedia": {
        "en": "An encyclopedia article to start with: {topic}.",
        "ru": "Статья энциклопедии, с которой можно начать: {topic}.",
    },
    "work": {
        "en": "Its own description speaks of {topic}.",
        "ru": "В описании работы говорится об этом: {topic}.",
    },
    "title": {
        "en": "Its title speaks of {topic}; nothing more is known of it.",
        "ru": "Об этом говорит её название ({topic}); больше о ней ничего не известно.",
    },
    "heading": {"en": "Sources: {title}", "ru": "Источники: {title}"},
    "untitled": {"en": "Sources", "ru": "Источники"},
}


def say(key: str, language: str, **values: object) -> str:
    """The text of `key`, in English for any language but Russian."""
    of_key = _TEXTS[key]
    return of_key["ru" if language == "ru" else "en"].format(**values)
