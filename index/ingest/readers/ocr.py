"""Recognise the text in a picture of a page with Tesseract, a program that may not be installed."""

import io
import shutil
import subprocess

from PIL.Image import Image

from index.errors import ReadingError

DOTS_AN_INCH = 300
_TURNS = ("--psm", "1")  # find out first which way up the page is; the usual mode reads it as it is


def program() -> str | None:
    """Return the path of Tesseract; None if it is not installed."""
    return shutil.which("tesseract")


def recognise_text(picture: Image) -> list[str]:
    """Return the paragraphs that Tesseract recognises in a picture.

    Raises:
        ReadingError: Tesseract is not installed, or fails.
    """
    drawn = io.BytesIO()
    picture.convert("L").save(drawn, "PNG", dpi=(DOTS_AN_INCH, DOTS_AN_INCH))
    try:
        done = subprocess.run(
            [str(program()), "stdin", "stdout", *_TURNS], input=drawn.getvalue(), capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise ReadingError("has pages that Tesseract cannot read: leave out --ocr.") from error
    paragraphs = done.stdout.decode("utf-8", "replace").replace("\f", "").split("\n\n")
    return [text for paragraph in paragraphs if (text := " ".join(paragraph.split()))]
