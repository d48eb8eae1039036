"""Others that pick sentences, at the same length: what the notes are measured by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from backend.agents.text.sentences import sentence_spans
from bench.eval_synopsis.records import Record
from bench.eval_synopsis.rouge import best_score, tokens

Contender = Callable[[Record, int], str]
_TRIED_IN_FULL = 12


def lead(record: Record, budget: int) -> str:
    """The first words of the source."""
    return " ".join(tokens(record.source)[:budget])


def lexrank(record: Record, budget: int) -> str:
    """sumy's LexRank as it comes, with its stemmer and a list of stop words."""
    from sumy.summarizers.lex_rank import LexRankSummarizer

    return _by_sumy(LexRankSummarizer, record, budget)


def textrank(record: Record, budget: int) -> str:
    """sumy's TextRank as it comes, with its stemmer and a list of stop words."""
    from sumy.summarizers.text_rank import TextRankSummarizer

    return _by_sumy(TextRankSummarizer, record, budget)


def oracle(record: Record, budget: int) -> str:
    """Sentences picked greedily by the score itself: what picking could reach, knowing the answer.

    At each step the twelve that add most to ROUGE-1 are tried in full.
    """
    sentences = sentences_of(record.source)
    open_places = {place: tokens(text) for place, text in enumerate(sentences) if tokens(text)}
    chosen: list[int] = []
    reached = 0.0
    while open_places:
        found = Counter(word for place in chosen for word in tokens(sentences[place]))
        shared = [(found & reference).total() for reference in record.reference_counts]
        gain = partial(_rouge_1_with, record, found, shared)
        promising = sorted(open_places, key=lambda place: -gain(open_places[place]))
        worths = [
            (_worth(record, sentences, [*chosen, place], budget), place)
            for place in promising[:_TRIED_IN_FULL]
        ]
        worth, best = max(worths)
        if worth <= reached:
            break
        reached = worth
        chosen.append(best)
        del open_places[best]
    return "\n".join(sentences[place] for place in sorted(chosen))


def sentences_of(source: str) -> list[str]:
    """The sentences of the raw text, paragraph by paragraph, or turn by turn of a talk."""
    paragraphs = source.split("\n\n") if "\n\n" in source else source.split("\n")
    return [
        " ".join(paragraph[start:end].split())
        for paragraph in paragraphs
        for start, end in sentence_spans(paragraph)
    ]


def _rouge_1_with(
    record: Record, found: Counter[str], shared: Sequence[int], more: list[str]
) -> float:
    """ROUGE-1 (half of it) of what was found with one more sentence."""
    added = Counter(more)
    return max(
        (already + _new_overlap(reference, found, added)) / (found.total() + len(more) + len(words))
        for reference, words, already in zip(
            record.reference_counts, record.reference_tokens, shared, strict=True
        )
    )


def _new_overlap(reference: Counter[str], found: Counter[str], added: Counter[str]) -> int:
    return sum(
        min(reference[word], found[word] + count) - min(reference[word], found[word])
        for word, count in added.items()
        if word in reference
    )


def _worth(record: Record, sentences: Sequence[str], chosen: Sequence[int], budget: int) -> float:
    text = " ".join(sentences[place] for place in sorted(chosen))
    score = best_score(tokens(text)[:budget], record.reference_tokens)
    return score.rouge_1 + score.rouge_l


class _Tokenizer:
    """sumy's own wants models from the network; the sentences are ours, the words are plain."""

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        return (paragraph,)

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(tokens(sentence))


def _by_sumy(summarizer_class: type, record: Record, budget: int) -> str:
    from stop_words import get_stop_words
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.nlp.stemmers import Stemmer

    tokenizer = _Tokenizer()
    texts = [text for text in dict.fromkeys(sentences_of(record.source)) if tokens(text)]
    document = ObjectDocumentModel([Paragraph([Sentence(text, tokenizer) for text in texts])])
    summarizer = summarizer_class(Stemmer({"ru": "russian", "en": "english"}[record.language]))
    summarizer.stop_words = get_stop_words(record.language)
    picked = summarizer(document, partial(_until_full, budget))
    return "\n".join(str(sentence) for sentence in picked)


def _until_full(budget: int, ranked: Sequence[Any]) -> list[Any]:
    """The best sentences until together they have the words allowed; the rest is cut off."""
    taken: list[Any] = []
    words = 0
    for info in ranked:
        if words >= budget:
            break
        taken.append(info)
        words += len(tokens(str(info.sentence)))
    return taken
