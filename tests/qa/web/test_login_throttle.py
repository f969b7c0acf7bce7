import asyncio
import contextvars
import tracemalloc

import pytest

from qa.web.login_throttle import MAX_KEYS, SignIn, Throttle, TooManyAttemptsError
from qa.web.security import ADDRESS
from qa.web.users import Users, read_users

pytestmark = pytest.mark.usefixtures("cheap_passwords")


class Time:
    """A clock that goes on by sleeping."""

    def __init__(self):
        self.now = 0.0
        self.slept = []

    def __call__(self):
        return self.now

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def door(users_file, time):
    return SignIn(Users(read_users(users_file)), time, time.sleep)


def sign_in(door, name, password, address="10.0.0.1"):
    def run():
        ADDRESS.set(address)
        return asyncio.run(door.check(name, password))

    return contextvars.copy_context().run(run)


def refused(door, name, password, address="10.0.0.1"):
    """The seconds that an attempt is told to wait; 0 if it was checked."""
    try:
        sign_in(door, name, password, address)
    except TooManyAttemptsError as error:
        return error.seconds
    return 0


def test_after_five_failures_each_further_one_waits_twice_as_long_up_to_a_minute(door, time):
    waits = []
    for _ in range(14):
        if wait := refused(door, "ada", "wrong"):
            waits.append(wait)
            time.now += wait
            assert refused(door, "ada", "wrong") == 0
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_what_is_refused_is_not_checked_and_says_how_long_to_wait(door, time):
    for _ in range(5):
        assert sign_in(door, "ada", "wrong") is False
    with pytest.raises(TooManyAttemptsError, match=r"^Too many failed attempts: try again in 1 second\.$"):
        sign_in(door, "ada", "hot green tea")
    time.now += 1
    assert sign_in(door, "ada", "hot green tea")


def test_a_stranger_who_knows_a_name_does_not_shut_its_owner_out(door, time):
    for number in range(100):
        assert refused(door, "ada", "wrong", f"10.1.{number // 10}.{number % 10}") == 0
    assert [refused(door, "ada", "wrong", "10.1.0.0") for _ in range(50)][-1] > 0
    assert sign_in(door, "ada", "hot green tea", "10.0.0.1")
    assert max(time.slept) == 5.0  # the owner is slowed down by a few seconds at most


def test_an_address_that_tries_many_names_is_slowed_too_and_its_ipv6_neighbours(door):
    waits = [refused(door, f"user{number}", "wrong", f"2001:db8::{number}") for number in range(21)]
    assert waits == [0] * 20 + [1]
    assert sign_in(door, "ada", "hot green tea", "10.0.0.1")


def test_signing_in_forgives_the_failures_before(door):
    for _ in range(4):
        assert not sign_in(door, "ada", "wrong")
    assert sign_in(door, "ada", "hot green tea")
    assert [refused(door, "ada", "wrong") for _ in range(6)] == [0, 0, 0, 0, 0, 1]


def test_what_is_remembered_of_failures_is_bounded():
    throttle = Throttle(5, lambda: 0.0)
    for number in range(MAX_KEYS + 100):
        throttle.count(str(number))
    assert len(throttle._failures) == MAX_KEYS


def test_long_names_and_passwords_are_refused_before_anything_is_remembered(door):
    tracemalloc.start()
    for number in range(20):
        assert not sign_in(door, f"{number}" + "\ufdfa" * 300_000, "x")
        assert not sign_in(door, "ada", f"{number}" + "x" * 1_025)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1_000_000
    assert not door._pairs._failures and not door._names._failures
