"""Show the documents to choose from, by folder, for questions that are limited to some of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from qa.web.html import render

MAX_DOCUMENTS_LISTED = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A document to choose, by its name in its folder. A title that only repeats the name is empty."""

    path: str
    name: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The documents of a folder. Those at the top of the library have the folder ""."""

    folder: str
    choices: tuple[Choice, ...]


def picker_html(titles: Mapping[str, str], search: str) -> str:
    """List the documents whose path or title contains each word of a search, the first 300 of them."""
    words = search.casefold().split()
    found = [path for path in titles if all(word in f"{path} {titles[path]}".casefold() for word in words)]
    found.sort(key=lambda path: (_folder_of(path).casefold(), path.casefold()))
    groups = [
        Group(folder=folder, choices=tuple(_choice(path, titles[path]) for path in paths))
        for folder, paths in groupby(found[:MAX_DOCUMENTS_LISTED], key=_folder_of)
    ]
    return render(
        "picker.html", groups=groups, found=len(found), total=len(titles), more=len(found) - MAX_DOCUMENTS_LISTED
    )


def _choice(path: str, title: str) -> Choice:
    name = path.removeprefix(_folder_of(path))
    is_name = _letters(title) in (_letters(name), _letters(name.rpartition(".")[0]))
    return Choice(path=path, name=name, title="" if is_name else title)


def _letters(text: str) -> str:
    """Reduce a name to what tells it from others.

    >>> _letters("Travel_policy-2024")
    'travelpolicy2024'
    """
    return "".join(filter(str.isalnum, text.casefold()))


def _folder_of(path: str) -> str:
    return "".join(path.rpartition("/")[:2])
