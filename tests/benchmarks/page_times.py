"""Time the page in headless Chromium: `python tests/benchmarks/page_times.py [--passages 1000] [--questions 40]`.

Prints the medians of a question from Enter to the answer on the page, beside an answer alone, of the card of a
footnote, and of a document opened at its quote.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from corpus import write_corpus
from support.browser import CHROMIUM, QUIET, opened, playwright, serve

# Each resolves with the milliseconds until the browser has painted what is waited for.
_UNTIL = """
const until = (found, begin) => new Promise(resolve => {
  const started = performance.now();
  const look = () => found() ? requestAnimationFrame(() => resolve(performance.now() - started)) : setTimeout(look, 1);
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


def main() -> None:
    """Ask, hover and open, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=1_000)
    parser.add_argument("--questions", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder, "sources")
        questions = [question for question, _ in write_corpus(sources, options.passages)]
        asked = questions[:: max(1, len(questions) // (2 * options.questions))][: 2 * options.questions]
        with serve(sources, Path(folder, "index")) as address, playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            with opened(browser, address) as page:
                playwright.expect(page.locator(".welcome .examples")).to_be_visible(timeout=600_000)
                for name, times in measured(page, address, asked).items():
                    print(f"{name}: median {median(times):.0f} ms, slowest {max(times):.0f} ms")


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
    return times


if __name__ == "__main__":
    main()
