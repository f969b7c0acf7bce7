"""Read subtitles (.srt, .vtt): the spoken words, with the minute as the page."""

import re
from collections.abc import Iterator
from html import unescape

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.encoding import decode
from index.ingest.readers.table_rows import one_line

_TIMES = re.compile(r"\s*(?:(\d+):)?(\d{1,2}):(\d{2})[.,]\d{1,3}\s*-->\s*\S+.*")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?[a-z][^>]*>|\{\\[^}]*\}|<\d[^>]*>", re.IGNORECASE)
_BLOCK = re.compile(r"\r?\n[ \t]*\r?\n")
_ENDED = re.compile(r"[.!?…。！？][\"'”’)\]]*$")
_MAX_PARAGRAPH = 600


def read_subtitles(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the spoken words in paragraphs; `page` counts minutes from 1. Notes and styles are left out."""
    return guard(_paragraphs(decode(content)), limits, "minutes")


def _paragraphs(text: str) -> Iterator[Element]:
    """Join cues up to the end of a sentence, a new speaker or a new minute."""
    joined, minute = "", 0
    for start, words in _cues(text):
        has_speaker = bool(re.match(r"[^\s:]{1,40}(?: [^\s:]{1,40})?: ", words))
        full = len(joined) > _MAX_PARAGRAPH or bool(_ENDED.search(joined))
        if joined and (has_speaker or (start != minute and full) or len(joined) > 2 * _MAX_PARAGRAPH):
            yield Element(joined, page=minute)
            joined = ""
        if not joined:
            minute = start
        if words != joined[-len(words) :]:  # captions that roll up repeat the line before
            joined = f"{joined} {words}".strip()
    if joined:
        yield Element(joined, page=minute)


def _cues(text: str) -> Iterator[tuple[int, str]]:
    """Yield the minute and the words of each cue."""
    for block in _BLOCK.split(text):
        lines = block.strip("\ufeff\r\n ").splitlines()
        place = next((index for index, line in enumerate(lines[:2]) if _TIMES.match(line)), None)
        if place is None:
            continue
        times = _TIMES.match(lines[place])
        assert times
        minute = int(times[1] or 0) * 60 + int(times[2])
        words = _VOICE.sub(r"\1: ", " ".join(lines[place + 1 :]))
        if said := one_line(unescape(_TAG.sub("", words))):
            yield minute + 1, said
