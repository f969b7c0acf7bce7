"""Names and numbers of places, as documents and people write them: "Article IV", "§ 4.2", "Kapitel drei" (pure)."""

LABELS = {
    "section": "section sec sect § subsection abschnitt",
    "clause": "clause",
    "article": "article art artikel",
    "chapter": "chapter chap ch kapitel",
    "part": "part teil",
    "page": "page pg p pp seite",
    "slide": "slide folie",
    "row": "row zeile",
    "paragraph": "paragraph para absatz",
    "point": "point punkt",
    "item": "item",
    "step": "step schritt",
    "rule": "rule regel",
    "principle": "principle",
    "standard": "standard",
    "appendix": "appendix annex annexe schedule anhang anlage",
}
LABEL_OF = {word: label for label, words in LABELS.items() for word in words.split()}
_CARDINALS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty".split()
)
_GERMAN_CARDINALS = "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_VALUES = {word: str(at) for words in (_CARDINALS, _GERMAN_CARDINALS, ORDINALS) for at, word in enumerate(words, 1)}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
# A number in digits, Roman digits, letters or words, as a pattern.
NUMBER = r"\d+(?:\.\d+)*(?:\([a-z0-9]\)|[a-z])?|[ivxlc]+|[a-h]|" + "|".join([*_CARDINALS, *_GERMAN_CARDINALS])


def number_key(number: str) -> str:
    """Write a number in one way, so that 03, iii and three are 3.

    >>> number_key("03"), number_key("iv"), number_key("4.02"), number_key("b"), number_key("third")
    ('3', '4', '4.2', 'b', '3')
    """
    folded = in_digits(number)
    if folded and set(folded) <= _ROMAN.keys() and folded != "c":
        values = [_ROMAN[letter] for letter in folded]
        signed = [-one if one < max(values[at:]) else one for at, one in enumerate(values)]
        return str(sum(signed))
    return ".".join(one.lstrip("0") or one for one in folded.split("."))


def in_digits(number: str) -> str:
    """Write a number that is a word in digits.

    >>> in_digits("four"), in_digits("iv")
    ('4', 'iv')
    """
    folded = number.casefold()
    return _VALUES.get(folded, folded)


def is_number(text: str, label: str) -> bool:
    """Check whether letters are a number: "part c" is none, but "part iv" and "appendix c" are.

    >>> is_number("c", "part"), is_number("iv", "part"), is_number("c", "appendix")
    (False, True, True)
    """
    folded = text.casefold()
    is_roman = folded in ("i", "v") or (len(folded) > 1 and set(folded) <= _ROMAN.keys())
    return folded[0].isdigit() or folded in _VALUES or label == "appendix" or is_roman
