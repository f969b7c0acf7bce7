"""Recognise what kind of thing a question asks for, and whether a text holds one that the question does not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

Holds = Callable[[str, str], bool]

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_NUMBERS = (
    rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:{_ONES}))?|{_ONES}|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:dozen|hundred|thousand|million|billion)s?"
)
_TIME = (
    rf"\b(?:\d{{3,4}}s?|{_MONTHS}|\d{{1,2}}(?:st|nd|rd|th)|\d{{1,2}}:\d\d|\d{{1,2}} ?[ap]\.?m\b"
    r"|[Cc]entur(?:y|ies)|[Dd]ecades?|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.? ?\d"
    rf"|(?:within|after|before|until|by|every|in) (?:the )?(?:first |last |next )?(?:\d+|{_NUMBERS}) \w+"
    r"|immediately|upon \w+|as soon as|at the (?:start|end|beginning) of|noon|midnight)\b"
)
_CONDITION = rf"{_TIME}|\b(?:[Ww]hen(?:ever)?|[Ii]f|[Oo]nce|[Aa]fter|[Bb]efore|[Uu]ntil|[Ii]n case|[Aa]s long as)\b"
_NUMBER = (
    rf"(?i)\d[\d.,]*|\b(?:{_NUMBERS}|half|percent|thirds?|quarters?|twice|once|daily|weekly|monthly|yearly|annually"
    r"|unlimited)\b"
)
_CURRENCIES = "USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|BRL|MXN|ZAR"
_MONEY = (
    rf"(?i)[$€£¥₹₽₩]\s?\d|\d\s?(?:[$€£¥₹₽₩]|(?:{_CURRENCIES})\b)|\b(?:{_CURRENCIES})\s?\d"
    r"|\b(?:dollars?|euros?|pounds?|cents?|pence|francs?|crowns?|kron(?:er|or|a)|rupees?|yen|yuan|pesos?|rou?bles?"
    r"|shillings?|zlotys?|no (?:charge|cost|fee)"
    r"|free (?:of charge|entry|entrance|admission|parking|delivery|shipping))\b"
    r"|\b(?:is|are|was|were|be|for|costs?:?|prices?:?|fees?:?) (?:\w+ly |also |always )?free\b"
    r"(?!-| (?!(?:for|to|if|until|on|and|or|in|at|with|when|as|from|but|during)\b)\w)"
)
# A number with two decimals is an amount of money only beside such a word: it may be a version or a measure.
_AMOUNT = (
    r"(?<![\d.,])(?:\d+|\d{1,3}(?:[.,’' ]\d{3})+)[.,]\d\d(?![.,]?\d)"
    r"(?!\s?(?:[mckg]?m|k?g|[mk]?[WVA]|rad|[GMk]?Hz|[KMG]B|%|°)\b)"
)
_PRICED = re.compile(
    r"(?<![^\W_])(?:pric(?:es?|ed|ing)|costs?|fees?|fares?|amounts?|charge[sd]?|pay(?:s|ments?|able)?|paid|budget\w*|spen[dt]\w*"
    r"|salar(?:y|ies)|wages?|rent(?:al|s)?|tax(?:es)?|dues|balance|revenues?|income|expens\w+|bill\w*|invoices?|refund\w*)"
    r"(?![^\W_])",
    re.IGNORECASE,
)
_SHARE = r"(?i)\d\s?%|\b(?:percent|per cent|half|thirds?|quarters?|(?:one|\d+) (?:in|of|out of) (?:\d+|every))\b"
_OFTEN = (
    r"(?i)\b(?:every|each|times|once|twice|daily|weekly|monthly|quarterly|yearly|annual(?:ly)?|hourly|regularly|never"
    r"|always|(?:per|an?) (?:hour|day|week|month|quarter|year))\b"
)
_MEASURE = (
    rf"(?i)(?:\d|\b(?:{_NUMBERS}|an?|half|several|few))[)*]*[\s-]*(?:(?:more|business|working|calendar|consecutive|full"
    r"|contiguous|square|cubic)\s+)?(?:s|sec(?:ond)?s?|min(?:ute)?s?|h|hours?|hrs?|days?|nights?|weeks?|months?|quarters?"
    r"|years?|yrs?|decades?|centur(?:y|ies)|mm|cm|m|km|met(?:re|er)s?|feet|foot|ft|inch(?:es)?|in|miles?|yards?|pages?"
    r"|words?|characters?|letters?|lines?)\b|\b(?:until|forever|permanent(?:ly)?|indefinitely|overnight|lifetime)\b"
)
_HEAT = r"(?i)\d\s?(?:°|º|degrees?\b|[CFK]\b)"
_NAME = r"(?<=[^.!?] )[\"“'(]?([A-Z][\w.'’-]+)|\b([\w.+-]+@[\w-]+\.\w+)"
_PLACE = (
    r"\b(?:in|at|on|from|to|under|near|inside|outside|behind) (?:the )?[A-Z`/\"“\[]|https?://|(?:^|\s)[~.]?/\w"
    r"|\b(?:tab|menu|folder|directory|page|section|website|portal|room|floor|street)\b"
)
_REASON = (
    r"(?i)\b(?:because|since|due to|so that|in order to|reasons?|caused?|causes|therefore|thus|otherwise|as a result"
    r"|results? (?:in|from|of)|resulted (?:in|from)|leads? to|led to|means that|which (?:means|makes|allows|helps)"
    r"|to (?:avoid|prevent|ensure|make sure|help|protect|allow|keep|encourage|support)"
    r"|this (?:means|is to|is why|way|allows|helps|ensures|makes))\b"
)
_IMPERATIVES = (
    "click|select|open|go to|choose|enter|type|press|run|use|add|set|fill|submit|send|contact|place|put|make|create"
    "|navigate|install|check|complete|log ?in|visit|remove|follow|turn|hold|let|mix|cut|email|ask|request"
)
_STEP = (
    rf"(?im)^\s*(?:\d+[.)]|[-*•])\s|`[^`]+`|(?:^|[.:!,]\s+)(?:{_IMPERATIVES})\b"
    r"|\b(?:need to|have to|able to|can|should|must|may|please)\b"
)
_ITEM = r"(?m)^\s*(?:\d+[.)]|[-*•]|\([a-z]\)|[a-z]\))\s"
_PERMISSION = (
    r"(?i)\b(?:must|may|can(?:not|['’]t)?|not|never|only|eligible|requir\w+|allow\w*|permit\w*|prohibit\w*|yes|no|unless"
    r"|should(?:n['’]t)?|needs? to|needed to|have to|won['’]t|don['’]t|doesn['’]t|is|isn['’]t|except)\b"
)
_POLITE = r"\W*(?:(?:so|and|but|ok|okay|well|please|hi|hello)[ ,]+)*"
_AUXILIARIES = "can|could|do|does|did|is|are|was|were|will|would|should|may|must|am|has|have"
_WHICH = "(?:what|which)"
LIST_ITEMS = 3  # as many make a list


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of thing: how a question asks for it, and whether a text holds one (question, text)."""

    asked: re.Pattern[str]
    is_held: Holds


