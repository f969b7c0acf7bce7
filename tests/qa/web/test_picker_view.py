"""The documents to choose from, as HTML."""

from qa.web.picker_view import MAX_DOCUMENTS_LISTED, picker_html


def test_a_long_list_says_how_many_more_there_are():
    html = picker_html({f"many/{number:04}.md": "" for number in range(MAX_DOCUMENTS_LISTED + 5)}, "")
    assert html.count("data-document=") == MAX_DOCUMENTS_LISTED + 1  # and the folder
    assert "305 documents" in html and "5 more documents. Type to narrow the list." in html


def test_names_and_titles_are_shown_as_text():
    html = picker_html({"<b>/${x}.md": "*Soup* <i>"}, "")
    assert "<b>" not in html and "<i>" not in html and "${" not in html
    assert "Soup" in html


def test_an_empty_library_has_nothing_to_choose():
    assert "There are no documents yet." in picker_html({}, "tea")
