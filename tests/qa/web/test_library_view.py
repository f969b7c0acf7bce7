import time
from html import escape

from index.build import Progress
from index.store.records import FileStatus
from qa.web.library_view import Status, TableView, facts_html, status_html, summary_text, table_html

FILES = [
    FileStatus(path="a<b>.md", state="indexed", characters=90, unit="page", passages=3, left_out={"hidden row": 2}),
    FileStatus(
        path="b.pdf",
        state="partial",
        reason="b.pdf: pages 2 and 3 are scanned.",
        characters=50,
        pages=9,
        unit="page",
        passages=2,
    ),
    FileStatus(path="c.exe", state="skipped", reason="c.exe is skipped, since .exe files are not read."),
]


def order(html):
    return sorted((entry.path for entry in FILES), key=lambda path: html.index(f"{escape(path)}</th>"))


def test_the_table_has_every_file_with_its_state_and_why():
    html = table_html(FILES, TableView(), True)
    assert (
        '<th scope="row" dir="auto">a&lt;b&gt;.md</th><td>MD</td><td class="number"></td>'
        '<td class="passages number">3</td>' in html
    )
    assert (
        '<td class="number">9 pages</td><td class="passages number">2</td>'
        '<td class="state partial">partly read <small>Pages 2' in html
    )
    assert html.count('data-action="read"') == 2
    assert html.count('data-action="remove"') == 3
    assert ">3 files" in html


def test_while_a_build_runs_files_that_it_reads_need_no_attention():
    reason = "new.md waits to be read: update the library to read it."
    files = [*FILES, FileStatus(path="new.md", state="added", reason=reason)]
    html = table_html(files, TableView(), True, is_building=True)
    assert ">2 need attention<" in html and '<td class="state added">waiting</td>' in html
    html = table_html(files, TableView(), True)
    assert ">3 need attention<" in html and "waiting <small>Waits to be read: update the library" in html


def test_a_file_without_text_is_empty():
    html = table_html([FileStatus(path="none.txt", state="indexed")], TableView(search="empty"), True)
    assert '<td class="state indexed">empty</td>' in html


def test_a_library_that_is_read_only_offers_no_removal():
    assert 'data-action="remove"' not in table_html(FILES, TableView(), False)


def test_the_table_is_searched_by_name_type_and_state():
    for wanted, path in (("B.PDF", "b.pdf"), ("skip", "c.exe"), ("md", "a&lt;b&gt;.md")):
        html = table_html(FILES, TableView(search=wanted), True)
        assert ">1 file of 3" in html and f">{path}</th>" in html
    assert ">0 files of 3" in table_html(FILES, TableView(search="none"), True)


def test_the_table_is_sorted_by_a_column_either_way():
    assert order(table_html(FILES, TableView(order="Passages"), True)) == ["c.exe", "b.pdf", "a<b>.md"]
    html = table_html(FILES, TableView(order="-Passages"), True)
    assert order(html) == ["a<b>.md", "b.pdf", "c.exe"]
    assert '<th scope="col" aria-sort="descending">' in html
    assert order(table_html(FILES, TableView(order="no column"), True)) == ["a<b>.md", "b.pdf", "c.exe"]


def test_a_long_table_has_pages():
    files = [FileStatus(path=f"{number:03}.md", state="indexed") for number in range(250)]
    html = table_html(files, TableView(page=1), True)
    assert "page 2 of 3" in html and "100.md</th>" in html and "200.md</th>" not in html
    assert 'data-page="0"' in html and 'data-page="2"' in html
    assert "page 3 of 3" in table_html(files, TableView(page=99), True)


def test_the_status_reports_the_progress_of_a_build_and_estimates_its_end():
    building = Progress(stage="Embedding", done=1_050, total=4_200, share=0.25)
    html = status_html(Status(summary="1 document", building=building, seconds=10.0))
    assert "Indexing 1,050 of 4,200 passages" in html and 'value="0.25" max="1"' in html
    assert "about 30 s left" in html and 'data-short="25 %"' in html
    begun = Progress(stage="Embedding", done=5, total=200, share=0.025)
    assert "left" not in status_html(Status(building=begun, seconds=10.0))


def test_while_files_are_read_the_status_has_the_passages_that_are_indexed_too():
    building = Progress(stage="Reading", done=12, total=70, embedded=512, share=0.1)
    html = status_html(Status(building=building, seconds=10.0, embedded=512))
    assert "Reading 12 of 70 files, 512 passages indexed · about 90 s left" in html
    assert "Reading 12 of 70 files</span>" in status_html(Status(building=building, seconds=1.0))


def test_the_status_links_to_documents_that_need_attention():
    assert ">2 documents need attention</button>" in status_html(Status(summary="3 documents", unread=2))
    assert "attention" not in status_html(Status(summary="3 documents"))


def test_the_status_is_escaped():
    assert "&lt;b&gt;" in status_html(Status(summary="1 document", problem="<b>"))
    assert '<dd dir="auto">&lt;i&gt;</dd>' in facts_html([("Folder", "<i>")])


def test_the_summary_is_one_line():
    assert summary_text(1_200, 0.0) == "1,200 documents · updated 1 January 1970, 00:00"
    assert summary_text(1, time.time()).startswith("1 document · updated today ")


def test_sorted_by_name_files_are_listed_by_folder():
    paths = ("b/two.md", "a.md", "b/one.md", "b/c/three.md")
    files = [FileStatus(path=path, state="indexed") for path in paths]
    html = table_html(files, TableView(), True)
    places = [html.index(f">{text}</") for text in ("a.md", "b/", "one.md", "two.md", "b/c/", "three.md")]
    assert places == sorted(places)
    assert 'data-document="b/" aria-label="Ask only b/"' in html and ">2 files</span>" in html
    assert ">b/one.md</th>" in table_html(files, TableView(order="Type"), True)
    assert 'class="folder"' not in table_html(files[1:2], TableView(), True)
