import threading
from types import SimpleNamespace

from index.errors import FootnoteError
from qa.web.status_cache import MAX_LOAD, StatusCache


class Slow:
    """A library whose status takes `cost` seconds of a clock."""

    def __init__(self, cost=0.0):
        self.cost, self.now, self.read, self.is_building = cost, 100.0, 0, False

    def clock(self):
        return self.now

    def status(self):
        self.read += 1
        self.now += self.cost
        return SimpleNamespace(number=self.read)


def test_visitors_share_one_status_until_it_is_a_second_old():
    library = Slow()
    cache = StatusCache(library, library.clock, library.clock)
    assert [cache.get().status.number for _ in range(20)] == [1] * 20
    library.now += 1.01
    assert cache.get().status.number == 2


def test_walking_a_large_folder_takes_at_most_a_hundredth_of_the_time():
    library = Slow(cost=0.2)
    cache = StatusCache(library, library.clock, library.clock)
    cache.get()
    library.now += 0.2 / MAX_LOAD - 1
    assert cache.get().status.number == 1
    library.now += 2
    assert cache.get().status.number == 2


def test_a_build_that_ended_is_seen_at_once():
    library = Slow()
    cache = StatusCache(library, library.clock, library.clock)
    library.is_building = True
    assert cache.get().status.number == 1
    library.is_building = False
    assert cache.get().status.number == 2


def test_a_visitor_does_not_wait_for_another_one_who_computes_the_status():
    library = Slow()
    cache = StatusCache(library, library.clock, library.clock)
    cache.get()
    go_on, entered = threading.Event(), threading.Event()

    def status():
        entered.set()
        go_on.wait(10)
        return SimpleNamespace(number=7)

    library.status = status
    library.now += 2
    other = threading.Thread(target=cache.get)
    other.start()
    assert entered.wait(10)
    assert cache.get().status.number == 1
    go_on.set()
    other.join()
    assert cache.get().status.number == 7


def test_a_problem_is_a_status_too():
    library = Slow()

    def status():
        raise FootnoteError("The folder is missing.")

    library.status = status
    found = StatusCache(library).get()
    assert (found.status, found.problem) == (None, "The folder is missing.")
