"""Split text into the terms that keyword search compares.

A term is a word's stem, by Snowball's stemmer for the document's language, with case and diacritics folded. Codes,
numbers, versions and dates are one term however they are written, beside the words that they consist of.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import simplemma
import Stemmer
from stop_words import AVAILABLE_LANGUAGES, get_stop_words

from index.text.function_words import FRAME_WORDS, FUNCTION_WORDS

# Vowel signs and the like, which Python's \w leaves out, belong to the words of Hindi, Thai, Arabic, Hebrew ...
_MARKS = "".join(mark for mark in map(chr, range(0x300, 0x3000)) if unicodedata.category(mark)[0] == "M")
WORD = re.compile(rf"(?:[^\W_][{_MARKS}]*)+(?:['’](?:[^\W_][{_MARKS}]*)+)*")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
# Letters that Unicode does not decompose.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "\u0131": "i", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss"}
)
MIN_FORM = 4
MAX_CODE = 40
ENGLISH = "english"
GERMAN = "german"
POINT = "\ue000"  # stands for the point of "4.2" in a term; the full-text index takes it for a letter

_CHAIN = re.compile(r"[^\W_]+(?:[-./,'’_:][^\W_]+)+")
_THOUSANDS = re.compile(r"\d{1,3}(?:([,'’.])\d{3})(?:\1\d{3})*(?:[.,]\d+)?")
_DECIMAL = re.compile(r"v?\d+(?:[.:]\d+)+|\d+,\d+", re.IGNORECASE)
_SPACED = re.compile(r"(?<![^\W_])[A-Z]{1,4} \d{1,6}(?![^\W_]|[.,]\d)")
_DAY_FIRST_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_RANGE = re.compile(r"[\d.,]+(?:[-/][\d.,]+)+")
_BORDER = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_CAMEL = re.compile(r"[A-Za-z]*[a-z][A-Z][A-Za-z]*")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WRITTEN_DATE = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH},?\s+(\d{{4}})"
    rf"|{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}}))\b",
    re.IGNORECASE,
)


class Word(NamedTuple):
    """A word of a text, or a code of several: its range and its term."""

    start: int
    end: int
    term: str


@lru_cache(maxsize=200_000)
def stem(word: str, language: str = ENGLISH) -> str:
    """Return the stem of one word of a language that Snowball has.

    >>> stem("Kimonos"), stem("running"), stem("Café"), stem("bought"), stem("Häuser", "german")
    ('kimono', 'run', 'cafe', 'buy', 'haus')
    """
    if language == ENGLISH:
        return str(_stemmer(ENGLISH).stemWord(_regular(fold(word)))).replace("'", "")
    # Other stemmers tell endings by diacritics.
    return fold(_stemmer(language).stemWord(unicodedata.normalize("NFC", word.casefold()))).replace("'", "")


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


def _regular(word: str) -> str:
    """Return the lemma of an irregular English form, else the word.

    >>> _regular("oxen"), _regular("paid"), _regular("tea"), _regular("better")
    ('ox', 'pay', 'tea', 'better')
    """
    if not word.isalpha() or not word.isascii():
        return word
    lemma = simplemma.lemmatize(word, lang="en").casefold()
    # A lemma with another beginning ("good" of "better") is another word to a reader.
    return lemma if lemma[:1] == word[:1] and lemma.isalpha() else word


def fold(word: str) -> str:
    """Return a word without case and diacritics.

    >>> fold("Café’s"), fold("Łódź"), fold("Straße")
    ("cafe's", 'lodz', 'strasse')
    """
    decomposed = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).translate(_LETTERS)


def forms(text: str) -> set[str]:
    """Return the folded words of a text that spelling is checked against: of four letters and more, without digits.

    >>> sorted(forms("Tea steeps; TEA, Café: 1999."))
    ['cafe', 'steeps']
    """
    return {fold(word) for word in set(WORD.findall(text)) if len(word) >= MIN_FORM and word.isalpha()}


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
    found = [
        Word(start, end, stem(text[start:end], language))
        for match in WORD.finditer(text)
        for start, end in _parts(match, text)
    ]
    codes = [*_codes(text), *_dates(text)]
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


def _codes(text: str) -> Iterator[Word]:
    """Yield the codes of a text, each as one term, and the words of camelCase and of letters beside digits."""
    for match in _CHAIN.finditer(text):
        if len(match[0]) <= MAX_CODE and (term := _code(match[0])):
            yield Word(*match.span(), term)
    for match in _SPACED.finditer(text):
        yield Word(*match.span(), match[0].replace(" ", "").casefold())
    for match in WORD.finditer(text):
        word = match[0]
        if word.isascii() and word.isalnum() and not word.isdigit() and not word.isalpha():
            pieces = _BORDER
        elif _CAMEL.fullmatch(word):
            pieces = _HUMP
        else:
            continue
        found = list(pieces.finditer(word))
        if 1 < len(found) <= 6:
            yield from (
                Word(match.start() + one.start(), match.start() + one.end(), stem(one[0]))
                for one in found
                if one[0] != "s"
            )


def _code(chain: str) -> str:
    """Return the one term of words joined by marks, "" if they are just neighbours.

    >>> _code("TX-4411/B"), _code("MAX_RETRIES"), _code("12,500"), _code("2024-03-11"), _code("and/or"), _code("3-5")
    ('tx4411b', 'maxretri', '12500', '20240311', '', '')
    >>> _code("v2.10.3") == _code("2.10.3") != _code("2.1.03"), _code("4.2") == "42"
    (True, False)
    """
    if date := _ISO_DATE.fullmatch(chain):
        return _date_term(int(date[1]), int(date[2]), int(date[3]))
    if date := _DAY_FIRST_DATE.fullmatch(chain):
        return _date_term(int(date[3]), int(date[2]), int(date[1]))
    if _THOUSANDS.fullmatch(chain):
        whole, _, share = chain.rpartition(".") if re.search(r"\.\d{1,2}$|\.\d{4,}$", chain) else (chain, "", "")
        return re.sub(r"\D", "", whole) + (f"{POINT}{share}" if share else "")
    if _DECIMAL.fullmatch(chain):
        return re.sub(r"[.:,]", POINT, chain.lower().removeprefix("v"))
    has_digit = any(map(str.isdigit, chain))
    if _RANGE.fullmatch(chain) or not (has_digit or "_" in chain) or (has_digit and "'" in chain):
        return ""
    pointed = re.sub(r"(?<=\d)[.:](?=\d)", POINT, fold(chain))
    joined = re.sub(rf"[^\w{POINT}]|_", "", pointed)
    return joined if has_digit else stem(joined)


def _dates(text: str) -> Iterator[Word]:
    """Yield the dates that are written with the month's name, as their ISO form without hyphens."""
    for match in _WRITTEN_DATE.finditer(text):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        if term := _date_term(int(year), 1 + _MONTHS.index(month[:3].casefold()), int(day)):
            yield Word(*match.span(), term)


