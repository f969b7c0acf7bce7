"""Take pictures of every state of the page: `python tests/support/pictures.py FOLDER`.

Each is taken in light and dark, on a desktop, a wide screen and a phone.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))

from qa.web.users import add_user
from support.browser import CHROMIUM, PHONE, QUIET, ask, go_to, held, playwright, send, serve, started
from support.llm_server import language_model
from support.sample_folder import write_sample

QUESTIONS = {
    "list": "What do I do in case of fire?",
    "table": "How much may a hotel cost?",
    "code": "How do I close the cash register?",
    "differing": "How long may a test ride last?",
    "declined": "Who won the 2018 World Cup?",
    "documents": "What documents are there?",
    "overview": "Summarise the user manual of the City 3",
    "answer": "How many days of paid leave do we have?",
}
DOCUMENTS = ("manuals/city-3.pdf", "handbook/safety.docx", "stock.xlsx", "shop/questions.html", "letters/delivery.eml")
LONG = "archive/workshop-log.txt"
EXPECTED = (
    ("How many days of paid leave do we have?", "28 days"),
    ("How often should the chain be oiled?", "300 kilometres"),
    ("Who won the 2018 World Cup?", "France"),
)
TEA = "# Tea\n\nGreen tea steeps for two minutes. Black tea steeps for five minutes.\n"


@dataclass(frozen=True, kw_only=True)
class Size:
    """A window to take pictures of."""

    name: str
    width: int
    height: int

    @property
    def is_phone(self) -> bool:
        """Whether it is a phone's."""
        return self.width < 500


SIZES = (
    Size(name="", width=1280, height=860),
    Size(name="-short", width=1280, height=640),  # for the README
    Size(name="-wide", width=1920, height=1080),
    Size(name="-phone", width=360, height=740),
)


