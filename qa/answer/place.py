"""Quote a place that is named by its number: a section, an article, a page, a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.types import Document, Passage, Span
from qa.answer.folder import Folder, as_hits, cite, joined, word_count
from qa.answer.overview import MAX_NAMES, part_names
from qa.answer.parts import MAX_LABEL_LINE, Part, find, numbered_parts, quotable
from qa.answer.place_numbers import number_key
from qa.answer.requests import Request
from qa.types import Answer, NoAnswer

MAX_PLACES = 3
MAX_DOCUMENTS = 200  # read for a place; of more, those that are found for the question
MAX_PLACE_WORDS = 200
_UNITS = {"page": "page", "slide": "slide", "row": "row", "chapter": "chapter"}
_COMMON_LABELS = frozenset({"point", "item", "step", "rule", "principle", "standard", "paragraph", "part", "row"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    document: Document
    part: Part


def quote_place(request: Request, folder: Folder, paths: Sequence[str], question: str) -> Answer | NoAnswer | None:
    """Quote the place that a request names in one of some documents.

    Return None if there is no such place and the words may mean something else ("point 3").
    """
    documents = _documents(folder, paths, question)
    found = _find(documents, request)
    if not found:
        return None if request.label in _COMMON_LABELS else _missing(request, documents, question)
    if len({one.document.path for one in found}) > MAX_PLACES:
        return _unclear(request, found, question)
    return _quoted(request, folder, found[:MAX_PLACES], question)


def _documents(folder: Folder, paths: Sequence[str], question: str) -> list[Document]:
    """Read the documents, of very many only those that are found for the question."""
    if len(paths) > MAX_DOCUMENTS:
        hits = folder.search(question, MAX_DOCUMENTS, only=frozenset(paths)).hits
        paths = list(dict.fromkeys(hit.passage.path for hit in hits))
    return [document for document in map(folder.document, paths) if document]


def _find(documents: Sequence[Document], request: Request) -> list[_Found]:
    """Find the places with the number, those with the label if there are any."""
    found = [_Found(document=one, part=part) for one in documents for part in _places(one, request)]
    labelled = [one for one in found if one.part.label == request.label]
    if found or not request.document or request.label not in _COMMON_LABELS:
        return labelled or found
    found = [_Found(document=one, part=part) for one in documents for part in _holding(one, request.number)]
    return found if len(found) == 1 else []


def _places(document: Document, request: Request) -> list[Part]:
    unit = _UNITS.get(request.label)
    if document.pages and unit == document.unit and request.number.isdigit():
        return _pages(document, int(request.number))
    parts = find(numbered_parts(document), request.label, request.number)
    # A table of contents and the like may name a part too: the longest is the part itself.
    return [max(parts, key=lambda part: part.end - part.start)] if parts else []


def _pages(document: Document, number: int) -> list[Part]:
    ends = [start for start, _ in document.pages[1:]] + [len(document.text)]
    return [
        Part(title="", level=0, begin=start, start=start, end=end, label=document.unit, number=str(number))
        for (start, found), end in zip(document.pages, ends, strict=True)
        if found == number
    ]


def _holding(document: Document, number: str) -> Iterator[Part]:
    """Yield the paragraphs that hold a number as a word, for lists whose numbers are not where they should be."""
    for block in document.blocks:
        text = document.text[block.start : block.end]
        if not block.level and number in text[:MAX_LABEL_LINE].split():
            yield Part(title="", level=0, begin=block.start, start=block.start, end=block.end, number=number)


def _quoted(request: Request, folder: Folder, found: Sequence[_Found], question: str) -> Answer | NoAnswer:
    quotes: list[tuple[Passage, Span]] = []
    notes = []
    for one in found:
        passages = [passage for passage, _ in folder.passages_of(one.document.path)]
        fitting, is_cut = _within(quotable(passages, one.part), MAX_PLACE_WORDS // len(found))
        name = one.part.name if one.part.label or one.part.title else f"{request.label} {request.number}"
        place = f"{name[:1].upper()}{name[1:]} in {one.document.path}"
        if is_cut:
            names = part_names(one.document, one.part)
            place += f" has these parts: {joined(names, MAX_NAMES)}. It begins" if names else " begins"
        notes.append(f"{place}:")
        quotes += fitting
    contents = folder.contents()
    if not quotes:
        return NoAnswer(
            question=question,
            kind="place",
            message=f"{' '.join(notes)} There is no text in it to quote.",
            generation=contents.generation,
            total_passages=contents.total_passages,
        )
    citations = cite(folder, quotes)
    return Answer(
        question=question,
        citations=citations,
        confidence=1.0,
        hits=as_hits(citations),
        kind="place",
        message=" ".join(notes),
        generation=contents.generation,
        total_passages=contents.total_passages,
    )


def _within(passages: Iterator[tuple[Passage, list[Span]]], most: int) -> tuple[list[tuple[Passage, Span]], bool]:
    """Quote whole sentences up to a number of words, and tell if some are left out."""
    quotes: list[tuple[Passage, Span]] = []
    left = most
    for passage, sentences in passages:
        taken: list[Span] = []
        for start, end in sentences:
            left -= word_count(passage.quote(start, end))
            if left < 0 and (taken or quotes):
                break
            taken.append((start, end))
        if taken:
            quotes.append((passage, (taken[0][0], taken[-1][1])))
        if left < 0:
            return quotes, True
    return quotes, False


def _missing(request: Request, documents: Sequence[Document], question: str) -> NoAnswer:
    """Decline, and name the places that there are."""
    there = [(document.path, numbers) for document in documents if (numbers := _numbers(document, request.label, True))]
    there = there or [(one.path, numbers) for one in documents if (numbers := _numbers(one, request.label, False))]
    wanted = f"{request.label} {request.number}"
    where = f"{documents[0].path} has" if len(documents) == 1 else "The documents have"
    message = f"{where} no {wanted}."
    if there:
        listed = "; ".join(f"{path} has {joined(numbers, 8)}" for path, numbers in there[:MAX_PLACES])
        message += f" {listed}."
    return NoAnswer(question=question, kind="place", message=message)


def _numbers(document: Document, label: str, is_labelled: bool) -> list[str]:
    """List the numbers of the places with a label, such as "section 1", "2" and "3", or of those without one."""
    if document.pages and _UNITS.get(label) == document.unit:
        return [f"{label}s {document.pages[0][1]} to {document.pages[-1][1]}"]
    named = [part for part in numbered_parts(document) if part.label == (label if is_labelled else "")]
    numbers = list(dict.fromkeys(part.number for part in named))
    if all(number.isdigit() for number in numbers):
        numbers = sorted(numbers, key=int)
    return [f"{label} {numbers[0]}", *numbers[1:]] if numbers else []


def _unclear(request: Request, found: Sequence[_Found], question: str) -> NoAnswer:
    """Ask which document is meant, where many have such a place."""
    paths = list(dict.fromkeys(one.document.path for one in found))
    wanted = f"{request.label} {number_key(request.number)}"
    return NoAnswer(
        question=question,
        kind="place",
        message=f"{len(paths)} documents have {wanted}. Which one do you mean?",
        clarifications=tuple(f"What does {wanted} of {path} say?" for path in paths[:MAX_PLACES]),
    )
