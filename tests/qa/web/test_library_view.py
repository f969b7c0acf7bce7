from html import escape

from index.build import Progress
from index.store.records import FileStatus
from qa.web.library_view import facts_html, holds, status_html, table_html

FILES = [
    FileStatus(path="a<b>.md", state="indexed", characters=90, unit="page", passages=3),
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
    html = table_html(FILES, "", "Document", 0, True)
    assert '<th scope="row" dir="auto">a&lt;b&gt;.md</th><td>MD</td><td></td><td class="passages">3</td>' in html
    assert '<td>9 pages</td><td class="passages">2</td><td class="state partial">partial <small>b.pdf: pages 2' in html
    assert html.count('data-action="read"') == 2
    assert html.count('data-action="remove"') == 3
    assert "3 of 3 files" in html


def test_a_library_that_is_read_only_offers_no_removal():
    assert 'data-action="remove"' not in table_html(FILES, "", "Document", 0, False)


def test_the_table_is_searched_by_name_type_and_state():
    for wanted, path in (("B.PDF", "b.pdf"), ("skip", "c.exe"), ("md", "a&lt;b&gt;.md")):
        html = table_html(FILES, wanted, "Document", 0, True)
        assert "1 of 3 files" in html and f">{path}</th>" in html
    assert "0 of 3 files" in table_html(FILES, "none", "Document", 0, True)


def test_the_table_is_sorted_by_a_column_either_way():
    assert order(table_html(FILES, "", "Passages", 0, True)) == ["c.exe", "b.pdf", "a<b>.md"]
    html = table_html(FILES, "", "-Passages", 0, True)
    assert order(html) == ["a<b>.md", "b.pdf", "c.exe"]
    assert '<th scope="col" aria-sort="descending">' in html
    assert order(table_html(FILES, "", "no column", 0, True)) == ["a<b>.md", "b.pdf", "c.exe"]


def test_a_long_table_has_pages():
    files = [FileStatus(path=f"{number:03}.md", state="indexed") for number in range(250)]
    html = table_html(files, "", "Document", 1, True)
    assert "page 2 of 3" in html and "100.md</th>" in html and "200.md</th>" not in html
    assert 'data-page="0"' in html and 'data-page="2"' in html
    assert "page 3 of 3" in table_html(files, "", "Document", 99, True)


def test_the_status_says_how_far_a_build_is_and_how_long_it_takes_still():
    html = status_html("1 document", "", "", Progress(stage="Embedding", done=50, total=200), 10.0)
    assert "Embedding 50 of 200" in html and 'value="50" max="200"' in html and "about 30 s left" in html
    assert "left" not in status_html("", "", "", Progress(stage="Embedding", done=5, total=200), 10.0)


def test_the_status_is_escaped():
    assert "&lt;b&gt;" in status_html("1 document", "<b>", "", None)
    assert "<dd dir='auto'>&lt;i&gt;</dd>" in facts_html([("Folder", "<i>")])


def test_what_an_index_holds_is_said_in_one_line():
    assert holds(1_200, 1, 0.0).startswith("1,200 documents · 1 passage · last build ")
