"""A picture of a page -> its paragraphs, by tesseract, a program that a machine may have or not."""

import io
import shutil
import subprocess

from PIL.Image import Image

from index.errors import ReadingError

DOTS_AN_INCH = 300


def program() -> str | None:
    """Where tesseract is; None if this machine has none."""
    return shutil.which("tesseract")


def recognise_text(picture: Image) -> list[str]:
    """The paragraphs that tesseract makes out in a picture.

    Raises:
        ReadingError: it is not there, or fails.
    """
    drawn = io.BytesIO()
    picture.convert("L").save(drawn, "PNG", dpi=(DOTS_AN_INCH, DOTS_AN_INCH))
    try:
        done = subprocess.run(
            [str(program()), "stdin", "stdout"], input=drawn.getvalue(), capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise ReadingError("has pages that tesseract cannot read: leave out --ocr.") from error
    paragraphs = done.stdout.decode("utf-8", "replace").replace("\f", "").split("\n\n")
    return [text for paragraph in paragraphs if (text := " ".join(paragraph.split()))]
