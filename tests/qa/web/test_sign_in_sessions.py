from qa.web.sign_in_sessions import MAX_AGE, MAX_SESSIONS, MAX_SESSIONS_OF_USER, Sessions
from qa.web.users import UserFile, add_user, remove_user


def test_a_session_ends_after_twelve_hours():
    now = [0.0]
    sessions = Sessions(lambda name: True, lambda: now[0])
    sessions["t"] = "ada"
    now[0] = MAX_AGE - 1
    assert sessions.get("t") == "ada"
    now[0] = MAX_AGE
    assert MAX_AGE == 12 * 3600 and sessions.get("t") is None and list(sessions) == [] and len(sessions) == 0


def test_a_user_who_is_removed_is_signed_out_at_once_and_may_not_sign_in(users_file):
    users = UserFile(users_file)
    sessions = Sessions(users.has)
    sessions["t"] = "ada"
    add_user(users_file, "bob", "cold black tea")
    assert sessions.get("t") == "ada" and users.check("bob", "cold black tea")
    remove_user(users_file, "ada")
    assert sessions.get("t") is None and not users.check("ada", "hot green tea")


def test_nobody_is_signed_in_while_the_file_of_users_is_missing_or_not_valid(users_file, caplog):
    users = UserFile(users_file)
    content = users_file.read_text()
    for broken in ("ada", None):
        users_file.write_text(broken) if broken else users_file.unlink()
        assert not users.has("ada") and not users.check("ada", "hot green tea")
        assert "Nobody may sign in." in caplog.text
    users_file.write_text(content)
    assert users.check("ada", "hot green tea")


def test_one_name_has_one_spelling_so_that_signing_out_ends_all_its_sessions():
    sessions = Sessions(lambda name: True)
    sessions["a"], sessions["b"] = "ada", " \uff41\uff44\uff41 "
    assert list(sessions.values()) == ["ada", "ada"]


def test_the_sessions_of_a_user_and_of_all_are_bounded():
    sessions = Sessions(lambda name: True)
    for number in range(MAX_SESSIONS_OF_USER + 5):
        sessions[f"ada {number}"] = "ada"
    assert len(sessions) == MAX_SESSIONS_OF_USER and "ada 0" not in sessions
    for number in range(MAX_SESSIONS + 5):
        sessions[f"t{number}"] = f"user {number}"
    assert len(sessions) == MAX_SESSIONS


def test_the_user_of_a_request_is_the_one_of_its_cookie():
    sessions = Sessions(lambda name: True)
    sessions["t0ken"] = "ada"

    def user_of(cookie):
        return sessions.user_of({"headers": [(b"cookie", cookie)]}, "c")

    assert user_of(b"access-token-c=t0ken") == user_of(b"x=1; access-token-unsecure-c=t0ken") == "ada"
    assert user_of(b"access-token-c=other") is user_of(b"access-token-d=t0ken") is user_of(b"@@=\xff") is None
