"""Limit a question to some documents, as its wording or an option says (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from qa.answer.catalogue import Catalogue
from qa.answer.date_limits import DateLimit, find_date_limit, find_newest

MAX_HINTED_SHARE = 0.34  # a name that fits more of the folder limits nothing
_IN = re.compile(r"(?:^|\s)in:(?:\"([^\"]+)\"|(\S+))", re.IGNORECASE)
_PREPOSITION = r"(?:in|within|inside|from|under|of|by|per|see|at|according to|as per|based on|going by)"
_FOLDER = re.compile(
    rf"(?:^|,? ){_PREPOSITION} (?:the |my |our )?(?:folder (?P<after>[\w .-]+?)"
    r"|(?P<before>(?:(?!\b(?:in|from|of|by|at|under) )[\w .-])+?) (?:folder|directory))(?=[,?.!:]|$| )",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?P<name>[\w ./-]{2,60}?): (?=\w)")
_KIND = (
    r"(?:handbook|guide|policy|manual|report|document|file|faq|minutes|agreement|contract|statutes|book|booklet|page|pdf"
    r"|letter|standard|spec|notes?|slides|survey)"
)
_THE = r"(?:the |my |our )"
_ACCORDING = re.compile(
    rf"(?:^|,? )(?:according to|as per|based on|going by) (?P<name>{_THE}?[\w .'’/-]{{2,60}}?)(?=,|\?|\.?$)",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"(?:^|,? )(?:in|from) (?P<name>{_THE}(?:(?!\b(?:in|from) )[\w .'’/-]){{0,50}}?{_KIND})(?=,|\?|\.?$)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"what (?:does|do|did) <> (?:say|tell us|tell me|mention|state)(?: about| on| regarding) (?P<topic>.+)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r",? ?(?:according to|as per|based on|in|from|of|by|per|see|within|inside)? ?(?:the |my |our )?(?:document |file )?"
    r"<>(?: document| file)?(?=[\s,?.!:]|$)[,:]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The documents that a question is limited to, and the question without the words that say so.

    A scope that is not certain is a hint: the whole folder is searched if the documents do not answer. It `is_period`
    if the question says of which time its documents are.
    """

    question: str
    paths: frozenset[str]
    name: str
    is_certain: bool
    is_period: bool = False


def selected(patterns: Sequence[str], catalogue: Catalogue) -> frozenset[str]:
    """Return the documents that match one of some patterns: a path, a folder with a slash at its end, or wildcards.

    The exact path of a document or a folder is no other one, even if others have the same name.
    """
    exact = [pattern for pattern in patterns if pattern in catalogue.titles]
    others = [pattern for pattern in patterns if pattern not in catalogue.titles]
    return frozenset([*exact, *(path for pattern in others for path in _matching(pattern, catalogue))])


def _matching(pattern: str, catalogue: Catalogue) -> Sequence[str]:
    inside = catalogue.folders.get(pattern, ()) if pattern.endswith("/") else ()
    return inside or [path for path in catalogue.titles if _matches(path, pattern)]


def find_scope(question: str, catalogue: Catalogue, today: date | None = None) -> Scope | None:
    """Find the documents that a question is limited to by its wording, on the day `today`."""
    today = today or date.today()
    place = _by_option(question, catalogue) or _by_file_name(question, catalogue) or _by_folder(question, catalogue)
    if place:
        dated = _by_date(place.question, catalogue.only(place.paths), today)
        return _both(place, dated) if dated else place
    return _by_date(question, catalogue, today) or _by_name(question, catalogue)


def _matches(path: str, pattern: str) -> bool:
    folded, wanted = path.casefold(), pattern.casefold().removeprefix("./")
    if wanted.endswith("/"):
        return folded.startswith(wanted) or f"/{wanted}" in folded
    name = folded.rpartition("/")[2]
    return folded.startswith(f"{wanted}/") or fnmatchcase(folded, wanted) or fnmatchcase(name, wanted)


def _by_option(question: str, catalogue: Catalogue) -> Scope | None:
    patterns = [quoted or plain for quoted, plain in _IN.findall(question)]
    if not patterns:
        return None
    rest = " ".join(_IN.sub(" ", question).split())
    paths = selected(patterns, catalogue)
    name = ", ".join(patterns) if paths else f"documents like {', '.join(patterns)}"
    return Scope(question=rest, paths=paths, name=name, is_certain=True)


