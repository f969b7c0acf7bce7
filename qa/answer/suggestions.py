"""An answer -> the next questions that the documents do answer, made of headings and sentences near what was cited."""

import re
from collections.abc import Iterator, Sequence

from index.types import Hit
from qa.answer.clarification import name_of
from qa.answer.followup import LONGEST_TEXT, was_quoted
from qa.answer.pipeline import Retriever, answer
from qa.types import Answer, Turn, as_turn

MOST = 3
NEARBY = 12
MOST_CHECKED = 8
NEAR = 0.15
NEAR_ELSEWHERE = 0.4
NEAR_TITLE = 0.55
LINKS = frozenset("a an and as at by for from in into of on or the to with".split())
SURE = 0.35
LONGEST = 90
FEWEST_WORDS = 6
_NOUN = r"(?P<noun>(?:[\w'’-]+ ){0,5}?[\w'’-]+)"
_DONE = r"(?P<verb>was|were) (?P<done>(?:\w+ly )?\w+(?<!vot)(?:ed|wn|en|ilt|un|ld|pt))"
_YEAR = r"(?:in|on|since) (?:[A-Z][a-z]+ )?(?:\d{1,2},? )?(?:of )?(?:the )?\d{4}s?\b"
_HAPPENED = re.compile(rf"{_NOUN} {_DONE} {_YEAR}")
_DONE_BY = re.compile(rf"{_NOUN} (?:was|were) (?P<done>\w+ed) by (?:the )?[A-Z]")
_HAS = re.compile(rf"{_NOUN} (?P<verb>has|have|had) (?:about |some |over )?\d[\d,.]* (?P<what>[a-z]+s)\b")
_STANDS = re.compile(rf"{_NOUN} (?P<verb>is|are) (?:located|situated) (?:in|at|on|near)\b")
_DEFINED = re.compile(rf"{_NOUN} (?P<verb>is|are) an? (?!highlight|example|masterpiece|part|result|number|few|lot)\w")
_VAGUE = re.compile(
    r"(?:it|he|she|they|we|you|i|this|that|these|those|there|here|what|which|who|one|each|both|another|other|such|its"
    r"|his|her|their|our|my|in|on|at|by|for|with|from|if|when|while|as|since|because|although|after|before|but|and|however|most|many"
    r"|some|all|only|also|an?|the (?:first|second|last|next|other|same|following|latter|former|reason|most)) "
    r"|.* (?:who|that|which|of|and|or|but|as|is|are|not|to) ",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?:who|whom|what|when|where|why|which|how|whether)\b", re.IGNORECASE)
_OWN = re.compile(r"['’]s$")
_ASKS = re.compile(rf"(?:{_CLAUSE.pattern} )?(?:can|do|does|did|is|are|was|were|should|will) ", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:introduction|overview|contents|summary|abstract|conclusions?|references|notes?|see also|index|preface|name"
    r"|appendix|examples?|description|synopsis|options?|links?|external links|bibliography|copyright|license|about"
    r"|home|news|menu|search|contact(?: us)?|footer|table of contents|further reading|miscellaneous|other)\W*$"
    r"|.*(?:[|,;:/_•·»]| [-–—] |\b(?:you|your|we|our|us)\b)",
    re.IGNORECASE,
)

_WHAT = "What {verb} {noun}?"
_FORMS = (
    (_HAPPENED, "When {verb} {noun} {done}?"),
    (_DONE_BY, "Who {done} {noun}?"),
    (_HAS, "How many {what} {does} {noun} have?"),
    (_STANDS, "Where {verb} {noun}?"),
    (_DEFINED, _WHAT),
)
_DOES = {"has": "does", "have": "do", "had": "did"}


def suggest(reply: Answer, turns: Sequence[Turn], retriever: Retriever) -> tuple[str, ...]:
    """Up to three questions to ask next, none asked before, each answered by the passage that it was made of with
    something that was not yet quoted. `turns` are those before the reply.
    """
    said = [*turns, as_turn(reply)]
    used = {_key(turn.question) for turn in said} | {_key(reply.follows)}
    found: list[str] = []
    sources: set[Hit] = set()
    checked = 0
    for question, hit in _candidates(reply, said, retriever):
        if _key(question) in used or hit in sources:
            continue
        used.add(_key(question))
        checked += 1
        if _is_answered(question, hit, said, retriever):
            found.append(question)
            sources.add(hit)
        if len(found) == MOST or checked == MOST_CHECKED:
            break
    return tuple(found)


