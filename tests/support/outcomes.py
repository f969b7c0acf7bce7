"""What the reader gets for each way in which a language model's server may behave."""

from dataclasses import dataclass
from typing import Any

QUESTION = "How long does green tea steep?"
COFFEE = "Where does coffee come from?"
QUOTED = "Green tea steeps for two minutes."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The support of each written sentence, none if the answer is quoted, and the notice.

    `wrong` are the words that the documents do not have, or by which the last sentence says the opposite of them.
    `{host}` and `{writer}` stand for the server's. `requests` counts those that the server gets.
    """

    support: tuple[str, ...] = ()
    notice: str = ""
    wrong: str = ""
    question: str = QUESTION
    requests: int = 1


_NOTHING = "Not written: The documents support nothing that {writer} wrote."
OUTCOMES = {
    "faithful": Outcome(support=("supported",)),
    "two": Outcome(support=("supported", "supported")),
    "number": Outcome(support=("partly",), wrong="nine minutes"),
    "name": Outcome(support=("partly",), wrong="Kenya", question=COFFEE),
    "negation": Outcome(support=("partly",), wrong="steep"),
    "mixed": Outcome(support=("supported", "partly"), wrong="nine minutes"),
    "uncited": Outcome(support=("supported",)),
    "thinks": Outcome(support=("supported",)),
    "slow": Outcome(support=("supported", "supported")),
    "half": Outcome(support=("supported",), notice="Written in part: {host} closed the connection before it was done."),
    "503 once": Outcome(support=("supported",), requests=2),
    "cites 99": Outcome(notice=_NOTHING),
    "injected": Outcome(notice=_NOTHING),
    "declines": Outcome(notice="Not written: {writer} found no answer in the passages."),
    "empty": Outcome(notice="Not written: {writer} wrote nothing."),
    "401": Outcome(notice="Not written: {host} refused the key: check OPENAI_API_KEY or --llm-key-file."),
    "404": Outcome(notice="Not written: {host} has no model small at this address: check --llm and --llm-model."),
    "429": Outcome(notice="Not written: {host} allows no more requests now: ask again later.", requests=3),
    "500": Outcome(notice="Not written: {host} failed with status 500.", requests=3),
    "redirects": Outcome(notice="Not written: {host} redirects to another address: give that one with --llm."),
    "broken": Outcome(notice="Not written: {host} sent something that is not a chat completion: check --llm."),
    "stalls": Outcome(notice="Not written: {host} sent nothing for 0 seconds."),
}


def check_data(data: dict[str, Any], outcome: Outcome, host: str) -> None:
    """Check a reply as JSON, as the command and the API give it."""
    statements = data["statements"]
    assert [one["support"] for one in statements] == list(outcome.support)
    assert data["notice"] == outcome.notice.format(host=host, writer=f"small at {host}")
    assert (data["answered"], data["written"]) == (True, bool(outcome.support))
    assert data["writer"] == (f"small at {host}" if outcome.support else "")
    if outcome.wrong:
        last = statements[-1]
        assert outcome.wrong in (last["contradicts"], *last["missing"])
    if not outcome.support:
        assert data["answer"].startswith(QUOTED)
    numbers = [cited["number"] for cited in data["citations"]]
    for one in statements:
        assert one["citations"] and set(one["citations"]) <= set(numbers)
        assert one["support"] != "supported" or (one["missing"], one["contradicts"]) == ([], "")
    assert "evil" not in str(data)