def _by_file_name(question: str, catalogue: Catalogue) -> Scope | None:
    paths = catalogue.named_in(question)
    if not paths:
        return None
    name = next(
        text
        for text in (paths[0], paths[0].rpartition("/")[2], paths[0].rpartition("/")[2].rpartition(".")[0])
        if text and text.casefold() in question.casefold()
    )
    marked = re.sub(re.escape(name), "<>", question, count=1, flags=re.IGNORECASE)
    if says := _SAYS.match(marked):
        rest = says["topic"]
    else:
        rest = _NAMED.sub(" ", marked, count=1).replace("<>", "the document")
    return Scope(question=_tidy(rest, question), paths=frozenset(paths), name=", ".join(paths), is_certain=True)


def _by_folder(question: str, catalogue: Catalogue) -> Scope | None:
    for pattern in (_FOLDER, _PREFIX):
        for found in pattern.finditer(question):
            if pattern is _PREFIX and found.start():
                break
            name = next(part for part in found.groups() if part)
            if folder := catalogue.folder(name):
                rest = _tidy(question[: found.start()] + " " + question[found.end() :].removeprefix(","), question)
                return Scope(question=rest, paths=frozenset(catalogue.folders[folder]), name=folder, is_certain=True)
    return None


def _both(place: Scope, dated: Scope) -> Scope:
    return replace(dated, name=f"{place.name}, {dated.name}", is_certain=place.is_certain and dated.is_certain)


def _by_date(question: str, catalogue: Catalogue, today: date) -> Scope | None:
    limit = find_date_limit(question, today)
    if limit is None:
        return _newest(question, catalogue)
    paths = catalogue.in_period(limit.period, _of_kind(limit, catalogue))
    if not paths and not limit.is_certain:
        return None
    is_known_kind = limit.noun and len(paths) < len(catalogue.titles)
    name = f"{limit.noun if is_known_kind else 'documents'} {limit.name}"
    is_certain = limit.is_certain or bool(limit.noun)
    return Scope(question=limit.rest, paths=frozenset(paths), name=name, is_certain=is_certain, is_period=True)


def _newest(question: str, catalogue: Catalogue) -> Scope | None:
    """Take "in the latest minutes" as the newest of several documents of that kind."""
    found = find_newest(question)
    paths = (catalogue.of_type(found.noun) or catalogue.resolve(found.noun)) if found else []
    if found and found.is_meeting:
        paths = catalogue.dated_by_name(paths)
    dated = sorted(catalogue.by_date(paths, prefers_named=True), key=lambda one: one.date)
    if found is None or len(dated) < 2:
        return None
    if found.is_newest:
        dated.reverse()
    if dated[0].date == dated[1].date:
        return None
    path = dated[0].path
    return Scope(question=found.rest, paths=frozenset({path}), name=path, is_certain=True, is_period=True)


def _of_kind(limit: DateLimit, catalogue: Catalogue) -> list[str]:
    """Return the documents of the kind that a limit names, such as mails or minutes; all if it names none."""
    if not limit.noun:
        return sorted(catalogue.titles)
    return catalogue.of_type(limit.noun) or catalogue.resolve(limit.noun)


def _by_name(question: str, catalogue: Catalogue) -> Scope | None:
    """Take "according to the handbook" as a hint, if few documents have that name."""
    for pattern in (_ACCORDING, _INSIDE):
        for found in pattern.finditer(question):
            paths = catalogue.resolve(found["name"])
            if paths and (len(paths) == 1 or len(paths) <= MAX_HINTED_SHARE * len(catalogue.titles)):
                rest = _tidy(question[: found.start()] + " " + question[found.end() :], question)
                name = paths[0] if len(paths) == 1 else found["name"].strip()
                return Scope(question=rest, paths=frozenset(paths), name=name, is_certain=False)
    return None


def _tidy(text: str, question: str) -> str:
    """Remove what is left around words that were taken out. Keep the question if nothing is left."""
    text = re.sub(r"\s+([?.!,])", r"\1", " ".join(text.split())).strip(" ,:;-")
    return text if re.search(r"\w{2}", text) else question
