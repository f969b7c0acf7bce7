"""Limits on what reading one file may cost, and the command-line options that set them."""

import argparse
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import FootnoteError

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on one file, and whether scanned pages are recognised by OCR (`ocr`).

    `file_bytes` counts the file, `unpacked_bytes` all that it unpacks to, `pages` its pages, slides, rows or chapters,
    `characters` its text, `seconds` its reader's processor time, and `memory_bytes` its reader's memory.
    """

    file_bytes: int = 64 * MEGABYTE
    unpacked_bytes: int = 512 * MEGABYTE
    pages: int = 100_000
    characters: int = 32 * MEGABYTE
    seconds: float = 60.0
    memory_bytes: int = 2048 * MEGABYTE
    ocr: bool = False


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return the function that reads the value of an option: a whole number within bounds.

    >>> whole_number(1, 65_535)("7860")
    7860
    """

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text[:20]} is not a whole number from {least:,} to {most:,}")
        return int(text)

    return read


def path_value(text: str) -> Path:
    """Read the value of an option that names a file or a folder. An empty one would mean the current folder."""
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError("the name of a file or folder is empty or not valid")
    return Path(text)


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add the options that limit what reading a file may cost. Their old names work for one more release."""
    usual = Limits()
    file_mb, memory_mb = usual.file_bytes // MEGABYTE, usual.memory_bytes // MEGABYTE
    for name, old_name, value, kind, text in (
        ("--max-file-mb", "--most-mb", file_mb, whole_number(1, 1_000), "largest file to read, in megabytes"),
        (
            "--read-timeout",
            "--most-seconds",
            int(usual.seconds),
            whole_number(1, 86_400),
            "longest time to read a file, in seconds",
        ),
        (
            "--max-memory-mb",
            "--most-memory-mb",
            memory_mb,
            whole_number(128, 1_000_000),
            "memory to read a file, in megabytes",
        ),
    ):
        parser.add_argument(name, type=kind, default=value, metavar="N", help=f"{text} ({value})")
        parser.add_argument(
            old_name,
            type=kind,
            default=argparse.SUPPRESS,
            dest=name.removeprefix("--").replace("-", "_"),
            help=argparse.SUPPRESS,
        )
    parser.add_argument("--ocr", action="store_true", help="recognise text on scanned pages (needs Tesseract)")


def limits_of(options: argparse.Namespace) -> Limits:
    """Return the limits that the options set. With OCR, reading a file may take 60 times as long.

    Raises:
        FootnoteError: OCR is asked for and Tesseract is not installed.
    """
    if options.ocr and not shutil.which("tesseract"):
        raise FootnoteError("Tesseract is not installed on this machine: install it, or leave out --ocr.")
    file_bytes = options.max_file_mb * MEGABYTE
    return Limits(
        file_bytes=file_bytes,
        unpacked_bytes=8 * file_bytes,
        seconds=float(options.read_timeout) * (60 if options.ocr else 1),
        memory_bytes=options.max_memory_mb * MEGABYTE,
        ocr=options.ocr,
    )
