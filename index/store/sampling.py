"""Choose passages from all over an index."""

from index.store.store import Store
from index.types import Passage

# A document has `quota` slots; the first passage of each is taken.
_OF_EACH_DOCUMENT = """SELECT min(id) AS id FROM (
    SELECT id, document, (row_number() OVER of_document - 1) * :quota / count(*) OVER (PARTITION BY document) AS slot
    FROM passage WINDOW of_document AS (PARTITION BY document ORDER BY id))
    GROUP BY document, slot ORDER BY id"""


def sample(store: Store, count: int) -> list[Passage]:
    """Return up to `count` passages: as many of a long document as of a short one, evenly spaced in each."""
    with store.snapshot():
        documents = len(store.titles())
        rows = store.connection.execute(_OF_EACH_DOCUMENT, {"quota": max(1, count // max(documents, 1))})
        numbers = [row["id"] for row in rows]
        chosen = numbers[:: max(1, -(-len(numbers) // count))]
        passages = store.passages(chosen)
    return [passages[number] for number in chosen]
