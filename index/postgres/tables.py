"""Columns of the tables, and reading one row."""

from typing import Any

from psycopg import Connection

FILE_COLUMNS = "path, size, modified_ns, changed_ns, inode, sha256, reader, limits"
DOCUMENT_COLUMNS = (
    f"id, {FILE_COLUMNS}, title, unit, language, note, left_out, ocr_pages, date, blocks, pages, page_labels, text, "
    "passages"
)
SKIPPED_COLUMNS = f"{FILE_COLUMNS}, reason, original"
PASSAGE_COLUMNS = (
    'id, document, start, "end", pages, page_names, is_ocr, section, sentences, text, terms, section_terms, '
    "name_terms, length, sentence_count, has_acronym"
)


def one_row(connection: Connection[Any], query: str, *values: object) -> dict[str, Any]:
    """Return the row that a query has for certain."""
    row: dict[str, Any] | None = connection.execute(query, values).fetchone()
    assert row is not None, query
    return row
