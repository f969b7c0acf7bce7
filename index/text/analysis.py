"""Split text into the terms that keyword search compares.

A term is the stem of a word in the document's language. Codes, numbers, versions and dates are terms beside the words
that they consist of.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from stop_words import AVAILABLE_LANGUAGES, get_stop_words

from index.text.codes import Word, find_codes, find_dates
from index.text.function_words import FRAME_WORDS, FUNCTION_WORDS
from index.text.stemming import ENGLISH, WORD, fold, stem

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_ASKING_VERB = re.compile(
    r"\bhow (?:long|much time) (?:do|does|did|will|can|could|should|would|must|may|it)\b[^?.;,]*"
    r"\b(lasts?|takes?|took|lasted)\b",
    re.IGNORECASE,
)
MIN_FORM, MAX_FORM = 4, 64
_MAX_FORMS = 200_000  # of one document: a thick book has 50,000
_FORMS_PIECE = 500_000  # characters whose words are in memory at a time


def forms(text: str) -> set[str]:
    """Return the folded words of a text that spelling is checked against: of 4 to 64 letters, without digits.

    A text of random words takes little memory: its words count up to the piece with the 200,000th.

    >>> sorted(forms("Tea steeps; TEA, Café: 1999."))
    ['cafe', 'steeps']
    """
    found: set[str] = set()
    start = 0
    while start < len(text) and len(found) < _MAX_FORMS:
        end = start + _FORMS_PIECE
        if end < len(text):  # between two words, if there is a blank
            end = max(text.rfind(blank, start + 1, end) for blank in " \n") + 1 or end
        pieces = set(WORD.findall(text, start, end))
        found.update(fold(word) for word in pieces if MIN_FORM <= len(word) <= MAX_FORM and word.isalpha())
        start = end
    return found


def words(text: str, language: str = ENGLISH) -> list[Word]:
    """Return the words of a text in order, each code before the words that it consists of.

    Text that is written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) counts each two neighbouring
    characters as a word.

    >>> [tuple(word) for word in words("Tea's ready")]
    [(0, 5, 'tea'), (6, 11, 'readi')]
    >>> [word.term for word in words("Fault E-1043 after 12,500 hours")]
    ['fault', 'e1043', 'e', '1043', 'after', '12500', '12', '500', 'hour']
    >>> [word.term for word in words("緑茶は")]
    ['緑茶', '茶は']
    """
    matches = WORD.finditer(text)
    spans = (
        map(re.Match.span, matches) if text.isascii() else (span for match in matches for span in _parts(match, text))
    )
    found = [Word(start, end, stem(text[start:end], language)) for start, end in spans]
    codes = [*find_codes(text), *find_dates(text)]
    return sorted((word for word in [*codes, *found] if word.term), key=lambda word: (word.start, -word.end))


def _parts(match: re.Match[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the words in a run of letters."""
    start, end = match.span()
    if not match[0].isascii():
        for run in _UNSPACED.finditer(text, start, end):
            if start < run.start():
                yield start, run.start()
            start = run.end()
            yield from ((at, at + 2) for at in range(run.start(), start - 1))
            if start - run.start() == 1:
                yield run.span()
    if start < end:
        yield start, end


def stems(text: str, language: str = ENGLISH) -> list[str]:
    """Return the terms of a text in order, function words included, as the full-text index holds them."""
    return [word.term for word in words(text, language)]


def name_text(path: str) -> str:
    """Return the words of a file's name and folders, without its suffix.

    >>> name_text("office/Vacation and sick-leave.md"), name_text("logs/2024-03-11.txt")
    ('office / Vacation and sick-leave', 'logs / 2024-03-11')
    """
    folders, _, name = path.rpartition("/")
    stemmed = name.rpartition(".")[0] or name
    return " / ".join([*filter(None, folders.split("/")), stemmed])


def is_function_word(word: str, language: str = ENGLISH) -> bool:
    """Say whether a word carries no subject: a function word of its language or of English, or one that only frames a
    question.

    >>> is_function_word("What's"), is_function_word("tea"), is_function_word("hello")
    (True, False, True)
    """
    folded = fold(word)
    base = folded.partition("'")[0] or folded
    return any(one in known for one in (folded, base) for known in (FUNCTION_WORDS, FRAME_WORDS, _stop_words(language)))


def function_words_in(text_words: Iterable[str], language: str) -> int:
    """Count the function words of a language among some words.

    >>> function_words_in(["darf", "ich", "einen", "Hund", "halten"], "german")
    2
    """
    known = FUNCTION_WORDS if language == ENGLISH else _stop_words(language)
    return sum(fold(word) in known for word in text_words)


@cache
def _stop_words(language: str) -> frozenset[str]:
    """Return the function words of a language but English, folded."""
    known = language != ENGLISH and language in AVAILABLE_LANGUAGES
    return frozenset(map(fold, get_stop_words(language))) if known else frozenset()


def asking_verbs(question: str) -> list[tuple[int, int]]:
    """Return where a question about a time says that it asks for one: the verb says nothing about the subject.

    >>> asking_verbs("how long does the battery last?"), asking_verbs("the last meeting")
    ([(26, 30)], [])
    """
    return [match.span(1) for match in _ASKING_VERB.finditer(question)]


def query_words(question: str, language: str = ENGLISH, held: Container[str] | None = None) -> list[Word]:
    """Return the words of a question that tell what it is about, in order; all of its words if none does.

    A code stands in place of its parts if `held`, the terms of the documents, has it, or if no part is a word.

    >>> [word.term for word in query_words("When was the railway opened?")]
    ['railway', 'open']
    >>> [word.term for word in query_words("What does E-1043 mean?", held={"e1043", "e", "1043"})]
    ['e1043']
    """
    chosen: list[Word] = []
    end = 0
    found = words(question, language)
    for word in found:
        if word.end <= end:  # a part of a code that stands for it
            continue
        parts = _parts_of(word, found)
        if not (parts and _is_unknown(word, parts, held)):
            chosen.append(word)
            end = word.end if parts else end
    asking = asking_verbs(question)
    telling = [word for word in chosen if (word.start, word.end) not in asking]
    return [word for word in telling if not is_function_word(question[word.start : word.end], language)] or chosen


def _parts_of(code: Word, found: Sequence[Word]) -> list[Word]:
    """Return the words inside a code."""
    return [one for one in found if code.start <= one.start and one.end <= code.end and one[:2] != code[:2]]


def _is_unknown(code: Word, parts: Sequence[Word], held: Container[str] | None) -> bool:
    """Say whether the documents lack a code and one of its parts is a word."""
    return held is not None and code.term not in held and any(map(_is_telling, parts))


def _is_telling(word: Word) -> bool:
    return len(word.term) > 2 and word.term.isalpha()


def content_stems(question: str, language: str = ENGLISH, held: Container[str] | None = None) -> list[str]:
    """Return the distinct terms of a question that tell what it is about.

    >>> content_stems("When was the railway opened?")
    ['railway', 'open']
    """
    return list(dict.fromkeys(word.term for word in query_words(question, language, held)))


def compounds(question: str, language: str = ENGLISH) -> list[str]:
    """Return the stems of neighbouring words without a space, for compounds that are written apart.

    >>> compounds("Is the rain-forest too wet?")
    ['rainforest']
    """
    found = list(WORD.finditer(question))
    return [
        stem(first[0] + second[0], language)
        for first, second in pairwise(found)
        if second.start() == first.end() + 1
        and not is_function_word(first[0], language)
        and not is_function_word(second[0], language)
    ]