def _date_term(year: int, month: int, day: int) -> str:
    return f"{year:04}{month:02}{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


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


def query_words(question: str, language: str = ENGLISH, held: Container[str] | None = None) -> list[Word]:
    """Return the words of a question that tell what it is about, in order; all of its words if none does.

    A code stands in place of its parts if `held`, the terms of the documents, has it, or if no part is a word.

    >>> [word.term for word in query_words("When was the railway opened?")]
    ['railway', 'open']
    >>> [word.term for word in query_words("What does E-1043 mean?", held={"e1043", "e", "1043"})]
    ['e1043']
    """
    found = words(question, language)
    chosen: list[Word] = []
    end = 0
    for word in found:
        if word.end <= end:  # a part of a code that stands for it
            continue
        parts = [one for one in found if word.start <= one.start and one.end <= word.end and one[:2] != word[:2]]
        if parts and held is not None and word.term not in held and any(map(_is_telling, parts)):
            continue
        chosen.append(word)
        end = word.end if parts else end
    return [word for word in chosen if not is_function_word(question[word.start : word.end], language)] or chosen


def _is_telling(word: Word) -> bool:
    return len(word.term) > 2 and word.term.isalpha()


def content_stems(question: str, language: str = ENGLISH, held: Container[str] | None = None) -> list[str]:
    """Return the distinct terms of a question that tell what it is about.

    >>> content_stems("When was the railway opened?")
    ['railway', 'open']
    """
    return list(dict.fromkeys(word.term for word in query_words(question, language, held)))


def compounds(question: str, language: str = ENGLISH) -> list[str]:
    """Return the stems of neighbouring telling words as they would be written in one.

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