def _new(pattern: str) -> Holds:
    """Find a match in the text that the question does not hold."""
    wanted = re.compile(pattern)

    def is_held(question: str, text: str) -> bool:
        typed = question.casefold()
        return any((found[found.lastindex or 0] or found[0]).casefold() not in typed for found in wanted.finditer(text))

    return is_held


def _any(pattern: str, least: int = 1) -> Holds:
    """Find a number of matches in the text."""
    wanted = re.compile(pattern)
    return lambda question, text: sum(1 for _ in wanted.finditer(text)) >= least


def _asking(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


_MONEY_ASKED = (
    r"how much\b.*\b(?:costs?|pay|paid|spen[dt]|charged?|money|earn(?:ed|s)?|reimbursed?)|how (?:expensive|cheap)"
    r"|(?:what|how)\b.*\bcosts?|what(?:['’]?s| is| are| was| were) the (?:\w+ )?(?:prices?|costs?|fees?|fare|salary)"
)
_ASKS_PRICE = _asking(_MONEY_ASKED)
_holds_money, _holds_amount = _new(_MONEY), _new(_AMOUNT)


def _price(question: str, text: str) -> bool:
    """Find an amount of money that the question does not hold."""
    return _holds_money(question, text) or (bool(_PRICED.search(text)) and _holds_amount(question, text))


# The first kind that a question asks for counts.
_KINDS = (
    _Kind(_asking(r"when (?:do|does|should|must|can|may|am|are) (?:i|we|you|one|people)"), _any(_CONDITION)),
    _Kind(
        _asking(
            rf"when|when['’]?s|how long ago|{_WHICH} (?:year|date|day|month|decade|century|time)|deadline|due date"
        ),
        _new(_TIME),
    ),
    _Kind(
        _asking(rf"{_MONEY_ASKED}|prices?|salary|fees?|fare"),
        _price,
    ),
    _Kind(_asking(r"percentage|percent|proportion|fraction"), _new(_SHARE)),
    _Kind(_asking(r"how (?:often|frequently|regularly)"), _any(_OFTEN)),
    _Kind(_asking(r"how (?:long|far|tall|wide|deep)|duration|distance"), _new(_MEASURE)),
    _Kind(_asking(r"temperature|how (?:hot|cold|warm)"), _new(_HEAT)),
    _Kind(
        _asking(
            r"how (?:many|much|old|high|large|big|fast|heavy|soon|quick(?:ly)?|late|early|strong|thick|hard)|number"
            r"|amount|age|population|maximum|minimum|max|min|limit|allowance|budget|size|length|width|height|weight|rate"
            r"|resolution|capacity|voltage|speed|quantity|score|ratio|frequency"
        ),
        _new(_NUMBER),
    ),
    _Kind(
        _asking(rf"who|whom|whose|who['’]?s|{_WHICH} (?:person|company|organi[sz]ation|team|department)"), _new(_NAME)
    ),
    _Kind(
        _asking(rf"where|where['’]?s|{_WHICH} (?:country|city|state|place|folder|room|page|street|website)"),
        _new(_PLACE),
    ),
    _Kind(
        _asking(
            rf"why|how come|{_WHICH}(?:['’]?s| is| was| are| were)? (?:the )?(?:reasons?|cause|purpose|point)"
            r"|what caused|what for"
        ),
        _any(_REASON),
    ),
    _Kind(
        _asking(
            r"how (?:do|does|can|should|would|could|must|to)|how['’]?d|steps?|procedure|process for|way to|command"
            r"|instructions|what (?:should|do) i do|what now"
        ),
        _any(_STEP),
    ),
    _Kind(
        _asking(
            rf"{_WHICH} (?:are|were|kinds?|types?|sort|(?!(?:is|was|does|has|this|its|process|class)\b)\w+s)"
            r"|list|name (?:the|all)|signs|examples?|things|requirements|what can|all the"
        ),
        _any(_ITEM, LIST_ITEMS),
    ),
    _Kind(
        re.compile(rf"^{_POLITE}(?:{_AUXILIARIES})\b|[.,?!] (?:{_AUXILIARIES}) \w+", re.IGNORECASE), _any(_PERMISSION)
    ),
)
_SUBJECT = r"(?:an? |the )?(?P<{}>[\w'’+./-]+(?: [\w'’+./-]+){{0,4}}?)"
_DEFINITION = re.compile(
    rf"{_POLITE}(?:"
    rf"what (?:counts?|qualif(?:y|ies)|(?:is|are) (?:considered|classified|regarded|defined)) as {_SUBJECT.format('f')}"
    rf"|(?:what(?:['’]?s| is| are)|who(?:['’]?s| is)|define|definition of|meaning of) {_SUBJECT.format('a')}"
    rf"|(?:explain|tell me|describe)(?: to me)?(?: what)? {_SUBJECT.format('b')}(?: (?:is|are|means?))"
    rf"|what (?:do|does) {_SUBJECT.format('c')} (?:mean|stand for)"
    rf"|what (?:do|does) [\w ]+ (?:mean|understand) by {_SUBJECT.format('e')}"
    rf"|{_SUBJECT.format('d')}[ ,–-]+what (?:is|are) (?:it|they|that|this)"
    r")(?: (?:in|at|for|on|by) [\w ]+|(?: and|,) [^?]+| mean| anyway| exactly)?\W*$",
    re.IGNORECASE,
)


def asks_for_kind(question: str) -> bool:
    """Say whether a question asks for a kind of thing that a text can be seen to hold."""
    return _kind_of(question) is not None


def asks_for_price(question: str) -> bool:
    """Say whether a question asks how much money something costs, which no text answers without an amount."""
    return bool(_ASKS_PRICE.search(question))


def matches_answer_type(question: str, text: str) -> bool:
    """Say whether a text holds the kind of thing that a question asks for.

    A time, a number, a measure or a name must be another than those in the question. The other kinds are a condition, a
    place, a reason, steps, a list, what is allowed or required, and a definition.

    >>> matches_answer_type("When was it built?", "It was built in 1911.")
    True
    >>> matches_answer_type("When was it built?", "It was built by Lee.")
    False
    >>> matches_answer_type("what's a kettle", "A kettle is a pot for boiling water.")
    True
    """
    defines = _definition_of(question)
    if defines and defines.search(text):
        return True
    kind = _kind_of(question)
    return kind is not None and kind.is_held(question, text)


@lru_cache(maxsize=64)
def _kind_of(question: str) -> _Kind | None:
    return next((kind for kind in _KINDS if kind.asked.search(question)), None)


@lru_cache(maxsize=64)
def defined_subject(question: str) -> str:
    """Return what a question asks the meaning of, "" if it does not ask for one.

    >>> defined_subject("hi, what's a user story in agile?")
    'user story'
    """
    found = _DEFINITION.match(question)
    return next(group for group in found.groups() if group) if found else ""


def subject_pattern(subject: str) -> str:
    """Return a pattern of a subject's words, singular or plural, with marks between them."""
    words = [
        re.sub(r"(?:y|ie)$", "(?:y|ie)", re.escape(word.rstrip("s'’"))) + "(?:'?s|es)?"
        for word in re.findall(r"[\w+./-]+", subject)
    ]
    return r"\b" + r"[\s*_`’'-]+".join(words) + r"\b"


@lru_cache(maxsize=64)
def _definition_of(question: str) -> re.Pattern[str] | None:
    """Return what a definition of the question's subject looks like; None if it does not ask for one."""
    subject = defined_subject(question)
    if not subject:
        return None
    subject = subject_pattern(subject)
    after = r"[\"”*_`)\]]*(?:\([^)]*\))?(?: \([^)]*\))?(?:,? [\w-]+)?\s+"
    kind = r"(?:is|are|was|were) (?:\w+ly |also |just )?(?:an?|the|one|any|every|all|when|where|what|how|those)"
    verbs = rf"{kind}|means?|refers? to|stands? for|describes?|allows?|lets?"
    opening = rf"(?:^|[.!?]\s+|\n)\W*(?:(?:an?|the) )?{subject}{after}(?:is|are|was|were)"
    return re.compile(rf"(?:{subject}{after}(?:{verbs})|{opening})\b", re.IGNORECASE)
