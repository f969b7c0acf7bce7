"""Take pictures of every view, light, dark, on a phone and wide: `python tests/support/pictures.py FOLDER`."""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.browser import CHROMIUM, QUIET, ask, go_to, opened, playwright, serve
from support.sample_folder import write_sample

QUESTIONS = (
    "Who won the 2018 World Cup?",
    "How much may a hotel cost?",
    "What do I do in case of fire?",
    "How many days of paid leave do we have?",
    "How long is the guarantee of the battery?",
)
EXPECTED = (
    ("How many days of paid leave do we have?", "28 days"),
    ("How often should the chain be oiled?", "300 kilometres"),
    ("Who won the 2018 World Cup?", "France"),
)


@dataclass(frozen=True, kw_only=True)
class Size:
    """A window to take pictures of."""

    name: str
    width: int
    height: int
    is_phone: bool = False


SIZES = (
    Size(name="", width=1280, height=860),
    Size(name="-short", width=1280, height=600),  # for the README
    Size(name="-wide", width=1920, height=1080),
    Size(name="-phone", width=360, height=740, is_phone=True),
)


def main() -> None:
    """Write a picture of each view in each size and scheme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sources", type=Path, help="the documents to show (those of a small company)")
    parser.add_argument("--question", action="append", help="a question to ask (five about that company)")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        serve(options.sources or sample(Path(place)), Path(place, "index")) as address,
        playwright.sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for scheme, size in product(("light", "dark"), SIZES):
            wanted = {"color_scheme": scheme, "viewport": {"width": size.width, "height": size.height}}
            with opened(browser, address, **wanted, has_touch=size.is_phone) as page:
                for view in visit(page, options.question or QUESTIONS, size.is_phone):
                    page.wait_for_timeout(600)
                    page.screenshot(path=options.folder / f"{view}-{scheme}{size.name}.png", animations="disabled")


def sample(place: Path) -> Path:
    """Write the documents of a small company, and return their folder."""
    folder = place / "harbour-bicycles"
    folder.mkdir()
    write_sample(folder)
    return folder


def visit(page, questions, is_phone: bool) -> Iterator[str]:
    """Go through the views of the page; yield the name of each when it is shown."""
    playwright.expect(page.locator(".welcome .examples")).to_be_visible(timeout=120_000)
    yield "first"
    for number, question in enumerate(questions):
        ask(page, question)
        yield f"answer-{number}"
    footnote = page.locator("#chat .turn").last.locator("a.footnote").first
    footnote.hover()
    yield "hover"
    footnote.click()
    yield "sources"
    page.locator(".card.lit").get_by_role("button", name="Show in document").click()
    playwright.expect(page.locator(".document, .pages").first).to_be_attached()
    yield "document"
    for _ in range(2 if is_phone else 1):
        page.go_back()
        page.wait_for_timeout(200)
    go_to(page, "Library")
    playwright.expect(page.locator("table.files")).to_be_visible()
    yield "library"
    yield from evaluate(page)


def evaluate(page) -> Iterator[str]:
    """Evaluate three questions, and show the result."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(json.dumps({"question": question, "answers": [text]}) for question, text in EXPECTED))
        file.flush()
        go_to(page, "Evaluate")
        page.locator("input[type=file][accept]").set_input_files(file.name)
        page.get_by_role("button", name="Run", exact=True).click()
        playwright.expect(page.locator("#result .result")).to_be_visible()
    yield "evaluation"


if __name__ == "__main__":
    main()
