import threading

import pytest

from index.ahead import Ahead


def numbers(last, made=None):
    for number in range(last):
        if made is not None:
            made.append(number)
        yield number


def all_of(ahead):
    found = []
    while not ahead.is_over:
        if (item := ahead.take(60)) is not None:
            found.append(item)
    return found


def test_items_come_in_order_and_once():
    with Ahead(numbers(100), cost=lambda item: 1, max_cost=3) as ahead:
        assert all_of(ahead) == list(range(100))
        assert ahead.take() is None


def test_the_thread_waits_while_unused_items_cost_too_much():
    made = []
    with Ahead(numbers(100, made), cost=lambda item: 1, max_cost=3) as ahead:
        for taken in range(20):
            assert ahead.take(60) == taken
            # Of those made one is in use, three are ahead, and one was made before the thread noticed.
            assert len(made) <= taken + 5


def test_there_is_nothing_to_take_until_an_item_is_ready():
    may_go = threading.Event()

    def late():
        assert may_go.wait(60)
        yield "tea"

    with Ahead(late()) as ahead:
        assert (ahead.take(0.01), ahead.is_over) == (None, False)
        may_go.set()
        assert ahead.take(60) == "tea"
        assert (ahead.take(60), ahead.is_over) == (None, True)


def test_an_error_is_raised_after_the_items_before_it():
    def failing():
        yield "tea"
        raise ValueError("no coffee")

    with Ahead(failing()) as ahead:
        assert ahead.take(60) == "tea"
        with pytest.raises(ValueError, match="no coffee"):
            ahead.take(60)
        assert not ahead.is_over


def test_closing_interrupts_the_generator_and_closes_it():
    interrupted, is_closed = threading.Event(), []

    def endless():
        try:
            while True:
                yield "tea"
                assert interrupted.wait(60)
        finally:
            is_closed.append(True)

    ahead = Ahead(endless(), stop=interrupted.set)
    assert ahead.take(60) == "tea"
    ahead.close()
    assert is_closed == [True]
