"""Reply to requests that are not questions to answer: greetings, lists of documents, overviews, places."""

import re
from collections.abc import Collection, Sequence

from qa.answer.catalogue import Catalogue, name_words
from qa.answer.dates import iso_dates
from qa.answer.folder import Folder
from qa.answer.listing import count_documents, list_by_date, list_documents, list_everything, of_group
from qa.answer.overview import of_document
from qa.answer.place import quote_place
from qa.answer.requests import Request
from qa.types import Answer, NoAnswer, Place, Turn

GREETING = "Hello! I answer questions from the {count} in this folder, in their own words and with their sources."
THANKS = "You're welcome. Ask me anything else about the documents."
FAREWELL = "Goodbye. The documents will be here when you need them."
HELP = (
    "I answer questions from the {count} in this folder by quoting them, each quote with its source. You can also ask "
    "which documents there are about a topic, for an overview of a document, or what a section or page says."
)
CANNOT = {
    "translate": "I can't translate. Ask a question in the language of the documents, and I quote them word for word.",
    "write": "I can't write texts. Ask about a topic, and I quote what the documents say about it.",
    "add": "I can't add up or calculate. Ask about the figures, and I quote them from the documents.",
}
FIGURES = "I can't add up or calculate. These are the figures in the documents:"
_DOCUMENT_NOUN = re.compile(
    r"\b(?:documents?|docs?|files?|handbook|guide|policy|report|manual|faq|minutes|notes?|contract|agreement|statutes|book|booklet"
    r"|leaflet|letter|paper|slides|presentation|spreadsheet|page|pdf|standard|spec|specification|article|chapter|survey|data|dataset|table|sheet|dokument|datei|handbuch|bericht|protokoll|vertrag|ordnung"
    r"|\w+ordnung|\w+vertrag|\w+protokoll|\w+bericht|\w+handbuch)\b",
    re.IGNORECASE,
)
_ANY = re.compile(r"(?:all |the )?(?:papers?|texts?|texte)", re.IGNORECASE)
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
MAX_CHOICES = 4
WHICH_DOCUMENT = "Which document do you mean? Name it, as in “Summarise the travel policy”."


def respond(
    request: Request,
    question: str,
    folder: Folder,
    catalogue: Catalogue,
    turns: Sequence[Turn] = (),
    quoted: Collection[Place] = (),
) -> Answer | NoAnswer | None:
    """Reply to a request from the documents of a catalogue. Return None if it is a question to answer after all.

    An overview leaves out what was `quoted`.
    """
    match request.kind:
        case "greeting" | "thanks" | "farewell" | "help":
            return _small_talk(request, question, catalogue)
        case "cannot":
            return NoAnswer(question=question, message=CANNOT[request.action])
        case "overview":
            return _overview(request, question, folder, catalogue, turns, quoted)
        case "place":
            return _place(request, question, folder, catalogue, turns)
        case _:
            return _list(request, question, folder, catalogue)


def _list(request: Request, question: str, folder: Folder, catalogue: Catalogue) -> Answer | NoAnswer | None:
    """List or count documents."""
    if request.is_uncertain and request.kind != "pages" and not _is_list(request, catalogue):
        return None
    topic = "" if _means_any(request.topic, catalogue) else request.topic
    match request.kind:
        case "everything":
            return list_everything(folder, question)
        case "count":
            return count_documents(folder, topic, question)
        case "newest":
            is_oldest_first, is_meeting = request.number == "oldest", request.is_uncertain
            return list_by_date(
                folder, catalogue, topic, question, is_oldest_first=is_oldest_first, is_meeting=is_meeting
            )
        case "pages":
            return _pages(request, question, folder, catalogue)
        case _:
            return list_documents(folder, topic, question, request.is_mention)


def _means_any(topic: str, catalogue: Catalogue) -> bool:
    """Say whether "papers" or "texts" means all documents: none of their folders has that name."""
    return bool(_ANY.fullmatch(topic)) and not of_group(catalogue, topic)


