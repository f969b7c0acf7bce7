"""Keyword search in PostgreSQL: BM25 over postings of our own stems, with the scores of SQLite's FTS5.

A row of the table `posting` is a block: a term, up to 128 passages that hold it, how often each does (in headings and
names twice as much), and how many terms each has. A passage takes a sixth of the room that a row for each term would.
A build takes the blocks of the passages that go, and the last block of each term that comes, and writes them again.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

BLOCK = 128  # passages
K1, B = 1.2, 0.75  # as FTS5 has them
_MAX_COUNT = 32_767  # of a smallint
_MIN_IDF = 1e-6  # of a term that more than half of the passages hold, as in FTS5

_SEARCH = f"""
WITH size AS MATERIALIZED (
    SELECT passages::float8 AS passages, terms::float8 / greatest(passages, 1) AS mean FROM meta),
asked AS MATERIALIZED (
    SELECT term.word, place,
        greatest(ln((size.passages - passage_count + 0.5) / (passage_count + 0.5)), {_MIN_IDF}) AS idf
    FROM unnest(%(terms)s::text[]) WITH ORDINALITY AS typed(word, place)
    JOIN term ON term.word = typed.word COLLATE "C" CROSS JOIN size),
found AS (
    SELECT one.passage, place,
        idf * ((frequency * ({K1}::float8 + 1))
            / (frequency + {K1}::float8 * (1 - {B}::float8 + {B}::float8 * length / size.mean))) AS score
    FROM asked JOIN posting ON posting.term = asked.word CROSS JOIN size,
        unnest(posting.passages, frequencies, lengths) AS one(passage, frequency, length)
    WHERE posting.term = ANY(%(terms)s::text[]) {{only}})
SELECT passage, sum(score ORDER BY place) AS score FROM found GROUP BY passage ORDER BY score DESC, passage LIMIT %(k)s
"""
# The postings of staged passages: terms of the text count once, those of headings and names twice.
_STAGE = f"""
CREATE TEMP TABLE staged_posting ON COMMIT DROP AS
SELECT term COLLATE "C" AS term, id AS passage, least(sum(weight), {_MAX_COUNT})::smallint AS frequency,
    least(length, {_MAX_COUNT})::smallint AS length
FROM staged_passage, LATERAL (
    SELECT term, 1 AS weight FROM string_to_table(terms, ' ') AS term
    UNION ALL SELECT term, 2 FROM string_to_table(section_terms, ' ') AS term
    UNION ALL SELECT term, 2 FROM string_to_table(name_terms, ' ') AS term) AS held
WHERE term <> '' GROUP BY term, id, length"""
_GONE_TERMS = """
CREATE TEMP TABLE gone_term ON COMMIT DROP AS
SELECT DISTINCT term COLLATE "C" AS term, id AS passage
FROM staged_gone, LATERAL string_to_table(concat_ws(' ', terms, section_terms, name_terms), ' ') AS term
WHERE term <> ''"""
_COUNT = (
    """INSERT INTO term SELECT term, count(*) FROM staged_posting GROUP BY term
    ON CONFLICT (word) DO UPDATE SET passage_count = term.passage_count + excluded.passage_count""",
    """UPDATE term SET passage_count = passage_count - gone.count
    FROM (SELECT term, count(*) AS count FROM gone_term GROUP BY term) AS gone WHERE term.word = gone.term""",
    "DELETE FROM term USING (SELECT DISTINCT term FROM gone_term) AS gone WHERE word = term AND passage_count = 0",
)
_TAKE = f"""
WITH last_block AS (
    SELECT DISTINCT ON (posting.term) posting.term, posting.first, cardinality(passages) AS size
    FROM posting JOIN (SELECT DISTINCT term FROM staged_posting) AS coming USING (term)
    ORDER BY posting.term, posting.first DESC),
chosen AS (
    SELECT term, first FROM last_block WHERE size < {BLOCK}
    UNION SELECT posting.term, posting.first FROM posting JOIN gone_term
        ON posting.term = gone_term.term AND gone_term.passage BETWEEN posting.first AND posting.last),
taken AS (
    DELETE FROM posting USING chosen WHERE (posting.term, posting.first) = (chosen.term, chosen.first)
    RETURNING posting.term, passages, frequencies, lengths)
INSERT INTO staged_posting
SELECT term, passage, frequency, length
FROM taken, unnest(passages, frequencies, lengths) AS one(passage, frequency, length)
WHERE NOT EXISTS (SELECT 1 FROM staged_gone WHERE staged_gone.id = passage)"""
_WRITE = f"""
INSERT INTO posting
SELECT term, min(passage), max(passage), array_agg(passage ORDER BY passage), array_agg(frequency ORDER BY passage),
    array_agg(length ORDER BY passage)
FROM (
    SELECT *, (row_number() OVER (PARTITION BY term ORDER BY passage) - 1) / {BLOCK} AS block
    FROM staged_posting) AS numbered
GROUP BY term, block"""
_WRONG = """
SELECT count(*) AS count FROM term FULL JOIN (
    SELECT term, sum(cardinality(passages)) AS count FROM posting GROUP BY term) AS held ON held.term = term.word
WHERE term.passage_count IS DISTINCT FROM held.count"""


def keyword_search(
    connection: Connection[Any], terms: Sequence[str], k: int, only: Sequence[int] | None
) -> list[tuple[int, float]]:
    """Return the k passages with the highest BM25 score for any of the terms, best first."""
    values: dict[str, Any] = {"terms": list(terms), "k": k}
    if only is not None:
        values["only"] = list(only)
    query = _SEARCH.format(only="" if only is None else "AND one.passage = ANY(%(only)s)")
    return [(row["passage"], row["score"]) for row in connection.execute(query, values)]


def update_postings(connection: Connection[Any]) -> None:
    """Write the postings of `staged_passage` and remove those of `staged_gone`, inside a transaction."""
    for statement in (_STAGE, _GONE_TERMS, "ANALYZE staged_posting", *_COUNT, _TAKE, _WRITE):
        connection.execute(statement)


def wrong_terms(connection: Connection[Any]) -> int:
    """Return how many terms have another number of postings than is noted."""
    row = connection.execute(_WRONG).fetchone()
    return int(row["count"]) if row else 0
