import asyncio
import contextvars

import pytest

from qa.web.login_throttle import MAX_KEYS, SignIn, Throttle
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


def sign_in(door, name, password, address="10.0.0.1"):
    def run():
        ADDRESS.set(address)
        return asyncio.run(door.check(name, password))

    return contextvars.copy_context().run(run)


def test_after_five_failures_each_further_one_waits_twice_as_long_up_to_a_minute(users_file):
    time = Time()
    door = SignIn(Users(read_users(users_file)), time, time.sleep)
    for number in range(14):
        assert not sign_in(door, "ada", "wrong", f"10.0.0.{number}")
    assert time.slept == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_an_address_that_tries_many_names_is_slowed_too_and_its_ipv6_neighbours(users_file):
    time = Time()
    door = SignIn(Users(read_users(users_file)), time, time.sleep)
    for number in range(7):
        assert not sign_in(door, f"user{number}", "wrong", f"2001:db8::{number}")
    assert time.slept == [1, 2]
    assert sign_in(door, "ada", "hot green tea", "10.0.0.1") and time.slept == [1, 2]


def test_signing_in_forgives_the_failures_before(users_file):
    time = Time()
    door = SignIn(Users(read_users(users_file)), time, time.sleep)
    for _ in range(5):
        assert not sign_in(door, "ada", "wrong")
    assert sign_in(door, "ada", "hot green tea")
    assert not sign_in(door, "ada", "wrong")
    assert time.slept == [1]


def test_attempts_at_once_wait_one_after_the_other_and_too_many_are_not_even_checked():
    throttle = Throttle(lambda: 0.0)
    waits = [throttle.acquire("ada") for _ in range(12)]
    assert waits == [0, 0, 0, 0, 0, 1, 3, 7, 15, 31, None, None]


def test_what_is_remembered_of_failures_is_bounded():
    throttle = Throttle(lambda: 0.0)
    for number in range(MAX_KEYS + 100):
        throttle.acquire(str(number))
    assert len(throttle._failures) == MAX_KEYS
