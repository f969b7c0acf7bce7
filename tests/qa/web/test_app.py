"""The app's options, and what it checks before it starts."""

import socket
import threading
import time

import pytest
from support.fakes import FakeEncoder

import app
from index.build import build
from qa.question_log import FILE_NAME, QuestionLog
from qa.types import NoAnswer


def test_a_missing_folder_is_one_line_and_status_1(tmp_path, capsys):
    assert app.main(["--sources", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.startswith("There is no folder")


def test_an_index_of_another_model_is_one_line_and_status_1(folder, index, encoder, capsys):
    list(build(folder, index, encoder))
    assert app.main(["--sources", str(folder), "--index", str(index)]) == 1
    assert "was made with the model fake, not all-MiniLM-L6-v2" in capsys.readouterr().err


def test_another_host_needs_users_or_that_everyone_is_let_in(folder, index, capsys):
    assert app.main(["--sources", str(folder), "--index", str(index), "--host", "0.0.0.0"]) == 1
    assert "Everyone who can reach 0.0.0.0 could read your documents: name a file of users" in capsys.readouterr().err


def test_a_file_of_users_that_is_missing_is_one_line(folder, index, tmp_path, capsys):
    assert app.main(["--sources", str(folder), "--auth", str(tmp_path / "none")]) == 1
    assert "create it with python -m qa user add" in capsys.readouterr().err


def test_tools_for_mcp_say_what_they_need(folder, monkeypatch, capsys):
    monkeypatch.setattr(app, "find_spec", lambda name: None)
    assert app.main(["--sources", str(folder), "--mcp"]) == 1
    assert "pip install -e '.[mcp]'" in capsys.readouterr().err


def test_recognising_without_tesseract_is_one_line(folder, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert app.main(["--sources", str(folder), "--ocr"]) == 1
    assert capsys.readouterr().err == "Tesseract is not installed on this machine: install it, or leave out --ocr.\n"


def test_the_old_name_of_no_history_still_works():
    assert app._parser().parse_args(["--keep-no-questions"]).no_history
    assert app._parser().parse_args(["--no-history"]).no_history
    assert "keep-no-questions" not in app._parser().format_help()


def test_a_port_in_use_is_one_sentence_and_status_1(folder, index, encoder, monkeypatch, capsys):
    monkeypatch.setattr(app, "load_encoder", lambda *_: encoder)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert app.main(["--sources", str(folder), "--index", str(index), "--port", str(port)]) == 1
    text = f"Port {port} of 127.0.0.1 cannot be opened: it may be in use, choose another --port.\n"
    assert capsys.readouterr().err == text


def test_https_needs_a_certificate_and_its_key(folder, tmp_path, capsys):
    assert app.main(["--sources", str(folder), "--tls-cert", str(tmp_path / "cert.pem")]) == 1
    assert "give both --tls-cert and --tls-key" in capsys.readouterr().err
    files = ["--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")]
    assert app.main(["--sources", str(folder), *files]) == 1
    assert "There is no file" in capsys.readouterr().err


def test_a_certificate_that_is_none_is_one_sentence(folder, index, encoder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(app, "load_encoder", lambda *_: encoder)
    monkeypatch.setattr(app, "make_application", lambda *_: None)
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).write_text("no certificate")
    files = ["--tls-cert", str(tmp_path / "cert.pem"), "--tls-key", str(tmp_path / "key.pem")]
    assert app.main(["--sources", str(folder), "--index", str(index), *files]) == 1
    assert "key.pem are not a certificate and its key." in capsys.readouterr().err


def test_a_page_with_another_name_needs_users(folder, capsys):
    assert app.main(["--sources", str(folder), "--name", "docs.example"]) == 1
    assert "Everyone who can reach docs.example could read your documents" in capsys.readouterr().err


def test_a_folder_can_be_named_without_an_option(tmp_path, capsys):
    assert app.main([str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err


VISITORS = [
    "--host 0.0.0.0 --no-auth",
    "--trusted-proxy 127.0.0.1 --no-auth",
    "--name docs.example --no-auth",
    "--auth USERS",
    "--no-history",
]


@pytest.mark.parametrize(("arguments", "logs"), [("", True), *((arguments, False) for arguments in VISITORS)])
def test_what_one_visitor_asks_is_not_logged_to_be_shown_to_others(
    folder, index, encoder, users_file, monkeypatch, arguments, logs
):
    made = []

    def serve(*_, **__):
        ((library, service, serving, _),) = made
        library.wait()
        assert bool(service.changed) == logs
        service.ask("Where does coffee come from?")
        assert not serving.hosts.allow("evil.example")

    monkeypatch.setattr(app, "load_encoder", lambda *_: encoder)
    monkeypatch.setattr(app, "make_application", lambda *given: made.append(given))
    monkeypatch.setattr(app, "serve", serve)
    index.mkdir()
    QuestionLog(index).append(NoAnswer(question="How long does green tea steep?"))  # its owner's, and now answered
    before = (index / FILE_NAME).read_bytes()
    given = arguments.replace("USERS", str(users_file)).split()
    assert app.main(["--sources", str(folder), "--index", str(index), *given]) == 0
    assert ((index / FILE_NAME).read_bytes() != before) == logs


class SlowEncoder(FakeEncoder):
    """An encoder that says when it begins, and takes its time."""

    begun = threading.Event()

    def encode_passages(self, passages):
        for encoded in super().encode_passages(passages):
            self.begun.set()
            time.sleep(0.01)
            yield encoded


def test_an_app_that_is_stopped_stops_its_build_first(folder, index, monkeypatch):
    def stop(*_, **__):
        assert SlowEncoder.begun.wait(60)
        raise KeyboardInterrupt

    (folder / "many.md").write_text("\n\n".join(f"# {number}\n\nTea {number} is hot." for number in range(500)))
    libraries = []
    monkeypatch.setattr(app, "load_encoder", lambda *_: SlowEncoder())
    monkeypatch.setattr(app, "make_application", lambda library, *_: libraries.append(library))
    monkeypatch.setattr(app, "serve", stop)
    assert app.main(["--sources", str(folder), "--index", str(index)]) == 130
    assert not libraries[0].is_building and "cancelled" in libraries[0].problem
