"""Configure the program's one logger, "footnote"."""

import logging


def configure_logging(verbose: bool) -> None:
    """Write log lines to standard error: warnings, or every event with `verbose`."""
    logger = logging.getLogger("footnote")
    for handler in [*logger.handlers]:
        logger.removeHandler(handler)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s" if verbose else "%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO if verbose else logging.WARNING)
