"""What reading one file may cost at most."""

import argparse
import shutil
from dataclasses import dataclass

from index.errors import FootnoteError

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of a file, and of all that it unpacks to; pages (slides, rows, chapters), characters of text, seconds, and
    bytes of memory; and whether text is made out in the pictures of pages that have none (`ocr`)."""

    file_bytes: int = 64 * MEGABYTE
    unpacked_bytes: int = 512 * MEGABYTE
    pages: int = 100_000
    characters: int = 32 * MEGABYTE
    seconds: float = 60.0
    memory_bytes: int = 2048 * MEGABYTE
    ocr: bool = False


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what reading one file may cost."""
    usual = Limits()
    for name, value, text in (
        ("--most-mb", usual.file_bytes // MEGABYTE, "megabytes of a file"),
        ("--most-seconds", int(usual.seconds), "seconds to read a file"),
        ("--most-memory-mb", usual.memory_bytes // MEGABYTE, "megabytes of memory to read a file"),
    ):
        parser.add_argument(name, type=int, default=value, metavar="N", help=f"the most {text} ({value})")
    parser.add_argument("--ocr", action="store_true", help="make out the text of scanned pages, by tesseract")


def limits_of(options: argparse.Namespace) -> Limits:
    """What those options say; a file whose pages are to be recognised may take 60 times as long.

    Raises:
        FootnoteError: tesseract is asked for and not there.
    """
    if options.ocr and not shutil.which("tesseract"):
        raise FootnoteError("There is no tesseract on this machine: install it, or leave out --ocr.")
    most = options.most_mb * MEGABYTE
    return Limits(
        file_bytes=most,
        unpacked_bytes=8 * most,
        seconds=float(options.most_seconds) * (60 if options.ocr else 1),
        memory_bytes=options.most_memory_mb * MEGABYTE,
        ocr=options.ocr,
    )
