import threading

import pytest
from support.formats import FACTS, as_pdf

from index.build import build
from index.errors import ReadingError
from index.page_images import PageImages

FACT = "The lighthouse on Skarvoy island is 41 metres tall."


@pytest.fixture
def images(folder, index, encoder):
    (folder / "notes.pdf").write_bytes(as_pdf(FACTS))
    list(build(folder, index, encoder))
    made = PageImages(folder, index)
    yield made
    made.close()


def test_a_page_is_drawn_with_the_quote_marked(images):
    picture = images.draw("notes.pdf", 2, FACT)
    assert (picture.number, picture.pages, len(picture.marks)) == (2, 5, 1)
    assert picture.png.startswith(b"\x89PNG")
    assert images.draw("notes.pdf", 1, FACT, onward=True) == picture


def test_only_the_pages_of_pdf_files_are_shown(images):
    assert [images.can_draw(path) for path in ("notes.pdf", "a/NOTES.PDF.gz", "tea.md")] == [True, True, False]
    with pytest.raises(ReadingError, match=r"^tea\.md has no pages to show: open its text\.$"):
        images.draw("tea.md", 1)


def test_a_file_that_has_changed_since_it_was_read_is_not_shown(images, folder):
    (folder / "notes.pdf").write_bytes(as_pdf({"Tea": ["Other."]}))
    with pytest.raises(ReadingError, match=r"^notes\.pdf has changed since it was read: update the library"):
        images.draw("notes.pdf", 1)
    (folder / "notes.pdf").unlink()
    with pytest.raises(ReadingError, match=r"^notes\.pdf cannot be opened"):
        images.draw("notes.pdf", 1)


def test_what_is_not_in_the_index_is_not_opened(images, folder):
    for place in (folder.parent / "secret.pdf", folder / "other.pdf"):
        place.write_bytes(as_pdf(FACTS))
    for path in ("../secret.pdf", f"{folder.parent}/secret.pdf", "a/../../secret.pdf", "other.pdf", "x\0.pdf"):
        with pytest.raises(ReadingError, match="is not in the index"):
            images.draw(path, 1)


def test_a_link_put_in_a_documents_place_is_not_followed(images, folder):
    (folder / "notes.pdf").rename(folder.parent / "secret.pdf")
    (folder / "notes.pdf").symlink_to(folder.parent / "secret.pdf")
    with pytest.raises(ReadingError, match=r"^notes\.pdf cannot be opened"):
        images.draw("notes.pdf", 1)


def test_threads_share_one_process_and_each_gets_its_own_page(images):
    drawn = {}

    def draw(page):
        drawn[page] = images.draw("notes.pdf", page).number

    threads = [threading.Thread(target=draw, args=(page,)) for page in (1, 2, 3, 4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == {page: page for page in (1, 2, 3, 4, 5)}


def test_after_its_process_has_ended_the_next_page_is_drawn(images):
    images.draw("notes.pdf", 1)
    images._parser._process.kill()
    images._parser._process.wait()
    assert images.draw("notes.pdf", 2).number == 2
