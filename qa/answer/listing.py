"""List the documents of a folder: all, those of a type, or those about a topic, each with its best sentence."""

from collections import Counter
from collections.abc import Mapping

from index.types import FolderContents, Hit, Passage, Span
from qa.answer.catalogue import Catalogue
from qa.answer.folder import Folder, as_hits, cite, joined
from qa.answer.overview import is_telling
from qa.types import Answer, Citation, NoAnswer

MAX_LISTED = 10  # with a quote
MAX_NAMED = 30
MAX_NAMED_FOLDERS = 20
MAX_DATED = 5
MAX_HITS = 60
MAX_TRIED = 20  # sentences from a document's start
MIN_COVERAGE = 0.95  # of the topic's words in a passage and its headings
MIN_SIMILARITY = 0.5
MIN_SHARE = 0.6  # of the best document's score


def count_documents(folder: Folder, topic: str, question: str) -> Answer:
    """Count the documents, or those of a type, by folder."""
    contents = folder.contents()
    catalogue = Catalogue.of(contents)
    paths = of_group(catalogue, topic) if topic else sorted(contents.titles)
    per_folder = Counter(path.rpartition("/")[0] for path in paths)
    listed = [f"{number} in {name}" if name else f"{number} at the top" for name, number in sorted(per_folder.items())]
    where = f": {joined(listed, 20)}" if len(per_folder) > 1 else ""
    noun = (topic or "documents").removesuffix("s") if len(paths) == 1 else topic or "documents"
    return Answer(
        question=question,
        citations=(),
        confidence=1.0,
        kind="documents",
        message=f"There {'is' if len(paths) == 1 else 'are'} {len(paths)} {noun}{where}.",
        generation=contents.generation,
        total_passages=contents.total_passages,
    )


def list_documents(folder: Folder, topic: str, question: str, is_mention: bool = False) -> Answer | NoAnswer:
    """List the documents about a topic or of a type, the best first; all if there is no topic.

    If the topic `is_mention`, every document is listed that holds its words.
    """
    contents = folder.contents()
    catalogue = Catalogue.of(contents)
    hits = _best_hits(folder, topic, is_mention) if topic else {}
    found = _about(catalogue, topic, hits) if topic else sorted(contents.titles)
    if not found:
        about = f"No document {'mentions' if is_mention else 'is about'} {topic}."
        return NoAnswer(
            question=question,
            kind="documents",
            message=about if topic else "There are no documents yet.",
            generation=contents.generation,
            total_passages=contents.total_passages,
        )
    quotes = [_quote(folder, path, hits.get(path), is_mention) for path in found[:MAX_LISTED]]
    citations = cite(folder, [one for one in quotes if one])
    is_by_name = not topic or bool(of_group(catalogue, topic))
    return _listed(
        question,
        contents,
        citations,
        f"{_counted(len(found), '' if is_by_name else topic, is_mention)}: {joined(found, MAX_NAMED)}.",
    )


def _listed(question: str, contents: FolderContents, citations: tuple[Citation, ...], message: str) -> Answer:
    """Return a list of documents, each with its quote, introduced by a message."""
    return Answer(
        question=question,
        citations=citations,
        confidence=1.0,
        hits=as_hits(citations),
        kind="documents",
        message=message,
        generation=contents.generation,
        total_passages=contents.total_passages,
    )


def list_everything(folder: Folder, question: str) -> Answer | NoAnswer:
    """Say what a folder holds: all documents, or its folders with one of each if they are many."""
    contents = folder.contents()
    if len(contents.titles) <= MAX_LISTED:
        return list_documents(folder, "", question)
    groups: dict[str, list[str]] = {}
    for path in sorted(contents.titles):
        groups.setdefault(path.partition("/")[0] + "/" if "/" in path else "", []).append(path)
    by_size = sorted(groups, key=lambda name: (-len(groups[name]), name))
    names = [f"{name} ({len(groups[name])})" if name else f"{len(groups[name])} at the top" for name in by_size]
    shown = [groups[name][0] for name in by_size[:MAX_LISTED]] if len(by_size) > 1 else sorted(contents.titles)
    citations = cite(folder, [one for path in shown[:MAX_LISTED] if (one := _quote(folder, path, None))])
    listed = joined(names, MAX_NAMED_FOLDERS) if len(by_size) > 1 else joined(sorted(contents.titles), MAX_NAMED)
    return _listed(question, contents, citations, f"{_counted(len(contents.titles), '')}: {listed}. Among them:")


