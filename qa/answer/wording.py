"""Read from a question's wording whether it depends on the conversation (pure)."""

import re
from typing import Literal

Dependence = Literal["continues", "refers", "fragment", "none"]

MAX_BARE_WORDS = 3
MIN_DETAILS = 2
MAX_FRAGMENT_WORDS = 10

_POLITE = r"(?:(?:ok(?:ay)?|yes|please|and|well|can you|could you|i want to|i would like to|i['’]d like to)[ ,]+)*"
_MORE = re.compile(
    rf"{_POLITE}(?:(?:tell|show|give) (?:me|us) (?:some |a (?:bit|little) )?more|(?:say|know|learn|hear) (?:some )?more"
    r"|more|go on|continue|keep going|what else|anything else|elaborate|next)"
    r"(?: (?:details?|information|info))?(?: (?:on|about) (?:it|that|this|them))?(?:[ ,]+please)?\W*",
    re.IGNORECASE,
)
_WHERE = re.compile(
    rf"{_POLITE}(?:(?:show me )?where (?:does|do|did|is|was|are|were) (?:it|that|this|they|you|the documents?)"
    r"(?: (?:say|said|written|stated|stand|find|get|found|mentioned|come|from|read))+(?: (?:it|that|this|so|from))*"
    r"|show me where|says who|who says(?: that| so)?|(?:what is |what['’]s )?(?:the|your) source(?: of that)?|source"
    r"|(?:which|what) (?:document|file|page) (?:is|was) (?:that|this|it) (?:from|in|on))\W*",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"(?:(?:no|nope|sorry|oops|wait|actually)[ ,.!:]+)*"
    r"(?:i (?:mean|meant)|(?:i was|i am|i['’]m) (?:asking|talking) about)(?: to (?:say|ask))?[ ,:]+"
    r"|no[,.!:]+ (?=(?:the|about|in|for|on|not) )",
    re.IGNORECASE,
)
_OTHER_SUBJECT = re.compile(
    r"\W*(?:(?:ok(?:ay)?|right|so|and|now|well)\W+)*(?:(?:a|an|on a|just a) )?"
    r"(?:(?:completely|totally|very) )?(?:different|another|new|unrelated|separate|other)"
    r" (?:thing|question|topic|subject|matter|one)(?: (?:now|then))?\W+(?=\w)",
    re.IGNORECASE,
)
_COMPLETE = re.compile(
    r"(?:who|what|when|where|why|which|how|is|are|was|were|do|does|did|can|could)\b(?:\W+\w+){3}", re.IGNORECASE
)
_RETURNS = re.compile(
    r"\W*(?:(?:ok(?:ay)?|so|and|now|well)\W+)*(?:(?:going |coming |to go )?back to|returning to|(?:to )?return to)\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"\W*(?:(?:and|but|so|or|then|ok|okay|no|yes|what about|how about|what if|what else|anything else|any others?)\b"
    r"|(?:why|why not|how come|how so|how|when|where|who|since when|really)\W*$)"
    r"|(?:\W*\w+){1,8}? (?:then|instead|as well|either|too|otherwise|meanwhile)\W*$|.*\w meanwhile\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:this|these|those)\b"
    r"(?! (?:year|month|week|morning|days?|documents?|folder|files?|texts?|pages?|manual|book)\b)",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|such|this|these|those)\b|^\W*that\b"
    r"|\b(?:about|of|for|with|by|do|does|did|like|than|after|before|mean|to|in|on|is|was|are|were) that\W*$"
    r"|\bthat (?:time|year|day|place)\b|\b(?:there|one|ones)\W*$|\b(?:which|other|first|second|last|next|same) ones?\b"
    r"|\bthe (?:former|latter|others?)\b|\bthe same(?= (?:for|in|with|go|goes|true|apply|applies)\b|\W*$)"
    r"|\bthe \w+ ones?\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\b(?:(?:is|was|be) it \w+ (?:that|to|for)|it (?:is|was|be) \w+ (?:that|to|for)"
    r"|(?:does|did) it (?:mean|take|cost)(?: \w+)? (?:for|to))\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=\w )[A-Z]\w|[A-Z]{2}|\w: ")
_CLAUSE = re.compile(
    r"[.,;:?!)]\s| [-–—] |\b(?:and|but|so|because|before|after|when|if|while|until|or|since|although|where|that)\b",
    re.IGNORECASE,
)
_THEIR = re.compile(r"(?:its|their|theirs|his|hers?)$", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:they|them|their)\b", re.IGNORECASE)
_ASKER = re.compile(r"\b(?:i|me|my|mine|we|us|our|ours)\b", re.IGNORECASE)
_ELLIPTICAL = re.compile(
    r"\W*(?:what|which|how \w+)(?: (?!is |are |do |does |did |was |were |can )\w+){0,2}"
    r" (?:for|in|on|at|to|from|with|after|before|by|until|per)(?: \w+){1,3}\W*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\W*(?:(?:who|what|when|where|why|how)['’]?s|who|whom|whose|what|when|where|why|which|how|is|are|was|were|do|does"
    r"|did|can|could|may|should|will|would|has|have|am)\b",
    re.IGNORECASE,
)
# What a question may hold without naming what it is about.
_COMMON_WORDS = frozenset(
    "a about after again ago ahead all allowed also always am an and any anyone anything are as ask at back be because"
    " been before being best by call can cant cause change come cost could day days did different do does doesnt done"
    " dont else enough ever every everyone far fast find first for from get give go goes going got happen happened"
    " happens happening has have having he her here him his hour hours how i if in into is isnt it its keep know last"
    " late later least less let like long look made make many may me mean minute minutes month months more most much"
    " must my myself need needed needs never new no not now of off often old on once one only or other our out over pay"
    " people permission person possible put reason right said same say see should so someone something soon start still"
    " sure take takes tell than that the their them then there these they thing things this those time times to too"
    " until up us use used useful wait want was way we week weeks went were what whats when where which while who whom"
    " whose why will with without wont work would year years yet you your".split()
)


