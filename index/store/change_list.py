"""List what a build changed, from the numbers of passages that are new, removed and unchanged in each file."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from index.store.records import Change, Changes, Difference
from index.store.schema import Row

MAX_LISTED_CHANGES = 300


def list_changes(difference: Difference, counts: Mapping[str, Row], total: Row | None) -> Changes:
    """Return the changes of a build. `counts` has the passages of each path, and `total` those of all files."""
    changes = [Change(what="renamed", path=new, was=old) for old, new in difference.renamed]
    changes += [
        Change(what=what, path=path)
        for what in ("edited", "removed", "added", "reread")
        for path in getattr(difference, what)
    ]
    listed = [
        replace(change, **{name: counts[change.path][name] for name in ("added", "removed", "unchanged")})
        if change.path in counts
        else change
        for change in changes[:MAX_LISTED_CHANGES]
    ]
    return Changes(
        counts=dict(Counter(change.what for change in changes)),
        added=total["added"] if total else 0,
        removed=total["removed"] if total else 0,
        unchanged=total["unchanged"] if total else 0,
        files=tuple(listed),
    )
