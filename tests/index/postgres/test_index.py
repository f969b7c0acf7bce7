import os
import signal
from contextlib import suppress
from dataclasses import replace

import pytest
from support.fakes import ReadHere
from support.postgres import SERVER_USER, PostgresServer

from index.build import Report, build
from index.errors import (
    DatabaseUnreachableError,
    IndexNotWritableError,
    IndexOutdatedError,
    IndexUnusableError,
)
from index.postgres import schema
from index.postgres.index import PostgresIndex
from index.search.searcher import Searcher
from index.types import Block, Document
from index.verify import verify

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.fixture
def build_it(folder, database, encoder):
    def run(**options):
        *_, report = build(folder, database, encoder, **options)
        assert isinstance(report, Report)
        return report

    return run


@pytest.fixture(scope="module")
def restarted():
    """A server of this module, which its tests end and start."""
    server = PostgresServer()
    yield server
    server.remove()


def first(index, encoder, question="green tea"):
    return Searcher(index, encoder).search(question, 1).hits[0].passage.text


def test_a_database_without_an_index_says_so(database, encoder):
    assert not database.exists()
    with pytest.raises(IndexUnusableError, match=r"There is no index in postgresql://127.*: run python -m index build"):
        Searcher(database, encoder).search("tea", 1)


def test_a_second_builder_is_refused_until_the_first_has_ended(database, folder, build_it):
    build_it()
    with database.lock(), pytest.raises(IndexNotWritableError, match=r"Another build of postgresql://.* is running"):
        build_it()
    assert build_it().generation == 1


def test_a_build_lists_the_documents_that_it_removes_and_forgets_their_words(database, folder, build_it, encoder):
    build_it()
    (folder / "coffee.txt").unlink()
    assert build_it().changes.removed == 1
    with database.open() as store:
        assert store.passage_counts(["coffe", "tea"]) == {"tea": 2}
        assert set(store.word_counts()) >= {"green", "steeps"} and "coffee" not in store.word_counts()
        assert store.keyword_search(["ethiopia"], 5) == []
        assert verify(store, folder) == []


def test_a_full_build_leaves_nothing_of_the_old_edition(database, folder, build_it, postgres, encoder):
    build_it()
    assert build_it(full=True).embedded == 3
    name = database.url.partition("schema=")[2]
    counts = postgres.sql(
        f"SELECT (SELECT count(*) FROM {name}.edition), (SELECT count(*) FROM {name}.encoding), "
        f"(SELECT count(*) FROM {name}.document), (SELECT count(DISTINCT edition) FROM {name}.vector)"
    )
    assert counts.strip() == "1|3|2|1"
    assert first(database, encoder) == "Green tea steeps for two minutes."


def test_a_search_reads_one_generation_while_another_is_published(database, folder, build_it):
    build_it()
    with database.open() as store, store.snapshot():
        before = store.generation(), store.keyword_search(["tea"], 5), store.titles()
        (folder / "tea.md").write_text("# Tea\n\nTea is gone.\n")
        assert build_it().generation == 2
        assert (store.generation(), store.keyword_search(["tea"], 5), store.titles()) == before
    with database.open() as store:
        assert (store.generation(), len(store.keyword_search(["tea"], 5))) == (2, 1)


def test_characters_that_postgresql_cannot_store_are_replaced_one_by_one(database, folder, build_it, monkeypatch):
    odd = Document(path="tea.md", text="Black\0 tea is strong.", blocks=(Block(0, 21),))
    monkeypatch.setattr(ReadHere, "read", lambda reader, path, content: replace(odd, path=path))
    build_it()
    with database.open() as store:
        document = store.document("tea.md")
        assert document is not None and document.text == "Black\ufffd tea is strong."
        (passage,) = store.passages_of("tea.md")
        assert document.text[passage.start : passage.end] == passage.text


def test_damage_between_the_tables_is_found(database, folder, build_it, postgres):
    build_it()
    name = database.url.partition("schema=")[2]
    postgres.sql(f"UPDATE {name}.posting SET passages = passages || 9 WHERE term = 'tea'")
    postgres.sql(f"UPDATE {name}.meta SET passages = 9")
    with database.open() as store:
        assert verify(store, folder) == [
            "The counts of documents, passages and sentences are wrong. Run python -m index build --full.",
            "1 terms have postings that are wrong. Run python -m index build --full.",
        ]


