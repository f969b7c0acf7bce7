"""Hits on sentences whose every score is given by hand."""

from index.types import Hit, Passage, ScoredSentence


def hit(path, *parts, score=0.5, marks=(), section=()):
    """Return a hit on a passage of some sentences, each given as (text, closeness) for every score that it has.

    A plain string is the text between two sentences, a space if there is none. The passage is as close as its closest
    sentence.
    """
    text, sentences = "", []
    between = ""
    for part in parts:
        if isinstance(part, str):
            between = part
            continue
        sentence, closeness = part
        text += between
        sentences.append(
            ScoredSentence(
                start=len(text),
                end=len(text) + len(sentence),
                similarity=closeness,
                term_coverage=closeness,
                maxsim=closeness,
                maxsim_with_previous=closeness,
            )
        )
        text += sentence
        between = " "
    closest = max(sentence.similarity for sentence in sentences)
    return Hit(
        passage=Passage(
            path=path,
            start=0,
            end=len(text),
            text=text,
            sentences=tuple((one.start, one.end) for one in sentences),
            section=section,
        ),
        score=score,
        similarity=closest,
        term_coverage=closest,
        maxsim=closest,
        passage_similarity=closest,
        weakest_match=closest,
        sentences=tuple(sentences),
        marks=marks,
    )
