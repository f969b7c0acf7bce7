"""Libraries whose index is built."""

from collections.abc import Mapping
from pathlib import Path

from index.library import Library
from support.fakes import FakeEncoder

TEA = "# Tea\n\n## Green\n\nGreen tea steeps for two minutes.\n\n## Black\n\nBlack tea steeps for five minutes.\n"


def built(library: Library) -> Library:
    """Build the index of a library, and return the library."""
    library.start_build()
    library.wait()
    return library


def library_of(place: Path, documents: Mapping[str, str]) -> Library:
    """Write documents, each under its name, to a folder in a place, and build their index beside it."""
    sources = place / "sources"
    sources.mkdir()
    for name, text in documents.items():
        (sources / name).write_text(text, "utf-8")
    return built(Library(sources, place / "index", FakeEncoder))