def _candidates(reply: Answer, said: Sequence[Turn], retriever: Retriever) -> Iterator[tuple[str, Hit]]:
    """Questions with the passage that each is made of: of the passages nearest to what was quoted, first those about
    single sentences that were not, then those about whole sections that were not cited."""
    near = retriever.search(reply.text[:LONGEST_TEXT], NEARBY).hits
    cited = {(citation.passage.path, citation.passage.section) for citation in reply.citations}
    documents = {path for path, _ in cited}
    for hit in near:
        if hit.similarity < (NEAR if hit.passage.path in documents else NEAR_ELSEWHERE):
            continue
        for sentence in hit.sentences:
            text = " ".join(hit.passage.quote(sentence.start, sentence.end).split())
            question = question_of(text, hit.passage.text, " ".join([*hit.passage.section, hit.passage.path]))
            if question and not was_quoted(hit, sentence, said):
                yield question, hit
        is_title = len(hit.passage.section) == 1 and hit.passage.path not in documents
        if is_title and hit.similarity < NEAR_TITLE:
            continue
        if hit.passage.section and (hit.passage.path, hit.passage.section) not in cited:
            question = question_about(name_of(hit.passage), hit.passage.text)
            if question:
                yield question, hit


def question_of(sentence: str, text: str, title: str = "") -> str:
    """A question that a sentence of a text answers, "" if none is known to, or it would ask what the title is.

    >>> question_of("The bridge was opened in 1911.", "")
    'When was the bridge opened?'
    """
    if len(sentence.split()) < FEWEST_WORDS:
        return ""
    for pattern, form in _FORMS:
        found = pattern.match(sentence)
        if found and not _VAGUE.match(f"{found['noun']} "):
            noun, verb = _in_running_text(found["noun"], text), found.groupdict().get("verb", "")
            if form is _WHAT and not _can_be_defined(noun, verb, title):
                return ""
            return form.format(**(found.groupdict() | {"noun": noun, "does": _DOES.get(verb, "")}))
    return ""


def _can_be_defined(noun: str, verb: str, title: str) -> bool:
    """Whether to ask what something is: it is no name of several words, agrees with its verb, and is not the title."""
    is_name, is_many = noun[0].isupper() and " " in noun, bool(re.search(r"[^su]s$", noun))
    return not is_name and is_many == (verb == "are") and noun.casefold() not in title.casefold()


def question_about(heading: str, text: str) -> str:
    """A question about the section under a heading, "" if the heading says too little.

    >>> question_about("Why tea matters", "Tea matters."), question_about("Green Tea", "We sell green tea.")
    ('Can you tell me why tea matters?', 'What about green tea?')
    """
    if not heading or _GENERIC.match(heading) or len(heading) > LONGEST:
        return ""
    if heading.endswith("?") or _ASKS.match(heading):
        return f"{heading.rstrip('?')}?"
    heading = heading.lower() if heading.isupper() else heading
    first, *others = heading.split()
    is_name = re.search(rf"[a-z,] {re.escape(re.sub(_OWN, '', first))}\b", text)
    if first[1:].islower() and not is_name and any(word.islower() and word not in LINKS for word in others):
        heading = f"{first.lower()} {' '.join(others)}"
    said = _in_running_text(heading, text)
    return f"Can you tell me {said[0].lower()}{said[1:]}?" if _CLAUSE.match(heading) else f"What about {said}?"


def _in_running_text(words: str, text: str) -> str:
    """Words as they would stand inside a sentence: without the capitals that a text does not give them there."""
    small = set(re.findall(r"\b[a-z][\w'’-]*", text)) | {"the", "a", "an"}
    return " ".join(
        word.lower() if word.istitle() and {word.lower(), word.lower().removesuffix("s")} & small else word
        for word in words.split()
    )


def _is_answered(question: str, hit: Hit, said: Sequence[Turn], retriever: Retriever) -> bool:
    reply = answer(question, retriever, turns=said)
    if not isinstance(reply, Answer) or reply.confidence < SURE:
        return False
    first = reply.citations[0]
    place = (first.passage.path, first.passage.section)
    given = {(path, start) for turn in said for path, start, _ in turn.places}
    return place == (hit.passage.path, hit.passage.section) and (first.passage.path, first.start) not in given


def _key(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))
