"""Recognise that a question is about documents of some period, as its wording says (pure).

"In the 2024 minutes" and "documents newer than March 2024" limit a question; "how did trade develop since 2023" does
not: a period counts beside the name of a kind of documents, or as an option such as `after:2024`.
"""

import re
from dataclasses import dataclass
from datetime import date

from qa.answer.dates import DATE, Period, period_of

_NOUN = (
    r"(?:documents?|files?|docs|papers?|anything|something|minutes|reports?|e?-?mails?|messages?|letters?|notes|agendas?|budgets?"
    r"|invoices?|contracts?|agreements?|polic(?:y|ies)|guides?|handbooks?|manuals?|slides|presentations?|spreadsheets?|pdfs?"
    r"|newsletters?|surveys?|statements?|memos?|protocols?|diar(?:y|ies)|journals?|logs?|interviews?|dokumente|dateien"
    r"|protokolle|berichte?)"
)
_ANY = re.compile(r"(?:documents?|files?|docs|papers?|anything|something|dokumente|dateien)", re.IGNORECASE)
_ADJECTIVES = r"(?:(?!(?:the|in|of|from|my|our|all|which|what|any|do|does|did|are|is)\b)[\w'’-]+ ){0,2}?"
_MADE = r"(?:written|dated|created|changed|modified|updated|sent|made|published|saved|edited)"
_AFTER = r"(?:newer|later|more recent|younger|neuer) (?:than|als)|after|nach"
_SINCE = r"since|seit"
_BEFORE = r"(?:older|earlier|älter) (?:than|als)|before|vor"
_UNTIL = r"until|up to|bis"
_WITHIN = r"from|in|of|for|dated|during|on|aus|vom|von"
_OPTION = re.compile(rf"(?:^|\s)(?P<word>after|since|before|until|date):(?P<date>{DATE})(?=[\s?.!,]|$)", re.IGNORECASE)
_ANY_OPTION = re.compile(r"(?:^|\s)(?:after|since|before|until|date):(\S+)", re.IGNORECASE)
_AFTER_NOUN = re.compile(
    rf"\b(?P<noun>{_ADJECTIVES}{_NOUN})(?P<limit>(?: do (?:i|you|we) have)?(?: (?:that|which))?"
    rf"(?: (?:are|is|were|was))?(?: {_MADE})?(?: from(?= (?:before|after)))?"
    rf" (?:(?P<after>{_AFTER})|(?P<since>{_SINCE})|(?P<before>{_BEFORE})|(?P<until>{_UNTIL})"
    rf"|(?P<within>{_WITHIN})) (?:the )?(?P<date>{DATE}))(?=[\s?.!,]|$)",
    re.IGNORECASE,
)
_BEFORE_NOUN = re.compile(
    rf"(?P<prefix>(?:^|,? )(?:(?:in|from|of|per|see|according to|as per) )?)(?:the |my |our )?"
    rf"(?P<date>{DATE})(?:['’]?s)? (?P<noun>{_ADJECTIVES}{_NOUN})(?=[\s?.!,]|$)",
    re.IGNORECASE,
)
_AT_END = re.compile(
    rf",? (?:(?P<after>(?:newer|more recent) than)|(?P<before>older than)) (?P<date>{DATE})(?=[?.! ]*$)", re.IGNORECASE
)
_LIST_ALL = re.compile(r"(?:(?:is there|do (?:i|you|we) have) )?(?:anything|something)\W*", re.IGNORECASE)
_WHICH = re.compile(r"(?:what|which) (?!is\b|are\b)[\w-]+\W*", re.IGNORECASE)
_EMPTY = re.compile(r"\W*(?:what|which)(?:['’]s| is| are| was| were| do| does)? ?(?:\w+)?\W*", re.IGNORECASE)
_PREPOSITION = re.compile(r"\b(?:in|from|of|per|see|according to|as per) ?$", re.IGNORECASE)
_NEWEST = re.compile(
    rf"(?<=\bthe )(?P<order>latest|newest|most recent|oldest|earliest) (?P<noun>{_ADJECTIVES}{_NOUN})(?=[\s?.!,]|$)",
    re.IGNORECASE,
)
_LAST_MEETING = re.compile(
    rf"(?:\b(?:in|at|of|from|during) )(?P<order>the (?:last|latest|newest|most recent)) "
    rf"(?P<noun>{_ADJECTIVES}(?:meeting|assembly))(?=[?.!,]*$|,? (?:and|about|on|regarding)\b)",
    re.IGNORECASE,
)
_WORDS = {"after": "after", "since": "since", "before": "before", "until": "until", "within": "from"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLimit:
    """The period of the documents that a question is about, and the `rest` of the question.

    `noun` is the kind of documents, "" for all. `name` names the limit for people, such as "after March 2024". If it
    is certain, the wording can mean nothing else.
    """

    period: Period
    rest: str
    name: str
    noun: str = ""
    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """A kind of documents if the newest or oldest of it is meant, and the `rest` of the question.

    The minutes of a meeting are documents with a day in their name or title.
    """

    noun: str
    rest: str
    is_newest: bool
    is_meeting: bool = False


def find_date_limit(question: str, today: date) -> DateLimit | None:
    """Find the period of documents to which the wording of a question limits it.

    >>> found = find_date_limit("Which files newer than March 2024 mention tea?", date(2025, 1, 1))
    >>> found.rest, found.name, found.period.first
    ('Which files mention tea?', 'after March 2024', '2024-04-01')
    >>> find_date_limit("How did trade develop since 2023?", date(2025, 1, 1)) is None
    True
    """
    return _by_options(question, today) or _by_noun(question, today)


def find_newest(question: str) -> Newest | None:
    """Find that a question is about the newest or oldest document of a kind.

    >>> found = find_newest("What was decided in the latest board minutes?")
    >>> found.noun, found.rest
    ('board minutes', 'What was decided in the board minutes?')
    """
    if found := _LAST_MEETING.search(question):
        rest = _tidy(question[: found.start("order")] + "the " + question[found.start("noun") :])
        return Newest(noun=found["noun"], rest=rest, is_newest=True, is_meeting=True)
    found = _NEWEST.search(question)
    if found is None or _ANY.fullmatch(found["noun"].split()[-1]):
        return None
    rest = _tidy(question[: found.start()] + found["noun"] + question[found.end() :])
    is_newest = found["order"].casefold() not in ("oldest", "earliest")
    return Newest(noun=found["noun"], rest=rest, is_newest=is_newest)


def wrong_option(question: str, today: date) -> str:
    """Return what is written as a date in an option such as `after:soon` and is none, "" if there is no such thing."""
    written = [found[1].rstrip("?.!,") for found in _ANY_OPTION.finditer(question)]
    is_date = re.compile(DATE, re.IGNORECASE).fullmatch
    return next((one for one in written if not is_date(one) or period_of(one, today) is None), "")


def _by_options(question: str, today: date) -> DateLimit | None:
    first, last, names = "", "", []
    for found in _OPTION.finditer(question):
        word = found["word"].casefold()
        period = period_of(found["date"], today)
        if period is None:
            continue
        limit = _limited("within" if word == "date" else word, period)
        first, last = max(first, limit.first), min(filter(None, [last, limit.last]), default="")
        names.append(f"{_WORDS['within' if word == 'date' else word]} {found['date']}")
    if not names:
        return None
    rest = _tidy(_OPTION.sub(" ", question))
    return DateLimit(period=Period(first=first, last=last), rest=rest, name=" and ".join(names))


def _by_noun(question: str, today: date) -> DateLimit | None:
    found = (one for pattern in (_AFTER_NOUN, _BEFORE_NOUN, _AT_END) for one in pattern.finditer(question))
    return next(filter(None, (_limit_of(question, one, today) for one in found)), None)


def _limit_of(question: str, found: re.Match[str], today: date) -> DateLimit | None:
    parts = found.groupdict()
    period = period_of(found["date"], today)
    noun = (parts.get("noun") or "").strip()
    is_any = not noun or bool(_ANY.fullmatch(noun.split()[-1]))
    is_verb = not is_any and (parts.get("within") or "").casefold() in ("in", "on", "during")
    if period is None or is_verb:  # "what did they report in 2023"
        return None
    word = next((name for name in _WORDS if parts.get(name)), "within")
    return DateLimit(
        period=_limited(word, period),
        rest=_rest(question, found),
        name=f"{_WORDS[word]} {found['date']}",
        noun="" if is_any else noun,
        is_certain=is_any and found.re is _AFTER_NOUN,
    )


def _limited(word: str, period: Period) -> Period:
    match word:
        case "after":
            return period.later
        case "before":
            return period.earlier
        case "since":
            return Period(first=period.first)
        case "until":
            return Period(last=period.last)
        case _:
            return period


def _rest(question: str, found: re.Match[str]) -> str:
    """Take the words that limit out of a question, with the documents' name if a preposition is before it."""
    start, end = found.span()
    if found.re is _AFTER_NOUN:
        rest = question[: found.start("limit")] + question[found.end("limit") :]
    elif found.re is _BEFORE_NOUN and not _PREPOSITION.search(found["prefix"]):
        rest = f"{question[:start]}{found['prefix']}the {found['noun']}{question[end:]}"
    else:
        rest = question[:start] + question[end:]
    if found.re is _BEFORE_NOUN and _EMPTY.fullmatch(rest):  # "what is in last year's notes"
        rest = f"{question[:start]}{found['prefix']}the {found['noun']}{question[end:]}"
    return _tidy(rest)


def _tidy(rest: str) -> str:
    """Close gaps, and complete what is left of "anything older than 2020" and "which minutes are from 2020"."""
    rest = re.sub(r"\s+([?.!,])", r"\1", " ".join(rest.split())).strip(" ,")
    if _LIST_ALL.fullmatch(rest):
        return "Which documents are there?"
    return f"{rest.rstrip('?')} are there?" if _WHICH.fullmatch(rest) else rest
