import queue
import threading

from index import watch as watching
from index.watch import Watch, changes


def reported(folder, stop):
    """A queue that gets an item for each reported change, from a thread of its own."""
    found = queue.Queue()

    def report():
        for _ in changes(folder, stop):
            found.put("change")
        found.put("end")

    threading.Thread(target=report, daemon=True).start()
    return found


def write_until(folder, has_happened):
    """Write to a folder again and again until something has happened: the watcher may not be set up yet."""
    for number in range(600):
        (folder / "note.md").write_text(f"Tea, cup {number}.")
        if has_happened(0.1):
            return True
    return False


def test_a_change_is_reported_by_the_system_and_not_by_the_timer(folder, monkeypatch):
    monkeypatch.setattr(watching, "POLL_SECONDS", 3600.0)
    monkeypatch.setattr(watching, "QUIET_MS", 10)
    monkeypatch.setattr(watching, "MAX_GATHERING_MS", 50)
    stop = threading.Event()
    found = reported(folder, stop)

    def has_report(seconds):
        try:
            return found.get(timeout=seconds) == "change"
        except queue.Empty:
            return False

    assert write_until(folder, has_report)
    stop.set()
    while (last := found.get(timeout=60)) == "change":
        pass
    assert last == "end"


def test_a_folder_that_cannot_be_watched_is_looked_at_now_and_then(folder, monkeypatch):
    def refuse(*_, **__):
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr(watching, "watch", refuse)
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.01)
    stop = threading.Event()
    found = changes(folder, stop)
    next(found)
    next(found)
    stop.set()
    assert list(found) == []


def test_after_a_stop_changes_are_not_passed_on(folder, monkeypatch):
    steps = queue.Queue()
    monkeypatch.setattr(watching, "changes", lambda folder, stop: iter(steps.get, None))
    seen = queue.Queue()
    watch = Watch(folder, lambda: seen.put("change"))
    watch.start()
    watch.start()  # a second start does nothing
    steps.put("change")
    assert seen.get(timeout=60) == "change" and watch.is_on
    watch.stop()
    assert not watch.is_on
    steps.put(None)
    assert seen.empty()
