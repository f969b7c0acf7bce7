"""The checker on answers that people wrote: few changed sentences pass, and most of the supported ones do."""

import importlib.util
from pathlib import Path

import pytest

from qa.evaluation.metrics import auroc

ROOT = Path(__file__).parents[3]
CONVERSATIONS = ROOT.parent / "shared" / "data" / "conversations"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("support_benchmark", ROOT / "tests" / "benchmarks" / "support.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_the_checker_separates_supported_sentences_from_changed_ones(benchmark, model):
    if not CONVERSATIONS.is_dir():
        pytest.skip("needs ../shared/data/conversations")
    results = benchmark.measure(CONVERSATIONS, model)
    traced = [one for one in results if one.sample.is_traced]
    closely = [one for one in traced if one.sample.traced >= benchmark.CLOSELY_TRACED]

    def passing(group):
        return sum(one.check.support == "supported" for one in group) / len(group)

    supported = [one for one in closely if one.sample.kind == "supported"]
    facts = [one for one in traced if one.sample.kind in ("number", "name", "negation")]
    assert (len(supported) > 100, len(facts) > 200) == (True, True)
    assert passing(supported) >= 0.95
    assert passing(facts) <= 0.04
    changed = [one.check.score for one in closely if one.sample.kind != "supported"]
    assert auroc([one.check.score for one in supported], changed).value >= 0.96


def test_changes_change_what_they_say(benchmark):
    draw = benchmark.random.Random(0)
    assert benchmark.change_number("It opened in 2013.", draw) != "It opened in 2013."
    assert benchmark.change_name("It opened in Leeds.", ["York"], draw) == "It opened in York."
    assert benchmark.change_negation("It was not open.") == "It was open."
    assert benchmark.change_negation("It was open.") == "It was not open."
    assert [benchmark.change_number("None.", draw), benchmark.change_negation("Tea.")] == ["", ""]