def without_correction(question: str) -> str:
    """Return a question without the words that say that it corrects the last one.

    >>> without_correction("no, I meant the port")
    'the port'
    """
    correction = _CORRECTION.match(question)
    return (correction and question[correction.end() :].strip()) or question


def without_new_subject(question: str) -> str:
    """Return a question without the words that announce another subject.

    >>> without_new_subject("ok different thing: how is tea made?")
    'how is tea made?'
    """
    return _OTHER_SUBJECT.sub("", question, count=1)


def asks_for_more(question: str) -> bool:
    """Say whether a question asks for more of the last answer."""
    return bool(_MORE.fullmatch(question.strip()))


def asks_for_source(question: str) -> bool:
    """Say whether a question asks where the last answer comes from."""
    return bool(_WHERE.fullmatch(question.strip()))


def is_complete(question: str) -> bool:
    """Say whether a question has a question word and three other words."""
    return bool(_COMPLETE.match(question))


def returns_to_subject(question: str) -> bool:
    """Say whether a question goes back to an earlier subject that it names."""
    return bool(_RETURNS.match(question))


def dependence(question: str) -> Dependence:
    """Say how a question's wording depends on the conversation: it continues, has a pronoun without an antecedent, or
    is a fragment that names no subject.

    >>> dependence("And the port?"), dependence("Who paid for it?"), dependence("how far ahead")
    ('continues', 'refers', 'fragment')
    >>> dependence("When did Genghis Khan leave his tents?")
    'none'
    """
    if is_continuing(question):
        return "continues"
    if refers(question):
        return "refers"
    return "fragment" if _is_fragment(question) else "none"


def is_continuing(question: str) -> bool:
    """Say whether a question opens or ends with a word that continues: "and", "what about", "instead"."""
    return bool(_CONTINUES.match(question)) or returns_to_subject(question)


def is_bare_topic(question: str) -> bool:
    """Say whether a question is one to three words without a question in them."""
    return len(question.split()) <= MAX_BARE_WORDS and not _ASKS.match(question)


def refers(question: str, within: int | None = None) -> bool:
    """Say whether a question, or the first words of it, has a pronoun without an antecedent.

    >>> refers("Who paid for it?"), refers("How do I shape the dough before it rises?")
    (True, False)
    """
    opening = " ".join(question.split()[:within])
    if _EXPLETIVE.search(question):
        return False
    return any(not _has_antecedent(opening[: found.start()], found[0]) for found in _REFERS.finditer(opening))


def means_those_in_charge(question: str) -> bool:
    """Say whether "they" can be an employer, a landlord or another who decides: the question is about the one who asks,
    and no other word needs an antecedent.

    >>> means_those_in_charge("Can they fire me without notice?"), means_those_in_charge("How do I open it?")
    (True, False)
    """
    return bool(_ASKER.search(question)) and refers(question) and not refers(_OTHERS.sub("people", question))


def _has_antecedent(before: str, pronoun: str) -> bool:
    """Say whether the words before a pronoun hold a name, or, in another clause, a subject."""
    if _NAME.search(before):
        return True
    if _THEIR.match(pronoun):
        return bool(re.search(r"\b(?:people|someone|anyone|everyone|somebody)\b", before)) or bool(_own_words(before))
    ends = [found.start() for found in _CLAUSE.finditer(f"{before} ")]
    return bool(ends) and bool(_own_words(before[: ends[-1]]))


def names_subject(question: str) -> bool:
    """Say whether a question has a word that can name what it is about.

    >>> names_subject("how long does that take"), names_subject("and the oven?")
    (False, True)
    """
    return bool(_own_words(question))


def names_details(question: str) -> bool:
    """Say whether a question with a pronoun says so much more that it can be found without it.

    >>> names_details("Why does it use so much memory at night?"), names_details("How do I open it?")
    (True, False)
    """
    return len(_own_words(question)) >= MIN_DETAILS and not points_to_unnamed(question)


def points_to_unnamed(question: str) -> bool:
    """Say whether a question has a demonstrative ("this river") before which there is no name."""
    points = _POINTS.search(question)
    return bool(points and not _NAME.search(question[: points.start()]))


def _is_fragment(question: str) -> bool:
    """Say whether a question is short and names no subject, or leaves out its verb."""
    if is_bare_topic(question) or _ELLIPTICAL.match(question):
        return True
    return len(question.split()) <= MAX_FRAGMENT_WORDS and not _own_words(question)


def _own_words(text: str) -> list[str]:
    """Return the words of a text that can name a subject."""
    words = [re.sub(r"['’]", "", word.casefold()) for word in re.findall(r"\w+(?:['’]\w+)*", text)]
    return [word for word in words if word not in _COMMON_WORDS and not word.isdigit()]
