"""Encode passages for builds that other processes run, until the caller stops."""

import logging
import time
from collections.abc import Iterator

from index.embed_passages import PassageEncoder, embed
from index.errors import DatabaseUnreachableError
from index.progress import Progress
from index.store.protocols import Index

WAITING = "Waiting"
POLL_SECONDS = 1.0
RETRY_SECONDS = 2.0
logger = logging.getLogger("footnote")


def work(index: Index, encoder: PassageEncoder) -> Iterator[Progress]:
    """Encode what builds queue, and yield the progress. Connect again if the connection is lost.

    Raises:
        IndexUnusableError: the index is no database, or a build uses another model.
    """
    is_lost = False
    while True:
        try:
            with index.open_work(encoder) as queues:
                if is_lost:
                    logger.warning("The worker is connected to %s again.", index)
                is_lost = False
                while True:
                    queue = queues.queue()
                    if queue:
                        yield from embed(queue, encoder)
                    else:
                        yield Progress(stage=WAITING)
                        time.sleep(POLL_SECONDS)
        except DatabaseUnreachableError as error:
            if not is_lost:
                logger.warning("%s The worker tries again every %.0f seconds.", error, RETRY_SECONDS)
            is_lost = True
            yield Progress(stage=WAITING)
            time.sleep(RETRY_SECONDS)
