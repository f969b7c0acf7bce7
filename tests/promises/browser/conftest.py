"""One browser, three apps and one page that the tests of the browser share."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from support.browser import (
    BREAD,
    CHROMIUM,
    HOSTILE,
    HOSTILE_NAME,
    QUIET,
    ROOT,
    TEA,
    go_to,
    opened,
    playwright,
    started,
    wait_for,
)

from qa.web.users import add_user


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, and skip them where there is no browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs chromium (apt-get install chromium)"))


@pytest.fixture(scope="package")
def browser() -> Iterator["playwright.Browser"]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def apps(tmp_path_factory: pytest.TempPathFactory, compiled: Path) -> Iterator[dict[str, tuple[str, Path]]]:
    """The address and the folder of three apps that start side by side: one for all, one that lets in users only and
    is read-only, and one without documents. That for all has a book, a folder, and a document to edit."""
    places = {name: tmp_path_factory.mktemp(name) for name in ("all", "users", "empty")}
    for place in places.values():
        (place / "sources").mkdir()
        if place != places["empty"]:
            shutil.copytree(ROOT / "sources", place / "sources", dirs_exist_ok=True)
            (place / "sources" / "tea.md").write_text(TEA, "utf-8")
            (place / "sources" / HOSTILE_NAME).write_text(HOSTILE, "utf-8")
    shared = places["all"] / "sources"
    (shared / "bread.md").write_text(BREAD, "utf-8")
    write_book(shared / "book.pdf")
    (shared / "drinks").mkdir()
    for name in ("cider", "perry"):
        needs = f"{name.capitalize()} needs:\n\n- ripe fruit\n- cold nights\n"
        (shared / "drinks" / f"{name}.md").write_text(
            f"{name.capitalize()} ferments for six weeks.\n\n{needs}", "utf-8"
        )
    add_user(places["users"] / "users", "ada", "green tea please")
    options = {"users": ("--auth", str(places["users"] / "users"), "--read-only")}
    with ExitStack() as stack:
        begun = {
            name: stack.enter_context(started(place / "sources", place / "index", *options.get(name, ())))
            for name, place in places.items()
        }
        for _, process in begun.values():
            wait_for(process)
        yield {name: (address, places[name] / "sources") for name, (address, _) in begun.items()}


def write_book(path: Path) -> None:
    """Write a PDF file of forty pages."""
    canvas = Canvas(str(path))
    for number in range(1, 41):
        canvas.drawString(72, 760, f"Chapter {number} is about the {'walnut harvest' if number == 23 else 'weather'}.")
        for line in range(30):
            canvas.drawString(72, 720 - 20 * line, f"Line {line} of page {number} says nothing.")
        canvas.showPage()
    canvas.save()


@pytest.fixture(scope="package")
def served(apps: dict[str, tuple[str, Path]]) -> tuple[str, Path]:
    return apps["all"]


@pytest.fixture(scope="package")
def first_page(browser: "playwright.Browser", served: tuple[str, Path]) -> Iterator["playwright.Page"]:
    with opened(browser, served[0]) as page:
        yield page


@pytest.fixture
def page(first_page: "playwright.Page") -> "playwright.Page":
    """The one page that these tests share, with a new conversation."""
    go_to(first_page, "Ask")
    if first_page.locator("#chat .turn").count():
        first_page.get_by_role("button", name="New conversation").click()
    playwright.expect(first_page.locator("#chat .turn")).to_have_count(0)
    if first_page.locator("#scope").is_visible():
        first_page.get_by_role("button", name="Ask all documents").click()
    return first_page
