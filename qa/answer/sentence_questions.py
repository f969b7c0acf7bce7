"""Turn a sentence into the question that it answers: how many, how much, how often, when or what (pure)."""

import re
from dataclasses import dataclass

from qa.answer.noun_phrases import MIN_WORDS, in_running_text, is_vague

MAX_SENTENCE_CHARACTERS = 300
MIN_ASKED_WORDS = 5
MAX_ASKED_WORDS = 14
_BASES = (
    "accept:accepted access:accessed advocate for:advocated for allow:allowed contain:contained consist of:consisted of"
    " cost:cost cover:covered depend on:depended on earn:earned focus on:focused on get:got have:had hold:held"
    " include:included need:needed offer:offered oppose:opposed pay:paid provide:provided receive:received"
    " request:requested require:required support:supported take:took use:used"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """How a verb's form stands in a question: "does it have" for "it has"."""

    auxiliary: str
    base: str


def _verbs() -> dict[str, Verb]:
    found: dict[str, Verb] = {}
    for entry in re.findall(r"[a-z ]+?:[a-z]+(?: (?:for|of|on))?(?= |$)", _BASES):
        base, _, past = entry.strip().partition(":")
        first, _, link = base.partition(" ")
        third = "has" if first == "have" else f"{first}s"
        found |= {past: Verb(auxiliary="did", base=base), base: Verb(auxiliary="do", base=base)}
        found[f"{third} {link}".strip()] = Verb(auxiliary="does", base=base)
    return found


_VERBS = _verbs()
_MODAL = r"(?P<modal>can|may|must|should|will)"
_LED = r"(?:(?:After|During|Following|In|At|From|Under|With|For|As) [^,.;:]{3,60}, )?"
_NOUN = r"(?P<noun>(?:[\w'’–-]+ ){0,6}?[\w'’–-]+)"
_VERB = rf"(?P<verb>{'|'.join(sorted(_VERBS, key=len, reverse=True))})"
_LISTED = ("include", "advocate for", "consist of", "depend on", "focus on", "require", "oppose", "cover")
_LISTING = "|".join(
    form
    for form, verb in _VERBS.items()
    if verb.base in _LISTED and form not in ("required", "covered")  # as in "the form required"
)
_NUMBER = (
    r"(?:a (?:total|maximum|minimum) of |about |around |up to |at (?:least|most) |only |exactly |more than )?"
    r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)\+?"
)
_END = (
    r"(?=[.,;:(–]|$"
    r"| (?:and|or|that|which|if|when|where|before|after|from|by|at|on|in|as|with|during|per|each|every|an?)\b)"
)
_WORDS = r"[A-Za-z][\w’'-]*(?: [A-Za-z][\w’'-]*){0,4}?"
_REST = rf"(?P<rest> (?:of|to|for|per) {_WORDS}){_END}"
_THINGS = r"(?P<things>(?:[a-z]+ ){0,2}?[a-z]+s)\b(?! [a-z]+s\b)"
_EVERY = r"(?:every|once a|twice a|once every|at least (?:once|twice)) "
_MONEY = r"(?:[$€£]\d[\d,.]*(?: [a-z]+)?|\d[\d,.]* ?(?:€|EUR|euros?|dollars?|pounds?))"
_SPAN = r"(?:\d[\d,.]*|one|two|three|four|five|six|ten) (?:second|minute|hour|day|week|month|year)s?\b"
_DONE = r"(?P<done>\w*(?:ed|en|sent|paid|made|kept|built|held|read|put))"
_FORMS = (
    (
        rf"{_LED}{_NOUN} {_MODAL} {_VERB} {_NUMBER} {_THINGS}{_REST}",
        "How many {things}{rest} {modal} {noun} {base}{aim}?",
    ),
    (rf"{_LED}{_NOUN} {_VERB} {_NUMBER} {_THINGS}{_REST}", "How many {things}{rest} {auxiliary} {noun} {base}{aim}?"),
    (
        rf"{_LED}{_NOUN} {_VERB} (?:an? |about |up to |only )?{_MONEY}{_REST}",
        "How much {auxiliary} {noun} {base}{rest}?",
    ),
    (rf"{_LED}{_NOUN} {_MODAL} be {_DONE} (?:at least )?{_EVERY}", "How often {modal} {noun} be {done}?"),
    (rf"{_LED}{_NOUN} (?P<modal>is|are|was|were) {_DONE} {_EVERY}", "How often {modal} {noun} {done}?"),
    (rf"(?P<act>[A-Z][a-z]+) (?P<noun>(?:the|your|all) [a-z ]{{2,30}}?) {_EVERY}", "How often should I {act} {noun}?"),
    (
        rf"{_NOUN} (?:has|have) an? (?P<act>guarantee|warranty|notice period|trial period|limit) of {_SPAN}",
        "How long is the {act} of {noun}?",
    ),
    (
        rf"{_LED}{_NOUN} (?P<modal>is|are) (?P<done>open|closed) (?:from|on|in|between|until) ",
        "When {modal} {noun} {done}?",
    ),
    (
        rf"{_LED}{_NOUN} (?P<act>arrives|begins|starts|ends|expires|opens|closes|leaves) (?:on|in|at|after) ",
        "When does {noun} {act}?",
    ),
    (
        rf"{_LED}{_NOUN} (?P<modal>must|should|has to|have to) be {_DONE} (?:within|no later than|by|before) [^,.]*\d",
        "When {modal} {noun} be {done}?",
    ),
    (rf"{_LED}(?P<noun>[^,]{{4,60}}), {_DONE} (?:in|on) [^,]*\d{{4}}, \w+", "When was {noun} {done}?"),
    (rf"(?P<noun>[A-Z][^,.;:]{{2,70}}?) (?P<verb>{_LISTING}) (?!\d)\w", "What {auxiliary} {noun} {base}?"),
)
_PATTERNS = tuple((re.compile(pattern), form) for pattern, form in _FORMS)
_SELF = {"you": "I", "we": "we", "i": "I"}
_OTHER = re.compile(r"\b(?:you|they|it|them|this|these|those|that|he|she|his|her|their|its|such)\b", re.IGNORECASE)
_PLURAL = re.compile(r"[^su]s$|\band\b|^(?:I|we)$")
_BETWEEN = re.compile(r"\bbetween [\w’'-]+ and [\w’'-]+", re.IGNORECASE)
_NO_NOUN = re.compile(
    r"\b(?:and|or|who|which|what|how|whether|as|is|are|was|were|be|to|not|please|make|must|may|can|should|will|would"
    r"|shall|has|have|had|every|each|any)\b|\W-|-\W",
    re.IGNORECASE,
)
_OTHER_THINGS = re.compile(r"[?,]|\b(?:they|it|them|this|these|those|that|such|here)\b", re.IGNORECASE)
_PRECISE = re.compile(r"(?:what|who) (?:is|are) |how do I |(?:is|are|can|do) ", re.IGNORECASE)
_ASKED = re.compile(
    r"(?:who|what|when|where|why|which|how|can|could|do|does|did|is|are|was|were|may|must|should|will|has|have)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\W*(?:(?:(?:Q|Question|Frage)\s*)?\d*\s*[:.)]\s*)?\W*")


