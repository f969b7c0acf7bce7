"""Take pictures of every view of the page, light, dark and on a phone: `python tests/support/pictures.py FOLDER`."""

import argparse
import json
import sys
import tempfile
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.browser import CHROMIUM, QUIET, ROOT, ask, go_to, opened, playwright, serve

QUESTIONS = ("Who won the 2018 World Cup?", "What is the Rajin port linked to by the railway project?")
EXPECTED = (
    ("What is the Rajin port linked to?", "Trans-Siberian"),
    ("When did the Korean War take place?", "1950"),
    ("Who won the 2018 World Cup?", "France"),
)
SIZES = {"": (1280, 860), "-phone": (360, 740)}


def main() -> None:
    """Write a picture of each view in each size and scheme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sources", type=Path, default=ROOT / "sources")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as index,
        serve(options.sources, Path(index)) as address,
        playwright.sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for scheme, (size, (width, height)) in product(("light", "dark"), SIZES.items()):
            wanted = {"color_scheme": scheme, "viewport": {"width": width, "height": height}}
            with opened(browser, address, **wanted) as page:
                for view in visit(page):
                    page.wait_for_timeout(600)
                    page.screenshot(path=options.folder / f"{view}-{scheme}{size}.png", animations="disabled")


def visit(page):
    """Go through the views of the page; yields the name of each when it is shown."""
    playwright.expect(page.locator(".welcome .examples")).to_be_visible(timeout=60_000)
    yield "first"
    for question in QUESTIONS:
        ask(page, question)
    yield "answer"
    page.locator("#chat a.footnote").last.click()
    page.locator(".evidence.chosen").get_by_role("button", name="Show in document").first.click()
    playwright.expect(page.locator(".document")).to_be_visible()
    yield "document"
    go_to(page, "Library")
    playwright.expect(page.locator("table.files")).to_be_visible()
    yield "library"
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(json.dumps({"question": question, "answers": [said]}) for question, said in EXPECTED))
        file.flush()
        go_to(page, "Evaluate")
        page.locator("input[type=file][accept]").set_input_files(file.name)
        page.get_by_role("button", name="Run", exact=True).click()
        playwright.expect(page.locator("#result .result")).to_be_visible()
    yield "evaluation"


if __name__ == "__main__":
    main()
