import threading

from index import watch as watching
from index.watch import changes


def test_a_change_is_told_once_the_folder_is_still(folder):
    stop = threading.Event()
    told = changes(folder, stop)
    writer = threading.Timer(0.3, lambda: [(folder / name).write_text("Tea.") for name in ("a.md", "b.md")])
    writer.start()
    next(told)
    assert (folder / "b.md").exists()
    stop.set()
    assert list(told) == []


def test_a_folder_that_cannot_be_watched_is_looked_at_now_and_then(folder, monkeypatch):
    def refuse(*_, **__):
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr(watching, "watch", refuse)
    monkeypatch.setattr(watching, "LOOKED_AFTER", 0.01)
    stop = threading.Event()
    told = changes(folder, stop)
    next(told)
    next(told)
    stop.set()
    assert list(told) == []
