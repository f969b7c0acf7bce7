"""Find documents and folders by the names that people give them (pure).

A name's words are those of its path and its title. A phrase such as "the 18F security incidents page" names the
documents whose words include all of its telling ones.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from index.types import FolderContents
from qa.answer.dates import Period, iso_dates, period_of_name

FILE_TYPES: Mapping[str, tuple[str, ...]] = {
    "pdf": (".pdf",),
    "spreadsheet": (".xlsx", ".xlsm", ".csv", ".tsv", ".ods"),
    "data file": (".csv", ".tsv", ".xlsx", ".json", ".xml", ".yaml", ".yml"),
    "csv": (".csv",),
    "excel": (".xlsx", ".xlsm"),
    "table": (".xlsx", ".csv", ".tsv"),
    "presentation": (".pptx", ".odp"),
    "slide": (".pptx", ".odp"),
    "powerpoint": (".pptx",),
    "word document": (".docx", ".doc", ".odt"),
    "word file": (".docx", ".doc", ".odt"),
    "web page": (".html", ".htm"),
    "mail": (".eml",),
    "email": (".eml",),
    "ebook": (".epub",),
    "notebook": (".ipynb",),
    "text file": (".txt",),
    "markdown file": (".md",),
}
_GENERIC = frozenset(
    "a an the this that these those my our your its his her their of for on in from to at by about and or with me us"
    " document documents doc docs file files page pages paper text one ones full whole entire note notes".split()
)
_KINDS = frozenset(
    "handbook guide policy report manual minute faq article guideline leaflet booklet letter form".split()
)
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^>]*>")
MAX_CACHED = 2**17  # documents whose names are analysed once
_MIN_STEM = 6  # characters of a file name that counts without its suffix


def name_words(text: str) -> list[str]:
    """Split a name into words without case and plural s. Dates are written as numbers.

    >>> name_words("Minutes of 7 June 2024")
    ['minute', 'of', '2024', '06', '07']
    """
    text = iso_dates(re.sub(r"['’]s\b", "", _TAG.sub(" ", text)))
    return [_singular(word) for word in _WORD.findall(text.casefold())]


def _singular(word: str) -> str:
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    return word.removesuffix("ies") + "y" if word.endswith("ies") else word.removesuffix("s")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedPath:
    """A document and its date, YYYY-MM-DD."""

    path: str
    date: str


@dataclass(frozen=True)
class Catalogue:
    """The documents of a folder: their titles and dates (YYYY-MM-DD) by path."""

    titles: Mapping[str, str]
    dates: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, contents: FolderContents) -> "Catalogue":
        """Return the catalogue of what is in a folder."""
        return cls(contents.titles, contents.dates)

    @property
    def paths(self) -> frozenset[str]:
        """The paths of all documents."""
        return frozenset(self.titles)

    @cached_property
    def folders(self) -> dict[str, list[str]]:
        """The documents of each folder and of the folders in it, by the folder's path with a slash at its end."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.titles):
            parts = path.split("/")[:-1]
            for depth in range(1, len(parts) + 1):
                found.setdefault("/".join(parts[:depth]) + "/", []).append(path)
        return found

    @cached_property
    def _words(self) -> dict[str, frozenset[str]]:
        return {path: _words_of(path, title) for path, title in self.titles.items()}

    def only(self, paths: Iterable[str]) -> "Catalogue":
        """Return the catalogue of some of the documents."""
        return Catalogue({path: self.titles[path] for path in paths if path in self.titles}, self.dates)

    def in_period(self, period: Period, paths: Iterable[str]) -> list[str]:
        """Return those of some documents that are of a period."""
        return [path for path in paths if (own := self.period(path)) and own.overlaps(period)]

    def by_date(self, paths: Iterable[str], *, prefers_named: bool = False) -> list[DatedPath]:
        """Return some documents with the last day of each one's period.

        If `prefers_named`, only those with a date in their name are returned, if there are some.
        """
        paths = list(paths)
        if prefers_named:
            paths = [path for path in paths if period_of_name(path.rpartition("/")[2])] or paths
        return [DatedPath(path=path, date=own.last) for path in paths if (own := self.period(path))]

    def dated_by_name(self, paths: Iterable[str]) -> list[str]:
        """Return the documents with a day in their name or title, such as minutes of meetings."""
        return [
            path
            for path in paths
            for found in (period_of_name(path.rpartition("/")[2]) or period_of_name(self.titles[path]),)
            if found and found.first == found.last
        ]

    def period(self, path: str) -> Period | None:
        """Return the period of a document: by its name, its title if that has a day, its folder, or its date."""
        folder, _, name = path.rpartition("/")
        titled = period_of_name(self.titles[path])
        if titled and titled.first != titled.last:
            titled = None
        day = self.dates.get(path, "")
        dated = Period(first=day, last=day) if day else None
        return period_of_name(name) or titled or period_of_name(folder.rpartition("/")[2]) or dated

    def resolve(self, phrase: str) -> list[str]:
        """Return the documents that a phrase names, the closest first, or nothing.

        Words such as "handbook" may be missing from the name.
        """
        wanted_name = phrase.strip(" \"'“”`").casefold()
        literal = [path for path in self.titles if wanted_name in _literals(path)]
        if literal:
            return literal
        words = [word for word in name_words(phrase) if word not in _GENERIC]
        for wanted in (words, [word for word in words if word not in _KINDS]):
            found = self._with_words(frozenset(wanted)) if wanted else []
            if found:
                return found
        return []

    def best(self, phrase: str) -> str:
        """Return the one document that a phrase names, or "" if it names none or several equally well."""
        found = self.resolve(phrase)
        if len(found) < 2:
            return found[0] if found else ""
        wanted = frozenset(name_words(phrase))
        first, second = (self._extra(path, wanted) for path in found[:2])
        return found[0] if first < second else ""

    def named_in(self, text: str) -> list[str]:
        """Return the documents whose file name or path is written in a text, the longest name first."""
        folded = text.casefold()
        found = [
            (name, path) for path in self.titles for name in _literals(path) if name in folded and _is_in(name, folded)
        ]
        longest = max((len(name) for name, _ in found), default=0)
        return sorted({path for name, path in found if len(name) == longest})

    def of_type(self, phrase: str) -> list[str]:
        """Return the documents of the file types that a phrase names, such as "spreadsheets"."""
        words = " ".join(name_words(phrase))
        suffixes = {one for name, ones in FILE_TYPES.items() if re.search(rf"\b{name}\b", words) for one in ones}
        return sorted(path for path in self.titles if any(path.casefold().endswith(suffix) for suffix in suffixes))

    def folder(self, phrase: str) -> str:
        """Return the folder whose own name has exactly the words of a phrase, or ""."""
        wanted = _folder_words(phrase)
        named = [one for one in self.folders if wanted and _folder_words(one.rstrip("/").rpartition("/")[2]) == wanted]
        return named[0] if len(named) == 1 else ""

    def _with_words(self, wanted: frozenset[str]) -> list[str]:
        found = [path for path, words in self._words.items() if wanted <= words]
        return sorted(found, key=lambda path: (self._extra(path, wanted), path))

    def _extra(self, path: str, wanted: frozenset[str]) -> int:
        """Count the words of a document's own name that are not wanted. Folders do not count."""
        name = name_words(_without_suffix(path.rpartition("/")[2]))
        title = name_words(self.titles[path])
        return min(len(set(name) - wanted), len(set(title) - wanted))


