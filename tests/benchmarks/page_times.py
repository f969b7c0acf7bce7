"""Time the page in headless Chromium: `python tests/benchmarks/page_times.py [--passages 1000] [--questions 40]`.

Prints the medians of a question from Enter to the answer on the page, beside an answer alone, of the card of a
footnote, of a document opened at its quote, and of a PDF file of 261 pages: opened, and a page that is scrolled to.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from corpus import write_corpus
from reportlab.pdfgen.canvas import Canvas
from support.browser import CHROMIUM, QUIET, opened, playwright, serve

# Each resolves with the milliseconds until the browser has painted what is waited for.
_UNTIL = """
const until = (found, begin) => new Promise((resolve, reject) => {
  const started = performance.now();
  const look = () => {
    if (found()) requestAnimationFrame(() => resolve(performance.now() - started));
    else if (performance.now() - started > 30000) reject(new Error(`nothing after 30 s: ${found}`));
    else setTimeout(look, 1);
  };
  begin();
  look();
});
"""
_ASK = f"""question => {{ {_UNTIL}
  const box = document.querySelector('#question');
  const before = document.querySelectorAll('#chat .turn').length;
  return until(
    () => document.querySelectorAll('#chat .turn')[before]?.querySelector('.answer, .declined'),
    () => {{
      box.value = question;
      box.dispatchEvent(new KeyboardEvent('keydown', {{key: 'Enter', bubbles: true, cancelable: true}}));
    }});
}}"""
_HOVER = f"""() => {{ {_UNTIL}
  const card = document.querySelector('#quote-card');
  const link = [...document.querySelectorAll('#chat a.footnote')].at(-1);
  card.hidden = true;
  return until(() => !card.hidden, () => link.dispatchEvent(new MouseEvent('mouseover', {{bubbles: true}})));
}}"""
_OPEN = f"""() => {{ {_UNTIL}
  return until(
    () => document.querySelector('#document mark.here'),
    () => document.querySelector('.evidence.chosen [data-action=open]').click());
}}"""
_OPEN_PDF = f"""path => {{ {_UNTIL}
  footnote.openTab('ask');  // Back leads to the library
  return until(
    () => document.querySelector('#document .pages img')?.complete,
    () => footnote.openDocument({{document: path, quote: '', start: 0}}));
}}"""
_SCROLL_TO = f"""page => {{ {_UNTIL}
  const figure = document.querySelector(`#document .pages figure[data-page="${{page}}"]`);
  return until(() => figure.querySelector('img')?.complete, () => figure.scrollIntoView());
}}"""
_IS_INDEXED = "() => footnote.status.version && footnote.status.built && !footnote.status.building"
PAGES = 261
PDF = "guide.pdf"


def main() -> None:
    """Ask, hover and open, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000)
    parser.add_argument("--questions", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder, "sources")
        questions = [question for question, _ in write_corpus(sources, options.passages)]
        write_pdf(sources / PDF)
        asked = questions[:: max(1, len(questions) // (2 * options.questions))][: 2 * options.questions]
        with serve(sources, Path(folder, "index")) as address, playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            with opened(browser, address) as page:
                page.wait_for_function(_IS_INDEXED, timeout=600_000)
                print("The folder is indexed.", file=sys.stderr)
                for name, times in measured(page, address, asked).items():
                    print(f"{name}: median {median(times):.0f} ms, slowest {max(times):.0f} ms")


def write_pdf(path: Path) -> None:
    """Write a PDF file of many full pages. They differ in their headings, so that their text is embedded once."""
    canvas = Canvas(str(path))
    for number in range(1, PAGES + 1):
        canvas.drawString(72, 790, f"{number}. Chapter {number}")
        canvas.setFont("Times-Roman", 10)
        for line in range(52):
            canvas.drawString(72, 770 - 13 * line, f"Line {line} of the page sets the parameter {line * line}.")
        canvas.showPage()
    canvas.save()


def measured(page: "playwright.Page", address: str, questions: list[str]) -> dict[str, list[float]]:
    """Return the milliseconds of each step, a question after the other. No question is asked twice."""
    times: dict[str, list[float]] = {
        name: [] for name in ("answer alone", "from Enter to the answer", "card of a footnote", "document at its quote")
    }
    page.evaluate(_ASK, questions[0])
    for question, other in zip(questions[::2], questions[1::2], strict=False):
        reply = httpx.post(f"{address}api/ask", json={"question": other}).json()
        times["answer alone"].append(1000 * reply["seconds"])
        times["from Enter to the answer"].append(page.evaluate(_ASK, question))
        if page.locator("#chat .turn").last.locator("a.footnote").count():
            times["card of a footnote"].append(page.evaluate(_HOVER))
            times["document at its quote"].append(page.evaluate(_OPEN))
            page.go_back()
    times["PDF file of 261 pages"], times["page of it"] = [], []
    for number in range(5):
        times["PDF file of 261 pages"].append(page.evaluate(_OPEN_PDF, PDF))
        times["page of it"] += [page.evaluate(_SCROLL_TO, 20 + 9 * number + 50 * step) for step in range(4)]
        page.go_back()
        page.wait_for_timeout(300)
    return times


if __name__ == "__main__":
    main()