def question_for(sentence: str, text: str) -> str:
    """Return the question that a sentence of a text answers with a number, a date or a list; "" if none is known.

    >>> question_for("Employees get 20 days of paid vacation each year.", "employees")
    'How many days of paid vacation do employees get?'
    >>> question_for("The chain should be oiled every 300 kilometres.", "")
    'How often should the chain be oiled?'
    >>> question_for("Oil the chain every 300 kilometres.", ""), question_for("The shop is closed on all Sundays.", "")
    ('How often should I oil the chain?', 'When is the shop closed?')
    """
    if len(sentence.split()) < MIN_WORDS or len(sentence) > MAX_SENTENCE_CHARACTERS:
        return ""
    matches = ((pattern.match(sentence), form) for pattern, form in _PATTERNS)
    return next((_asked(found.groupdict(), form, text) for found, form in matches if found), "")


def _asked(groups: dict[str, str | None], form: str, text: str) -> str:
    noun = _subject(groups["noun"] or "", text)
    rest = re.sub(r"\byour\b", "my", groups.get("rest") or "")
    verb = _VERBS.get(groups.get("verb") or "", Verb(auxiliary="", base=""))
    is_odd = verb.auxiliary == "do" and not _PLURAL.search(noun)  # "the agency includes" and "agencies include" only
    if not noun or _OTHER.search(rest) or is_odd:
        return ""
    aim = rest if rest.startswith(" to ") and "{aim}" in form else ""
    act = (groups.get("act") or "").lower()
    act = act.removesuffix("s") if "does" in form else act
    words = {
        "noun": noun,
        "act": act,
        "rest": rest.removeprefix(aim),
        "aim": aim,
        "base": verb.base,
        "auxiliary": verb.auxiliary,
    }
    return form.format(**(groups | words))


def asked_question(line: str) -> str:
    """Return a line of a list of questions as the question that it asks; "" if it asks none that is complete.

    >>> asked_question("**Q: Can I take a bicycle?**"), asked_question("Or $2 million?"), asked_question("Why?")
    ('Can I take a bicycle?', '', '')
    """
    question = _LABEL.sub("", line).rstrip("*_ ")
    words = len(question.split())
    is_right_length = (4 if _PRECISE.match(question) else MIN_ASKED_WORDS) <= words <= MAX_ASKED_WORDS
    is_asked = question.endswith("?") and _ASKED.match(question) and is_right_length
    return question if is_asked and not _OTHER_THINGS.search(question[:-1]) else ""


def _subject(noun: str, text: str) -> str:
    """Return the subject of a sentence as it stands in a question; "" if it does not say what it is."""
    if noun.casefold() in _SELF:
        return _SELF[noun.casefold()]
    if is_vague(_BETWEEN.sub("between", noun)) or _NO_NOUN.search(_BETWEEN.sub("", noun)) or _OTHER.search(noun):
        return ""
    subject = in_running_text(noun, text)
    first = subject.partition(" ")[0]
    is_known = not first.istitle() or re.search(rf"[\w,] {re.escape(first)}\b", text)
    return subject if is_known else ""  # the first word of a sentence may be a name or not