def _pages(request: Request, question: str, folder: Folder, catalogue: Catalogue) -> Answer | None:
    """Count the pages of a document. Return None if no document is meant that has some."""
    path = catalogue.best(request.document)
    document = folder.document(path) if path else None
    if document is None or not document.pages or document.unit != request.label:
        return None
    count = len({number for _, number in document.pages})
    message = f"{path} has {count:,} {document.unit}{'s' * (count != 1)}."
    return Answer(question=question, citations=(), confidence=1.0, kind="documents", message=message)


def _is_list(request: Request, catalogue: Catalogue) -> bool:
    """Check whether the topic of an uncertain request is a group of documents, or the name of several."""
    if of_group(catalogue, request.topic):
        return True
    return not request.is_group and len(catalogue.resolve(request.topic)) > 1


def _small_talk(request: Request, question: str, catalogue: Catalogue) -> NoAnswer:
    count = f"{len(catalogue.titles):,} document{'s' * (len(catalogue.titles) != 1)}"
    texts = {"greeting": GREETING, "thanks": THANKS, "farewell": FAREWELL, "help": HELP}
    return NoAnswer(question=question, kind="greeting", message=texts[request.kind].format(count=count))


def _overview(
    request: Request,
    question: str,
    folder: Folder,
    catalogue: Catalogue,
    turns: Sequence[Turn],
    quoted: Collection[Place],
) -> Answer | NoAnswer | None:
    if request.document and (name := catalogue.folder(request.document)) and _is_folder(name, request, catalogue):
        return list_documents(folder, name, question)
    path = _document(request, catalogue, turns)
    if path and (document := folder.document(path)):
        return of_document(folder, document, question, quoted)
    if not request.document:
        return NoAnswer(question=question, kind="overview", message=WHICH_DOCUMENT)
    paths = catalogue.resolve(request.document)
    if len(paths) < 2 or (request.is_uncertain and not (_is_named(request, catalogue) and len(paths) <= MAX_CHOICES)):
        return None
    return NoAnswer(
        question=question,
        kind="overview",
        message=f"{len(paths)} documents have this name. Which one do you mean?",
        clarifications=tuple(f"Summarise {path}" for path in paths[:MAX_CHOICES]),
    )


def _document(request: Request, catalogue: Catalogue, turns: Sequence[Turn]) -> str:
    """Return the document that an overview is wanted of, or "".

    If the wording is no certain request for one, the document must be named as one, so that "what does coffee contain"
    is answered.
    """
    if request.document:
        is_document = _is_named(request, catalogue) or not request.is_uncertain
        return catalogue.best(request.document) if is_document else ""
    if len(catalogue.titles) == 1:
        return next(iter(catalogue.titles))
    return _last_cited(catalogue, turns)


def _is_named(request: Request, catalogue: Catalogue) -> bool:
    """Check whether a request names a document as one: by its file's name, its kind, or its date."""
    return bool(
        _DOCUMENT_NOUN.search(request.document)
        or catalogue.named_in(request.document)
        or _DATE.search(iso_dates(request.document))
    )


def _is_folder(name: str, request: Request, catalogue: Catalogue) -> bool:
    """Check whether a request names a folder of several documents, and none of them by its own name."""
    if len(catalogue.folders[name]) < 2:
        return False
    best = catalogue.best(request.document)
    return not best or name_words(request.document) != name_words(best.rpartition("/")[2].rpartition(".")[0])


def _last_cited(catalogue: Catalogue, turns: Sequence[Turn]) -> str:
    """Return the document of the first quote of the last turn that has one, or ""."""
    cited = [[place.document for place in turn.places if place.document in catalogue.titles] for turn in turns]
    return next((paths[0] for paths in reversed(cited) if paths), "")


def _place(
    request: Request, question: str, folder: Folder, catalogue: Catalogue, turns: Sequence[Turn]
) -> Answer | NoAnswer | None:
    paths = sorted(catalogue.titles)
    if request.document:
        paths = catalogue.resolve(request.document)
        if not paths:
            return None
    elif last := _last_cited(catalogue, turns):
        reply = quote_place(request, folder, [last], question)
        if isinstance(reply, Answer):
            return reply
    return quote_place(request, folder, paths, question)
