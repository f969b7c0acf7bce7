"""Whatever happens to a folder, a build makes of its index what a fresh build makes."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from support.crash import fresh, held
from support.fakes import FakeEncoder, ReadHere

from index.build import Report, build
from index.search.searcher import Searcher
from index.store.embedded import index_of
from index.verify import verify

NAMES = st.sampled_from(["a.md", "b.md", "c.txt", "deep/d.md", "deep/e.txt"])
TEXTS = st.lists(
    st.sampled_from(["Green tea steeps.", "Black tea.", "# Cups", "Coffee is hot. So is tea.", "Milk", "1. Boil."]),
    max_size=5,
).map("\n\n".join)


class Following(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("index.build.Parser", ReadHere)
        self.scratch = Path(tempfile.mkdtemp())
        self.folder, self.index = self.scratch / "sources", self.scratch / "index"
        self.folder.mkdir()
        self.encoder = FakeEncoder()
        self.searcher = Searcher(self.index, self.encoder)
        self.built = self.generation = 0
        self.write("first.md", "Tea is always there.")
        self.build()

    @rule(name=NAMES, text=TEXTS)
    def write(self, name, text):
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(text, "utf-8")

    @rule(name=NAMES)
    def break_file(self, name):
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_bytes(b"a\0b")

    @rule(name=NAMES)
    def delete(self, name):
        (self.folder / name).unlink(missing_ok=True)

    @rule(one=NAMES, other=NAMES)
    def rename(self, one, other):
        if (self.folder / one).exists():
            (self.folder / other).parent.mkdir(exist_ok=True)
            (self.folder / one).replace(self.folder / other)

    @rule(one=NAMES, other=NAMES)
    def copy(self, one, other):
        if (self.folder / one).exists() and one != other:
            (self.folder / other).parent.mkdir(exist_ok=True)
            shutil.copyfile(self.folder / one, self.folder / other)

    @rule(name=NAMES)
    def set_the_clock_back(self, name):
        if (self.folder / name).exists():
            os.utime(self.folder / name, (0, 0))

    @rule(steps=st.integers(0, 12))
    def build_and_cancel(self, steps):
        running = build(self.folder, self.index, self.encoder)
        for _, step in zip(range(steps), running, strict=False):
            assert not isinstance(step, Report) or self.note(step)
        running.close()

    @rule()
    def build(self):
        *_, report = build(self.folder, self.index, self.encoder)
        self.note(report)
        self.built += 1
        assert held(self.index) == fresh(self.folder, self.scratch / f"fresh{self.built}")
        with index_of(self.index).open() as store:
            assert verify(store, self.folder) == []

    def note(self, report):
        assert report.generation >= self.generation
        self.generation = report.generation
        return True

    @invariant()
    @precondition(lambda self: getattr(self, "built", 0))
    def it_answers_from_the_last_whole_generation(self):
        found = self.searcher.search("tea", 9)
        assert found.generation == self.generation
        assert "first.md" in {hit.passage.path for hit in found.hits}

    def teardown(self):
        self.patch.undo()
        shutil.rmtree(getattr(self, "scratch", ""), ignore_errors=True)


TestFollowing = Following.TestCase
TestFollowing.settings = settings(
    max_examples=10, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