@lru_cache(MAX_CACHED)
def _words_of(path: str, title: str) -> frozenset[str]:
    """Return the words of a document's path and title, and those with a hyphen as one word too."""
    name = f"{_without_suffix(path)} {title}"
    written_as_one = [word.replace("-", "") for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)+", name.casefold())]
    return frozenset(name_words(f"{name} {' '.join(written_as_one)}"))


def _folder_words(name: str) -> list[str]:
    """Return the specific words of a folder's name, or all if none is, as in "notes"."""
    words = [word for word in name_words(name) if word not in ("the", "my", "our", "folder", "directory", "ordner")]
    return [word for word in words if word not in _GENERIC] or words


def _without_suffix(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return f"{folder}{slash}{stem}"


@lru_cache(MAX_CACHED)
def _literals(path: str) -> tuple[str, ...]:
    """The ways to write a document's name exactly: its path, its file name, and its stem if that is no common word."""
    name = path.rpartition("/")[2]
    stem = _without_suffix(name)
    is_telling = len(stem) >= _MIN_STEM and not stem.isalpha() and not re.search(r"\s", stem)
    return (path.casefold(), name.casefold(), *([stem.casefold()] if is_telling else []))


def _is_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w/.-]){re.escape(name)}(?![\w/-]|\.\w)", text) is not None
