"""Read what the documents of an index are called, once for each generation."""

from index.store.protocols import SearchStore
from index.types import FolderContents

NO_CONTENTS = FolderContents(generation=0, total_passages=0, titles={})


class ContentsCache:
    """Holds the contents of one generation. Safe to share between threads."""

    def __init__(self) -> None:
        self._contents = NO_CONTENTS

    def of(self, store: SearchStore) -> FolderContents:
        """Return the contents of an index, read again only if its generation has changed."""
        with store.snapshot():
            found = self._contents
            if found.generation != store.generation():
                held = store.describe()
                found = FolderContents(
                    generation=held.generation,
                    total_passages=held.passages,
                    titles=store.titles(),
                    dates=store.dates(),
                    languages=tuple(store.languages()),
                )
                self._contents = found
            return found