def main() -> None:
    """Write a picture of each state in each size and scheme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sources", type=Path, help="documents to ask, instead of those of a small company")
    parser.add_argument("--question", action="append", help="a question to ask about them")
    parser.add_argument("--size", choices=[size.name for size in SIZES], help="only in this size")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sizes = [size for size in SIZES if options.size in (None, size.name)]
    with tempfile.TemporaryDirectory() as place, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for scheme, size in product(("light", "dark"), sizes):
            wanted = {"color_scheme": scheme, "viewport": {"width": size.width, "height": size.height}}
            context = browser.new_context(**(PHONE if size.is_phone else {}) | wanted)
            with ExitStack() as stack:
                stack.callback(context.close)
                name = f"{scheme}{size.name}"
                work = Path(tempfile.mkdtemp(dir=place))
                if options.sources:
                    address = stack.enter_context(serve(options.sources, work / "index"))
                    states = asked(context, address, {f"answer-{n}": text for n, text in enumerate(options.question)})
                else:
                    states = all_states(context, work, size.is_phone)
                for page, state in states:
                    page.wait_for_timeout(500)
                    page.screenshot(path=options.folder / f"{state}-{name}.png", animations="disabled")


State = tuple["playwright.Page", str]


def all_states(context: "playwright.BrowserContext", place: Path, is_phone: bool) -> Iterator[State]:
    """Show every state of the page, one after the other."""
    company = place / "harbour-bicycles"
    company.mkdir()
    write_sample(company)
    yield from building(context, place)
    yield from signing_in(context, place, company)
    yield from writing(context, place)
    with serve(company, place / "index") as address:
        page = context.new_page()
        page.goto(address)
        playwright.expect(page.locator(".welcome .examples")).to_be_visible(timeout=120_000)
        for state in (
            conversation(page),
            checking(page, is_phone),
            documents(page),
            changed(page, company / "handbook" / "holidays.md", is_phone),
            library(page),
            evaluation(page),
            lost(page),
        ):
            yield from ((page, name) for name in state)


def asked(context: "playwright.BrowserContext", address: str, questions: dict[str, str]) -> Iterator[State]:
    """Show the first view, and the answers to some questions."""
    page = context.new_page()
    page.goto(address)
    playwright.expect(page.locator(".welcome .examples")).to_be_visible(timeout=600_000)
    yield page, "first"
    for name, question in questions.items():
        ask(page, question)
        yield page, name


def building(context: "playwright.BrowserContext", place: Path) -> Iterator[State]:
    """Show an empty folder, and its first build with a question that waits."""
    folder = place / "empty"
    folder.mkdir()
    with serve(folder, place / "empty-index") as address:
        page = context.new_page()
        page.goto(address)
        playwright.expect(page.get_by_role("button", name="Add documents")).to_be_visible()
        yield page, "empty"
        go_to(page, "Library")
        yield page, "empty-library"
        go_to(page, "Ask")
        parts = (f"# Part {number}\n\nThis is part {number} of many.\n\n" for number in range(4_000))
        (folder / "long.md").write_text("".join(parts), "utf-8")
        page.get_by_role("button", name="Update").click()
        playwright.expect(page.locator("#status progress[value]")).to_be_visible(timeout=30_000)
        page.wait_for_timeout(4_000)
        yield page, "building"
        send(page, "What is part 7?")
        yield page, "building-asked"
        page.close()


def signing_in(context: "playwright.BrowserContext", place: Path, company: Path) -> Iterator[State]:
    """Show the sign-in, and a wrong password."""
    add_user(place / "users", "ada", "green tea please")
    with started(company, place / "users-index", "--auth", str(place / "users")) as (address, process):
        assert process.stdout and process.stdout.readline()
        page = context.new_page()
        page.goto(address)
        page.get_by_label("Username").fill("ada")
        yield page, "sign-in"
        page.get_by_label("Password").fill("black tea")
        page.keyboard.press("Enter")
        playwright.expect(page.locator("p.creds")).to_be_attached()
        yield page, "sign-in-wrong"
        page.close()


def writing(context: "playwright.BrowserContext", place: Path) -> Iterator[State]:
    """Show a written answer with a sentence that is not supported, and a failure."""
    folder = place / "teas"
    folder.mkdir()
    (folder / "tea.md").write_text(TEA, "utf-8")
    with language_model() as model:
        options = ("--llm", model.address, "--llm-model", "a-model")
        with serve(folder, place / "teas-index", *options) as address:
            page = context.new_page()
            page.goto(address)
            playwright.expect(page.locator(".welcome .examples, .welcome .summary")).not_to_have_count(0)
            for state, behaviour in (("written", "mixed"), ("written-failed", "500")):
                model.behaviour = behaviour
                ask(page, "How long does green tea steep?")
                yield page, state
            page.close()


def conversation(page: "playwright.Page") -> Iterator[str]:
    """Ask, and scroll back."""
    yield "first"
    with held(page, "ask"):
        send(page, "How much does the City 3 cost?")
        yield "asking"
    playwright.expect(page.locator("body.busy")).to_have_count(0)
    for name, question in QUESTIONS.items():
        ask(page, question)
        yield f"answer-{name}"
    page.locator("#chat .turn").nth(3).locator(".question").scroll_into_view_if_needed()
    yield "conversation"
    page.locator("#pick").click()
    yield "picker"
    page.locator("#choices").get_by_text("handbook/", exact=True).click()
    page.keyboard.press("Escape")
    ask(page, "How much leave do we have?")
    yield "answer-limited"
    page.get_by_role("button", name="Ask all documents").first.click()


def checking(page: "playwright.Page", is_phone: bool) -> Iterator[str]:
    """Check a quote of a PDF file."""
    ask(page, "How often should I oil the chain?")
    footnote = page.locator("#chat .turn").last.locator("a.footnote").first
    footnote.hover()
    yield "hover"
    footnote.click()
    yield "sources"
    page.locator(".card.lit").get_by_role("button", name="Show in document").click()
    playwright.expect(page.locator("#document .spot").first).to_be_visible()
    yield "document"
    leave(page, is_phone)


def leave(page: "playwright.Page", is_phone: bool) -> None:
    """Go back to the conversation; on a phone the sources stand between."""
    for _ in range(2 if is_phone else 1):
        page.go_back()
        page.wait_for_timeout(300)


def documents(page: "playwright.Page") -> Iterator[str]:
    """Open documents of all types from the library, and search one."""
    for path in (*DOCUMENTS, LONG):
        go_to(page, "Ask")
        page.evaluate("path => footnote.openDocument({document: path, quote: '', start: 0})", path)
        playwright.expect(page.locator("#document .bar")).to_be_visible()
        yield f"document-{path.rpartition('.')[2]}"
        if path == LONG:
            page.get_by_label("Find in this document").fill("lathe")
            yield "document-found"
        page.get_by_role("button", name="Back to library").click()
    go_to(page, "Ask")


def changed(page: "playwright.Page", file: Path, is_phone: bool) -> Iterator[str]:
    """Edit a document that was quoted, and put its text back."""
    ask(page, QUESTIONS["answer"])
    text = file.read_text("utf-8")
    file.write_text(text.replace("28 days", "30 days"), "utf-8")
    playwright.expect(page.locator("#status .changed")).to_be_attached()
    yield "changed"
    turn = page.locator("#chat .turn").last
    turn.locator("a.footnote").first.click()
    page.locator(".card.lit").get_by_role("button", name="Show in document").click()
    playwright.expect(page.locator("#document .compared")).to_be_visible()
    yield "document-changed"
    file.write_text(text, "utf-8")
    leave(page, is_phone)


def library(page: "playwright.Page") -> Iterator[str]:
    """Add files that can and that cannot be read, and remove one."""
    go_to(page, "Library")
    playwright.expect(page.locator("table.files")).to_be_visible()
    yield "library"
    files = (("notes.md", b"# Notes\n\nThe tyres come from Lyon.\n"), ("photo.png", b"x"), ("scan.pdf", b"x"))
    given = [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    page.locator("#drop input[type=file]").set_input_files(given)
    playwright.expect(page.locator("#note li.problem")).to_have_count(2)
    yield "library-added"
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove notes.md").click()
    playwright.expect(page.get_by_role("button", name="Undo: restore notes.md")).to_be_visible()
    yield "library-removed"
    page.get_by_role("button", name="need").last.click()
    yield "library-attention"


def evaluation(page: "playwright.Page") -> Iterator[str]:
    """Evaluate three questions."""
    go_to(page, "Evaluate")
    yield "evaluate"
    lines = "\n".join(json.dumps({"question": question, "answers": [text]}) for question, text in EXPECTED)
    file = {"name": "questions.jsonl", "mimeType": "application/jsonl", "buffer": lines.encode()}
    page.locator("input[type=file][accept]").set_input_files(file)
    page.get_by_role("button", name="Run", exact=True).click()
    playwright.expect(page.locator("#result .result")).to_be_visible()
    yield "evaluation"


def lost(page: "playwright.Page") -> Iterator[str]:
    """Ask a server that does not answer."""
    go_to(page, "Ask")
    page.route("**/*", lambda route: route.abort())
    send(page, "Is the server there?")
    playwright.expect(page.locator("#chat .turn").last.locator(".problem")).to_be_visible()
    yield "lost"


if __name__ == "__main__":
    main()
