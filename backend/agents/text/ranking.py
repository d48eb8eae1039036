"""How central each sentence is among its neighbours (sumy's TextRank)."""

from __future__ import annotations

from collections.abc import Sequence


class _Stems:
    """sumy's own tokenizer downloads models; ours hands over stems that are there already."""

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        return (paragraph,)

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(sentence.split(" ")[1:])


def _as_is(word: str) -> str:
    return word


def centrality(stems: Sequence[Sequence[str]]) -> list[float]:
    """A score from 0 to 1 for each sentence, given as its content stems.

    Takes time in the square of the number of sentences: 0.1 s for 120 of them.
    """
    # Imported late: sumy brings NLTK along, 0.3 s that only an extractive run should pay.
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.text_rank import TextRankSummarizer

    tokenizer = _Stems()
    # The number in front keeps sentences with the same words apart: sumy compares by text.
    sentences = [
        Sentence(" ".join([str(number), *words]), tokenizer) for number, words in enumerate(stems)
    ]
    if not sentences:
        return []
    rated = TextRankSummarizer(_as_is).rate_sentences(ObjectDocumentModel([Paragraph(sentences)]))
    scores = [float(rated[sentence]) for sentence in sentences]
    highest = max(scores) or 1.0
    return [score / highest for score in scores]
