"""Recognise the words in a picture with Tesseract, a program that may not be installed."""

import csv
import io
import re
import shutil
import subprocess
from dataclasses import dataclass

from PIL.Image import Image

from index.errors import ReadingError

DOTS_AN_INCH = 300
_ROTATION = re.compile(rb"^Rotate: (\d+)$", re.MULTILINE)
_WORD = "5"  # the level of a word in Tesseract's table


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedWord:
    """A word, where it stands in the picture in pixels from the top left, and the line that it belongs to."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    line: tuple[str, ...]


def program() -> str | None:
    """Return the path of Tesseract; None if it is not installed."""
    return shutil.which("tesseract")


def upright(picture: Image) -> Image:
    """Turn a picture of a page so that its text is upright. A page with too little text to tell stays as it is."""
    try:
        found = _ROTATION.search(_run(picture, "--psm", "0"))
    except subprocess.CalledProcessError:
        return picture
    turned = int(found[1]) % 360 if found else 0
    return picture.rotate(-turned, expand=True) if turned else picture


def recognise_words(picture: Image) -> list[RecognisedWord]:
    """Return the words that Tesseract recognises in an upright picture, in order of reading.

    Raises:
        ReadingError: Tesseract is not installed, or fails.
    """
    try:
        table = _run(picture, "--psm", "3", "tsv").decode("utf-8", "replace")
    except subprocess.CalledProcessError as error:
        raise ReadingError("has pages that Tesseract cannot read: leave out --ocr.") from error
    words = []
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == _WORD and (text := (row["text"] or "").strip()):
            left, top = int(row["left"]), int(row["top"])
            right, bottom = left + int(row["width"]), top + int(row["height"])
            line = (row["block_num"], row["par_num"], row["line_num"])
            words.append(RecognisedWord(text=text, left=left, top=top, right=right, bottom=bottom, line=line))
    return words


def _run(picture: Image, *options: str) -> bytes:
    """Run Tesseract on a picture, and return what it writes.

    Raises:
        ReadingError: Tesseract cannot be started.
    """
    drawn = io.BytesIO()
    picture.convert("L").save(drawn, "PNG", dpi=(DOTS_AN_INCH, DOTS_AN_INCH))
    command = [str(program()), "stdin", "stdout", *options]
    try:
        return subprocess.run(command, input=drawn.getvalue(), capture_output=True, check=True).stdout
    except OSError as error:
        raise ReadingError("has pages that Tesseract cannot read: leave out --ocr.") from error
