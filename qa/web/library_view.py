"""The library as HTML (pure): what the index holds, how it stands to the folder, and every document with its state."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from qa.formatting import count, line
from qa.question_log import AnswerChange, Quotes
from qa.types import DECLINED
from qa.web.html import action, html

MOST_ROWS = 100
COLUMNS = ("Document", "Type", "Pages", "Passages", "State")


class Building(Protocol):
    """How far a build is."""

    @property
    def stage(self) -> str: ...
    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...


class Entry(Protocol):
    """What became of a file."""

    @property
    def path(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def pages(self) -> int: ...
    @property
    def unit(self) -> str: ...
    @property
    def passages(self) -> int: ...


def holds(documents: int, passages: int, built_at: float) -> str:
    """What an index holds, in one line.

    >>> holds(1, 2, 0.0).split(" · ")[:2]
    ['1 document', '2 passages']
    """
    built = datetime.fromtimestamp(built_at).strftime("%d %B %Y, %H:%M")
    return f"{count(documents, 'document')} · {count(passages, 'passage')} · last build {built}"


def status_html(
    summary: str, changed: str, problem: str, building: Building | None, seconds: float = 0.0, document: str = ""
) -> str:
    """The line that says what the index holds, whether the folder differs, and how far a running build is, that runs
    for so many seconds and is at some document."""
    parts = [f"<span>{html(summary)}</span>"] if summary else []
    if building:
        share = f' value="{building.done}" max="{building.total}"' if building.total else ""
        reached = f"{building.done} of {building.total}" if building.total else ""
        bar = f'<progress aria-label="Progress of the build"{share}></progress>'
        said = f"{html(building.stage)} {reached} {bar} {_left(building, seconds)}"
        parts.append(f'<span class="building">{said} <span dir="auto">{html(document)}</span></span>')
    elif changed:
        parts.append(f'<span class="changed">{html(changed)}</span>')
    if problem:
        parts.append(f'<span class="problem">{html(problem)}</span>')
    return f'<div role="status">{"<br>".join(parts)}</div>'


def table_html(entries: Sequence[Entry], wanted: str, order: str, page: int, may_change: bool) -> str:
    """The documents whose names or states hold what is wanted, a hundred to a page, in the order of a column ("-" in
    front turns it round), each to be opened and, if it may be, removed."""
    found = [entry for entry in entries if wanted.casefold() in f"{entry.path} {_kind(entry)} {entry.state}".casefold()]
    key, turned = order.removeprefix("-"), order.startswith("-")
    found.sort(key=_KEYS.get(key, _KEYS["Document"]), reverse=turned)
    pages = max(1, -(-len(found) // MOST_ROWS))
    page = min(max(page, 0), pages - 1)
    rows = "".join(_row(entry, may_change) for entry in found[page * MOST_ROWS : (page + 1) * MOST_ROWS])
    heads = "".join(_head(column, key, turned) for column in COLUMNS)
    shown = f"{len(found)} of {count(len(entries), 'file')}"
    turns = [
        action("page", "Previous", "Previous page", page=page - 1) if page else "",
        f"page {page + 1} of {pages}" if pages > 1 else "",
        action("page", "Next", "Next page", page=page + 1) if page + 1 < pages else "",
    ]
    if not entries:
        return '<p class="quiet">The folder is empty: drop files above, or put some into it.</p>'
    return (
        f'<p class="quiet" role="status">{shown} {" ".join(turns)}</p>'
        '<div class="scroll" tabindex="0" role="region" aria-label="Documents"><table class="files">'
        f'<thead><tr>{heads}<th scope="col"><span class="unseen">Actions</span></th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(entry: Entry, may_change: bool) -> str:
    is_read = entry.state in ("indexed", "partial", "edited")
    buttons = [
        action("read", "Open", f"Open {entry.path}", document=entry.path) if is_read else "",
        action("remove", "Remove", f"Remove {entry.path}", document=entry.path)
        if may_change and entry.state != "removed"
        else "",
    ]
    why = f"<small>{html(entry.reason)}</small>" if entry.reason else ""
    pages = count(entry.pages, entry.unit) if entry.pages else ""
    return (
        f'<tr><th scope="row" dir="auto">{html(entry.path)}</th><td>{html(_kind(entry))}</td><td>{html(pages)}</td>'
        f'<td class="passages">{entry.passages or ""}</td><td class="state {entry.state}">{entry.state} {why}</td>'
        f'<td class="do">{"".join(buttons)}</td></tr>'
    )


def _head(column: str, key: str, turned: bool) -> str:
    is_key = column == key
    sort = f' aria-sort="{"descending" if turned else "ascending"}"' if is_key else ""
    arrow = (" ↓" if turned else " ↑") if is_key else ""
    order = f"-{column}" if is_key and not turned else column
    return f'<th scope="col"{sort}>{action("sort", column + arrow, f"Sort by {column.lower()}", order=order)}</th>'


def _kind(entry: Entry) -> str:
    name = entry.path.rpartition("/")[2]
    return name.rpartition(".")[2].upper() if "." in name else ""


_KEYS: dict[str, Callable[[Entry], tuple[int | str, str]]] = {
    "Document": lambda entry: (entry.path.casefold(), entry.path),
    "Type": lambda entry: (_kind(entry), entry.path),
    "Pages": lambda entry: (entry.pages, entry.path),
    "Passages": lambda entry: (entry.passages, entry.path),
    "State": lambda entry: (entry.state, entry.path),
}


def changes_html(changes: Sequence[AnswerChange]) -> str:
    """The questions whose answers are different now, before and after side by side; nothing where there are none."""
    if not changes:
        return ""
    answers = "1 earlier answer is" if len(changes) == 1 else f"{len(changes)} earlier answers are"
    rows = "".join(
        f'<tr><th colspan="2" scope="rowgroup" dir="auto">{html(change.question)}</th></tr>'
        f"<tr><td>{_quoted(change.before)}</td><td>{_quoted(change.after)}</td></tr>"
        for change in changes
    )
    head = '<tr><th scope="col">Before</th><th scope="col">Now</th></tr>'
    return f'<details class="changes"><summary>{answers} different now</summary><table>{head}{rows}</table></details>'


def _quoted(quotes: Quotes) -> str:
    said = [f'<p dir="auto">{html(line(quote))} <small>{html(where)}</small></p>' for where, quote in quotes]
    return "".join(said) or f"<p>{DECLINED}</p>"


def last_build_html(changes: Iterable[object], summary: str) -> str:
    """What the last build changed, file by file, folded away."""
    listed = "".join(f'<li dir="auto">{html(str(change))}</li>' for change in changes)
    if not listed:
        return ""
    return f'<details class="last"><summary>The last build: {html(summary)}</summary><ul>{listed}</ul></details>'


def facts_html(facts: Iterable[tuple[str, str]]) -> str:
    """Facts about the index as a list of names and values."""
    listed = "".join(f"<dt>{html(name)}</dt><dd dir='auto'>{html(value)}</dd>" for name, value in facts)
    return f'<dl class="facts">{listed}</dl>'


def _left(building: Building, seconds: float) -> str:
    """How long a build will take still, where enough is done to tell."""
    if building.done < 20 or seconds < 3 or not building.total:
        return ""
    left = seconds * (building.total - building.done) / building.done
    return f"about {left / 60:.0f} min left" if left > 90 else f"about {max(left, 1):.0f} s left"