def list_by_date(
    folder: Folder, catalogue: Catalogue, topic: str, question: str, *, is_oldest_first: bool, is_meeting: bool = False
) -> Answer | NoAnswer | None:
    """List the newest or oldest documents, or those of a type or with a name, with their dates.

    Of a meeting, documents with a day in their name or title are listed. Return None if there are fewer than two.
    """
    contents = folder.contents()
    found = (of_group(catalogue, topic) or catalogue.resolve(topic)) if topic else sorted(catalogue.titles)
    if is_meeting and len(found := catalogue.dated_by_name(found)) < 2:
        return None
    if not found:
        return NoAnswer(question=question, kind="documents", message=f"There are no {topic}.")
    dated = sorted(catalogue.by_date(found), key=lambda one: one.date, reverse=not is_oldest_first)[:MAX_DATED]
    citations = cite(folder, [quote for one in dated if (quote := _quote(folder, one.path, None))])
    names = joined([f"{one.path} ({one.date})" for one in dated], MAX_DATED)
    return _listed(question, contents, citations, f"The {'oldest' if is_oldest_first else 'newest'} first: {names}.")


def _about(catalogue: Catalogue, topic: str, hits: Mapping[str, Hit]) -> list[str]:
    """Return the documents of a type or folder, or else those with a name or a hit about the topic."""
    named = of_group(catalogue, topic)
    return named or list(dict.fromkeys([*catalogue.resolve(topic), *hits]))


def _counted(count: int, topic: str, is_mention: bool = False) -> str:
    noun = "1 document" if count == 1 else f"{count} documents"
    verb = ("mentions", "mention") if is_mention else ("is about", "are about")
    return f"{noun} {verb[count != 1]} {topic}" if topic else noun


def of_group(catalogue: Catalogue, topic: str) -> list[str]:
    """Return the documents of a type, or of a folder of that name."""
    if typed := catalogue.of_type(topic):
        return typed
    words = topic.split()
    for phrase in (topic, *words[-1:]):  # "meeting minutes" are in the folder "minutes"
        if folder := catalogue.folder(phrase):
            return catalogue.folders[folder]
    return []


def _best_hits(folder: Folder, topic: str, is_mention: bool) -> dict[str, Hit]:
    """Find the best hit of each document about a topic, or with its words, the best document first."""
    result = folder.search(topic, MAX_HITS, corrects_spelling=not is_mention)
    found: dict[str, Hit] = {}
    least = MIN_SHARE * max((hit.score for hit in result.hits), default=0)
    for hit in result.hits:
        is_about = hit.term_coverage >= MIN_COVERAGE or hit.similarity >= MIN_SIMILARITY
        if hit.term_coverage >= MIN_COVERAGE if is_mention else is_about and hit.score >= least:
            found.setdefault(hit.passage.path, hit)
    return found


def _best_sentence(hit: Hit, is_mention: bool) -> tuple[Passage, Span]:
    if is_mention:
        best = max(hit.sentences, key=lambda one: (one.term_coverage, one.similarity))
    else:
        good = [one for one in hit.sentences if is_telling(hit.passage.quote(one.start, one.end))]
        best = max(good or hit.sentences, key=lambda one: one.similarity + one.term_coverage)
    return hit.passage, (best.start, best.end)


def _quote(folder: Folder, path: str, hit: Hit | None, is_mention: bool = False) -> tuple[Passage, Span] | None:
    """Return the sentence that shows best why a document is listed, or else its first one."""
    if hit and hit.sentences:
        return _best_sentence(hit, is_mention)
    sentences = [(passage, span) for passage, _ in folder.passages_of(path) for span in passage.sentences]
    telling = [one for one in sentences[:MAX_TRIED] if is_telling(one[0].quote(*one[1]))]
    found = telling or sentences
    return found[0] if found else None
