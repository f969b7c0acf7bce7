"""Suggest the next questions, made of headings and sentences near what was cited, each answered by the documents."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from index.types import Hit, Passage
from qa.answer.clarification import name_of
from qa.answer.followup import MAX_CONTEXT_CHARACTERS, was_quoted
from qa.answer.noun_phrases import MIN_WORDS, in_running_text, is_vague
from qa.answer.pipeline import Retriever, answer
from qa.answer.sentence_questions import question_for
from qa.types import Answer, Turn, as_turn

MAX_SUGGESTIONS = 3
MAX_CHECKED = 8
MAX_NEARBY = 12
MIN_SIMILARITY = 0.15
MIN_SIMILARITY_ELSEWHERE = 0.4
MIN_TITLE_SIMILARITY = 0.55
MIN_CONFIDENCE = 0.48  # well above the threshold of an answer
MAX_CHARACTERS = 90
LINKS = frozenset("a an and as at by for from in into of on or the to with".split())


def gerund(verb: str) -> str:
    """Return the -ing form of a verb.

    >>> gerund("use"), gerund("set"), gerund("see"), gerund("install"), gerund("open")
    ('using', 'setting', 'seeing', 'installing', 'opening')
    """
    if verb.endswith("e") and not verb.endswith("ee"):
        return f"{verb[:-1]}ing"
    is_doubled = re.fullmatch(r"[^aeiou]*[aeiou][bgmnpt]|submit", verb)
    return f"{verb}{verb[-1]}ing" if is_doubled else f"{verb}ing"


_NOUN = r"(?P<noun>(?:[\w'’-]+ ){0,5}?[\w'’-]+)"
_DONE = r"(?P<verb>was|were) (?P<done>(?:\w+ly )?\w+(?<!vot)(?:ed|wn|en|ilt|un|ld|pt))"
_YEAR = r"(?:in|on|since) (?:[A-Z][a-z]+ )?(?:\d{1,2},? )?(?:of )?(?:the )?\d{4}s?\b"
_HAPPENED = re.compile(rf"{_NOUN} {_DONE} {_YEAR}")
_DONE_BY = re.compile(rf"{_NOUN} (?:was|were) (?P<done>\w+ed) by (?:the )?[A-Z]")
_HAS = re.compile(rf"{_NOUN} (?P<verb>has|have|had) (?:about |some |over )?\d[\d,.]* (?P<what>[a-z]+s)\b")
_LASTS = re.compile(
    rf"{_NOUN} (?P<long>lasts?|takes?) (?:about |around |up to |at most |at least )?"
    r"(?:\d|one|two|three|four|five|six|ten)[\w.,–-]*"
    r" (?:second|minute|hour|day|week|month|year)s?\b"
)
_COSTS = re.compile(rf"{_NOUN} (?P<cost>costs?) (?:about |around |up to |only )?[$€£]?\d")
_STANDS = re.compile(rf"{_NOUN} (?P<verb>is|are) (?:located|situated) (?:in|at|on|near)\b")
_DEFINED = re.compile(rf"{_NOUN} (?P<verb>is|are) an? (?!highlight|example|masterpiece|part|result|number|few|lot)\w")
EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")
_CLAUSE = re.compile(r"(?:who|whom|what|when|where|why|which|how|whether)\b", re.IGNORECASE)
_OWN = re.compile(r"['’]s$")
_ASKS = re.compile(rf"(?:{_CLAUSE.pattern} )?(?:can|do|does|did|is|are|was|were|should|will) ", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:introduction|documents?|files?|faqs?|(?:frequently asked |common )?questions(?: (?:and|&) answers)?|read ?me"
    r"|summary|about .*"
    r"|overview|contents|summary|abstract|conclusions?|references|notes?|see also|index|preface|name"
    r"|appendix|examples?|description|synopsis|options?|links?|external links|bibliography|copyright|license|about"
    r"|home|news|menu|search|contact(?: us)?|footer|table of contents|further reading|miscellaneous|other)\W*$"
    r"|.*(?:[|,;:/_•·»]| [-–—] |\b(?:you|your|we|our|us)\b)",
    re.IGNORECASE,
)

_IN_CASE = re.compile(r"in case of (?=\w)", re.IGNORECASE)
_HOW_TO = re.compile(r"how to (?=\w)", re.IGNORECASE)
_IMPERATIVES = (
    "add apply ask backup book build cancel change check choose claim clean configure connect convert copy create debug"
    " delete disable download edit enable export file find fix flush format get import install join make manage mount"
    " move open order pack pay pick prepare print publish read recover register remove rename renew replace report"
    " request reset restore return run save schedule search see send set share start stop store submit test uninstall"
    " update upgrade upload use verify view write brew bake"
).split()
_ALSO_NOUNS = frozenset(
    "backup book build change check claim copy debug export file find fix format import mount move order pack pay pick"
    " print report request reset return run schedule search set share start stop store test update upgrade upload use"
    " view brew".split()
)
_DETERMINER = re.compile(r"(?:an?|the|your|my|our|this|all|new|up|in|from|with)\b", re.IGNORECASE)
_VERBS = {verb: verb for verb in _IMPERATIVES} | {gerund(verb): verb for verb in _IMPERATIVES}
_WHAT = "What {verb} {noun}?"
_FORMS = (
    (_HAPPENED, "When {verb} {noun} {done}?"),
    (_DONE_BY, "Who {done} {noun}?"),
    (_LASTS, "How long {does} {noun} {long}?"),
    (_COSTS, "How much {does} {noun} cost?"),
    (_HAS, "How many {what} {does} {noun} have?"),
    (_STANDS, "Where {verb} {noun}?"),
    (_DEFINED, _WHAT),
)
_DOES = {"has": "does", "have": "do", "had": "did"}


def suggest(reply: Answer, turns: Sequence[Turn], retriever: Retriever) -> tuple[str, ...]:
    """Return up to three questions to ask next, none asked before, each answered by the passage that it was made from
    with something that was not yet quoted. `turns` are those before the reply.
    """
    asked = [*turns, as_turn(reply)]
    used = {_key(turn.question) for turn in asked} | {_key(reply.follows)}
    found: list[str] = []
    sources: set[Hit] = set()
    checked = 0
    for question, hit in _candidates(reply, asked, retriever):
        if _key(question) in used or hit in sources:
            continue
        used.add(_key(question))
        checked += 1
        if _is_answered(question, hit, asked, retriever):
            found.append(question)
            sources.add(hit)
        if len(found) == MAX_SUGGESTIONS or checked == MAX_CHECKED:
            break
    return tuple(found)


def one_per_group(passages: Sequence[Passage]) -> list[Passage]:
    """Order passages so that one of each group of documents comes first, then a second of each, and so on.

    A group is a folder, or a document that is in none. The group of most documents comes first.
    """
    groups: dict[str, list[Passage]] = {}
    for passage in passages:
        groups.setdefault(passage.path.partition("/")[0], []).append(passage)
    by_size = sorted(groups.values(), key=lambda group: len({passage.path for passage in group}), reverse=True)
    return [passage for round_ in zip_longest(*by_size) for passage in round_ if passage]


def _candidates(reply: Answer, asked: Sequence[Turn], retriever: Retriever) -> Iterator[tuple[str, Hit]]:
    """Yield questions with the passage that each is made from, those of the passages nearest to what was quoted first.

    The questions that sentences answer come before those of headings, and bare topics come last.
    """
    cited = {(citation.passage.path, citation.passage.section) for citation in reply.citations}
    documents = {path for path, _ in cited}
    of_headings: list[tuple[str, Hit]] = []
    for hit in retriever.search(reply.text[:MAX_CONTEXT_CHARACTERS], MAX_NEARBY).hits:
        is_elsewhere = hit.passage.path not in documents
        if hit.similarity < (MIN_SIMILARITY_ELSEWHERE if is_elsewhere else MIN_SIMILARITY):
            continue
        for question in _sentence_questions(hit, asked):
            yield question, hit
        if (hit.passage.path, hit.passage.section) not in cited:
            question = _section_question(hit, is_elsewhere)
            if question:
                of_headings.append((question, hit))
    yield from sorted(of_headings, key=lambda one: not one[0].endswith("?"))


def _section_question(hit: Hit, is_elsewhere: bool) -> str:
    """Return a question about the section of a hit; "" if it has none, or is a whole document on something else."""
    is_document = is_elsewhere and len(hit.passage.section) == 1
    if not hit.passage.section or (is_document and hit.similarity < MIN_TITLE_SIMILARITY):
        return ""
    question = question_about(name_of(hit.passage), hit.passage.text)
    is_word = " " not in question and len(hit.passage.section) > 1  # "Update" says too little, "Sabbatical" is a title
    return "" if is_word else question


def _sentence_questions(hit: Hit, asked: Sequence[Turn]) -> Iterator[str]:
    """Yield the questions that the sentences of a hit answer, unless they were quoted."""
    title = " ".join([*hit.passage.section, hit.passage.path])
    for sentence in hit.sentences:
        text = EMPHASIS.sub("", " ".join(hit.passage.quote(sentence.start, sentence.end).split()))
        question = question_for(text, hit.passage.text) or question_of(text, hit.passage.text, title)
        if question and not was_quoted(hit, sentence, asked):
            yield question


def question_of(sentence: str, text: str, title: str = "") -> str:
    """Return a question that a sentence of a text answers; "" if none is known, or it would ask what the title is.

    >>> question_of("The bridge was opened in 1911.", "")
    'When was the bridge opened?'
    """
    if len(sentence.split()) < MIN_WORDS:
        return ""
    for pattern, form in _FORMS:
        found = pattern.match(sentence)
        if found and not is_vague(found["noun"]):
            noun, verb = in_running_text(found["noun"], text), found.groupdict().get("verb", "")
            if form is _WHAT and not _can_be_defined(noun, verb, title):
                return ""
            named = found.groupdict() | {"noun": noun, "does": _DOES.get(verb, "")}
            if acts := named.get("long") or named.get("cost"):
                named |= {"does": "does" if acts.endswith("s") else "do", "long": acts.removesuffix("s")}
            return form.format(**named)
    return ""


def _can_be_defined(noun: str, verb: str, title: str) -> bool:
    """Say whether to ask what something is: it is no name of several words and not the title, and fits its verb."""
    is_name, is_many = noun[0].isupper() and " " in noun, bool(re.search(r"[^su]s$", noun))
    return not is_name and is_many == (verb == "are") and noun.casefold() not in title.casefold()


def question_about(heading: str, text: str) -> str:
    """Return a question about the section under a heading, or its bare topic; "" if the heading says too little.

    >>> question_about("What is tea", ""), question_about("Brew the tea", ""), question_about("Green Tea", "")
    ('What is tea?', 'How do I brew the tea?', 'Green Tea')
    """
    if not heading or _GENERIC.match(heading) or len(heading) > MAX_CHARACTERS:
        return ""
    if heading.endswith("?") or _ASKS.match(heading):
        return f"{heading.rstrip('?')}?"
    if found := _IN_CASE.match(heading):
        return f"What do I do in case of {in_running_text(heading[found.end() :], text)}?"
    heading = _with_small_first_word(heading.lower() if heading.isupper() else heading, text)
    if task := _task(heading):
        return f"How do I {in_running_text(task, text)}?"
    return _capitalised(in_running_text(heading, text))


def _task(heading: str) -> str:
    """Return what a heading tells to do, as a verb and what follows; "" if it does not.

    >>> _task("Installing packages"), _task("How to reset a password"), _task("Update"), _task("Backup strategy")
    ('install packages', 'reset a password', '', '')
    """
    if found := _HOW_TO.match(heading):
        return f"{heading[found.end()].lower()}{heading[found.end() + 1 :]}"
    first, _, others = heading.partition(" ")
    verb = _VERBS.get(first.casefold(), "")
    if verb == first.casefold() in _ALSO_NOUNS and not _DETERMINER.match(others):
        return ""  # "Backup strategy" is a thing
    is_cut = others.startswith(("of ", "and ", "or ")) or others.rpartition(" ")[2] in LINKS  # "Schedule A"
    return f"{verb} {others}" if verb and others and not is_cut else ""


def _with_small_first_word(heading: str, text: str) -> str:
    """Return a heading with a small first letter if it is written as a sentence and does not start with a name."""
    first, *others = heading.split()
    is_name = re.search(rf"[a-z,] {re.escape(_OWN.sub('', first))}\b", text)
    if first[1:].islower() and not is_name and any(word.islower() and word not in LINKS for word in others):
        return f"{first.lower()} {' '.join(others)}"
    return heading


def _capitalised(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _is_answered(question: str, hit: Hit, asked: Sequence[Turn], retriever: Retriever) -> bool:
    """Say whether the passage that a question was made from answers it with a new quote."""
    reply = answer(question, retriever, turns=asked)
    if not isinstance(reply, Answer) or reply.confidence < MIN_CONFIDENCE:
        return False
    first = reply.citations[0]
    place = (first.passage.path, first.passage.section)
    quoted = {(path, start) for turn in asked for path, start, _ in turn.places}
    return place == (hit.passage.path, hit.passage.section) and (first.passage.path, first.start) not in quoted


def _key(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))