def test_a_role_that_may_only_read_answers_and_cannot_build(database, folder, build_it, encoder, postgres):
    build_it()
    name = database.url.partition("schema=")[2]
    postgres.sql(f"CREATE ROLE r_{name} LOGIN")
    postgres.sql(f"GRANT USAGE ON SCHEMA {name} TO r_{name}; GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO r_{name}")
    reader = PostgresIndex(database.url.replace(f"{SERVER_USER}@", f"r_{name}@"))
    try:
        assert first(reader, encoder) == "Green tea steeps for two minutes."
        (folder / "tea.md").write_text("# Tea\n\nChanged.\n")
        with pytest.raises(IndexNotWritableError, match=r"cannot be written \(permission denied.*\): use a role that"):
            list(build(folder, reader, encoder))
        assert first(reader, encoder) == "Green tea steeps for two minutes."
    finally:
        reader.close()


def test_questions_go_to_the_replica_and_builds_to_the_database(database, folder, build_it, encoder, postgres):
    build_it()
    replica = f"{database.url}&application_name=replica"
    index = database.with_replica(replica)
    try:
        (folder / "tea.md").write_text("# Tea\n\nGreen tea is new.\n")
        *_, report = build(folder, index, encoder)
        assert report.generation == 2
        with index.open() as store:
            assert store.generation() == 2
            names = postgres.sql("SELECT application_name FROM pg_stat_activity").split()
        assert "replica" in names
    finally:
        index.close()


def test_reading_cannot_write(database, build_it):
    build_it()
    with (
        pytest.raises(IndexNotWritableError, match="cannot execute UPDATE in a read-only transaction"),
        database.open() as store,
    ):
        store._connection.execute("UPDATE meta SET generation = 9")


def test_a_statement_that_takes_too_long_is_ended(database, build_it):
    build_it()
    hurried = PostgresIndex(f"{database.url}&options=-c%20statement_timeout%3D100")
    try:
        with pytest.raises(IndexUnusableError, match=r"took too long .*statement timeout"), hurried.open() as store:
            store._connection.execute("SELECT pg_sleep(20)")
    finally:
        hurried.close()


def test_an_older_index_is_migrated_by_the_next_build_and_a_newer_one_is_left_alone(
    database, folder, build_it, monkeypatch
):
    build_it()
    migrations = (*schema.MIGRATIONS, "ALTER TABLE document ADD later text DEFAULT 'new'")
    older = PostgresIndex(database.url)
    with monkeypatch.context() as patched:
        patched.setattr("index.postgres.schema.MIGRATIONS", migrations)
        patched.setattr("index.postgres.index.MIGRATIONS", migrations)
        later = PostgresIndex(database.url)
        with pytest.raises(IndexOutdatedError, match="made by an older version of Footnote: run"), later.open():
            pass
        assert build_it().generation == 1
        with later.open() as store:
            row = store._connection.execute("SELECT later FROM document LIMIT 1").fetchone()
        assert row == {"later": "new"}
    with pytest.raises(IndexUnusableError, match="made by a newer version of Footnote: update Footnote"), older.open():
        pass
    for one in (older, later):
        one.close()


def test_a_server_that_is_not_there_is_said_in_one_line_without_the_password(encoder):
    index = PostgresIndex("postgresql://ada:secret@127.0.0.1:1/docs")
    try:
        with pytest.raises(
            DatabaseUnreachableError, match=r"^The database postgresql://127\.0\.0\.1:1/docs cannot"
        ) as said:
            index.exists()
        assert "secret" not in str(said.value) + repr(index) and "\n" not in str(said.value)
        assert "Connection refused" in str(said.value)
    finally:
        index.close()


@pytest.mark.slow
def test_after_a_restart_of_the_server_the_next_question_is_answered(restarted, folder, encoder):
    index = PostgresIndex(f"{restarted.url}?schema=restart")
    try:
        list(build(folder, index, encoder))
        searcher = Searcher(index, encoder)
        with pytest.raises(DatabaseUnreachableError, match=r"was lost .*: try again"), index.open() as store:
            restarted.stop()
            store.generation()
        restarted.start()
        assert searcher.search("green tea", 1).hits[0].passage.text == "Green tea steeps for two minutes."
    finally:
        index.close()


@pytest.mark.slow
def test_a_killed_server_process_ends_a_build_in_one_sentence_and_the_next_goes_on(restarted, folder, encoder):
    index = PostgresIndex(f"{restarted.url}?schema=killed")
    try:
        for number in range(80):
            (folder / f"{number}.md").write_text(f"Note {number}.")
        steps = build(folder, index, encoder)
        with pytest.raises(IndexUnusableError, match="was lost"):
            while next(steps).stage != "Embedding":
                pass
            for process in restarted.processes():
                with suppress(ProcessLookupError):  # the server ends the others when one is killed
                    os.kill(process, signal.SIGKILL)
            list(steps)
        restarted.wait_until_it_answers()
        *_, report = build(folder, index, encoder)
        assert (report.documents, report.generation) == (82, 1)
    finally:
        index.close()
