import getpass
import io
import sys

import pytest

import qa.__main__ as command
from index.errors import FootnoteError
from qa.web import users
from qa.web.users import PasswordHash, Users, add_user, read_users, remove_user

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def test_who_was_added_may_sign_in_with_that_password_only(users_file):
    users = Users(read_users(users_file))
    assert users.check("ada", "hot green tea")
    assert users.check(" ada ", "hot green tea")
    assert not any(
        users.check(*pair) for pair in [("ada", "Hot green tea"), ("ada", ""), ("bob", "hot green tea"), ("", "")]
    )


def test_no_one_may_sign_in_where_nobody_was_added():
    assert not Users({}).check("admin", "admin")


def test_a_name_that_is_not_there_costs_the_same_work(users_file, monkeypatch):
    known, worked = Users(read_users(users_file)), []
    digest = users._digest
    monkeypatch.setattr(users, "_digest", lambda *given: worked.append(given[1]) or digest(*given))
    known.check("ada", "x")
    known.check("nobody", "x")
    assert worked == [(16, 8, 1), (16, 8, 1)]


def test_the_file_holds_no_password_and_is_for_its_owner_only(users_file):
    assert "tea" not in users_file.read_text()
    assert users_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in users_file.parent.iterdir()] == ["users"]


def test_two_users_with_one_password_have_different_lines(users_file):
    add_user(users_file, "bob", "hot green tea")
    ada, bob = read_users(users_file).values()
    assert ada.salt != bob.salt and ada.digest != bob.digest


def test_the_cost_is_in_the_line_so_that_it_can_be_raised_later(users_file, monkeypatch):
    monkeypatch.setattr(users, "COST", (32, 8, 2))
    add_user(users_file, "bob", "cold black tea")
    assert [secret.cost for secret in read_users(users_file).values()] == [(16, 8, 1), (32, 8, 2)]
    assert Users(read_users(users_file)).check("ada", "hot green tea")


def test_a_user_who_is_added_again_has_the_new_password(users_file):
    assert add_user(users_file, "ada", "cold black tea") is False
    users = Users(read_users(users_file))
    assert users.check("ada", "cold black tea") and not users.check("ada", "hot green tea")


def test_letters_that_look_alike_in_two_encodings_are_one_password(users_file):
    add_user(users_file, "zoë", "café au lait")
    assert Users(read_users(users_file)).check("zoe\u0308", "cafe\u0301 au lait")


def test_a_user_who_was_removed_may_not_sign_in(users_file):
    add_user(users_file, "bob", "cold black tea")
    remove_user(users_file, "ada")
    assert list(read_users(users_file)) == ["bob"]
    with pytest.raises(FootnoteError, match=r"users has no user ada: its users are bob\.$"):
        remove_user(users_file, "ada")


@pytest.mark.parametrize("name", ["", "  ", "a:b", "a\nb", "x" * 65])
def test_a_name_that_would_break_the_file_is_refused(users_file, name):
    with pytest.raises(FootnoteError, match=r"^A user name needs 1 to 64 characters without a colon"):
        add_user(users_file, name, "hot green tea")


def test_a_short_password_is_refused(users_file):
    with pytest.raises(FootnoteError, match=r"^The password is shorter than 8 characters: choose a longer one\.$"):
        add_user(users_file, "bob", "tea")


GOOD = "16$8$1$AAAA$" + "A" * 43 + "="


@pytest.mark.parametrize(
    "line",
    [
        "bob",
        "bob:",
        "bob:secret",
        f"bob:md5${GOOD}",
        f"bob:scrypt${GOOD}$",
        f"bob:scrypt${GOOD}".replace("16", "17"),
        f"bob:scrypt${GOOD}".replace("16", str(2**30)),
        f"bob:scrypt${GOOD}".replace("$8", "$-8"),
        "bob:scrypt$16$8$1$AAAA$AAAA",
        f"bob:scrypt${GOOD}".replace("AAAA$", "$"),
        f"bob:scrypt${GOOD}".replace("AAAA$", "é$"),
    ],
)
def test_a_malformed_line_is_named_by_its_number(users_file, line):
    users_file.write_text(f"{users_file.read_text()}\n{line}\n", "utf-8")
    with pytest.raises(FootnoteError, match=r"^Line 3 of .*users is not NAME:scrypt\$N\$R\$P\$SALT\$HASH: remove it"):
        read_users(users_file)


def test_a_user_who_is_named_twice_a_missing_file_and_one_that_is_not_text_are_said(users_file, tmp_path):
    users_file.write_text(users_file.read_text() * 2)
    with pytest.raises(FootnoteError, match=r"^Line 2 of .*users repeats the user ada: remove it\.$"):
        read_users(users_file)
    with pytest.raises(FootnoteError, match=r"none cannot be opened \(No such file or directory\): create it with"):
        read_users(tmp_path / "none")
    users_file.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(FootnoteError, match=r"users cannot be opened \(it is not text\)"):
        read_users(users_file)


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(FootnoteError, match=r"cannot be written \(No such file or directory\): name another"):
        add_user(tmp_path / "none" / "users", "ada", "hot green tea")


def test_a_secret_is_read_as_it_was_written():
    secret = PasswordHash.create("hot green tea")
    assert PasswordHash.parse(str(secret)) == secret
    assert "hot" not in repr(secret)


def test_the_command_asks_twice_without_echo_and_writes_nothing_if_they_differ(tmp_path, monkeypatch, capsys):
    users_file = tmp_path / "users"
    said = iter(["hot green tea", "hot green tee", "hot green tea", "hot green tea"])
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(said))
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    arguments = ["user", "add", "ada", "--file", str(users_file)]
    assert command.main(arguments) == 1
    assert capsys.readouterr().err == "The two passwords differ, so nothing was written: try again.\n"
    assert not users_file.exists()
    assert command.main(arguments) == 0
    assert capsys.readouterr().out == f"Added ada to {users_file}.\n"
    assert Users(read_users(users_file)).check("ada", "hot green tea")
    assert command.main(["user", "remove", "ada", "--file", str(users_file)]) == 0
    assert read_users(users_file) == {}


def test_without_a_terminal_the_password_is_a_line_of_standard_input(tmp_path, monkeypatch, capsys):
    users_file = tmp_path / "users"
    arguments = ["user", "add", "ada", "--file", str(users_file)]
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert command.main(arguments) == 1
    assert capsys.readouterr().err.startswith("No password was entered, so nothing was written: enter it in a terminal")
    monkeypatch.setattr(sys, "stdin", io.StringIO("hot green tea\n"))
    assert command.main(arguments) == 0
    assert Users(read_users(users_file)).check("ada", "hot green tea")
