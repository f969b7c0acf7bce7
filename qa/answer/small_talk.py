"""Recognise greetings, thanks and farewells (pure)."""

import re
from typing import Literal

SmallTalk = Literal["greeting", "thanks", "farewell"]

MAX_WORDS = 9
_FAREWELL = frozenset("bye goodbye cya cheerio tschüss wiedersehen".split())
_THANKS = frozenset("thanks thank thx ty cheers danke dank merci gracias".split())
_GREETING = frozenset(
    "hi hello hey hiya hullo howdy greetings morning guten gute hallo moin servus bonjour hola ciao".split()
)
_PRAISE = frozenset("ok okay cool great nice perfect super awesome brilliant excellent wow alright fine".split())
_FILLERS = frozenset(
    "tag abend nacht vielen schön auf good day evening afternoon night"
    " there you all everyone folks bot footnote so very much a lot again for your help"
    " that this it was is really helped helps helpful useful the answer answers now see later soon got understood yes"
    " no oh ah well and friend today how are doing nothing else s".split()
)


def small_talk(text: str) -> SmallTalk | None:
    """Return the kind of small talk if a text is nothing else.

    >>> small_talk("ok cool bye"), small_talk("Great, thank you!"), small_talk("Is that a good morning dish?")
    ('farewell', 'thanks', None)
    """
    words = re.findall(r"[^\W\d_]+", text.casefold())
    if not words or len(words) > MAX_WORDS or any(character.isdigit() for character in text):
        return None
    if set(words) <= _PRAISE or words in (["got", "it"], ["i", "see"], ["understood"]):
        return "thanks"
    if not set(words) <= _FILLERS | _PRAISE | _FAREWELL | _THANKS | _GREETING:
        return None
    if _FAREWELL & set(words):
        return "farewell"
    if _THANKS & set(words):
        return "thanks"
    return "greeting" if _GREETING & set(words) else None
