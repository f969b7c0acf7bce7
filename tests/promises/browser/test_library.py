"""The library in the page: files and folders, builds, removal and undo."""

from support.browser import HOSTILE_NAME, ask, go_to, playwright


def test_the_library_is_kept_in_order(page, served, tmp_path):
    go_to(page, "Library")
    cocoa = tmp_path / "cocoa.txt"
    cocoa.write_text("Cocoa is drunk sweet.\n")
    add = page.locator("#drop input[type=file]")
    add.set_input_files(cocoa)
    playwright.expect(page.locator("#note li.done")).to_have_text("cocoa.txt was added.")
    row = page.locator("table.files tr", has_text="cocoa.txt")
    playwright.expect(row).to_contain_text("indexed")
    cocoa.write_text("Cocoa is drunk salted.\n")
    add.set_input_files(cocoa)
    playwright.expect(page.locator("#note li.problem")).to_contain_text("cocoa.txt is in the folder already")
    page.get_by_label("Replace files of the same name").check()
    add.set_input_files(cocoa)
    playwright.expect(page.locator("#note li").last).to_have_text("cocoa.txt was replaced.")
    playwright.expect(row).to_contain_text("indexed")
    page.get_by_label("Filter").fill("coco")
    playwright.expect(page.locator("table.files tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Open cocoa.txt").click()
    playwright.expect(page.locator(".document")).to_have_text("Cocoa is drunk salted.")
    go_to(page, "Library")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove cocoa.txt").click()
    playwright.expect(page.locator("#note li").last).to_contain_text("cocoa.txt was removed.")
    playwright.expect(page.locator("table.files tbody tr")).to_have_count(0)
    page.get_by_label("Filter").fill("")
    playwright.expect(page.locator("table.files")).to_contain_text(HOSTILE_NAME)
    page.get_by_role("button", name="Sort by passages").click()
    playwright.expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Passages")


def test_a_build_is_cancelled_and_the_last_index_kept(page, served):
    long = served[1] / "long.md"
    long.write_text(
        "".join(f"# Part {number}\n\nThis is part {number} of many.\n\n" for number in range(2_000)), "utf-8"
    )
    page.get_by_role("button", name="Update").click()
    playwright.expect(page.locator("#status progress")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    playwright.expect(page.locator("#status .cancelled")).to_have_text(
        "Update cancelled. Answers use the last complete index."
    )
    playwright.expect(page.locator("#status .problem")).to_have_count(0)
    playwright.expect(page.locator("#status")).to_contain_text("13 documents")
    long.unlink()
    ask(page, "How long is green tea steeped?")
    playwright.expect(page.locator("#chat .answer").first).to_contain_text("Green tea is steeped")


def test_a_removal_is_undone_and_a_file_that_is_refused_or_cannot_be_read_is_red(page, served, tmp_path):
    go_to(page, "Library")
    (tmp_path / "photo.png").write_bytes(b"x")
    (tmp_path / "empty.pdf").write_bytes(b"x")
    page.locator("#drop input[type=file]").set_input_files([tmp_path / "photo.png", tmp_path / "empty.pdf"])
    red = page.locator("#note li.problem")
    playwright.expect(red).to_have_text(
        [
            "photo.png was not added: images are not supported.",
            "empty.pdf was added but cannot be read. Damaged (not a PDF): save it again.",
        ]
    )
    attention = page.locator("#status").get_by_role("button", name="1 document needs attention")
    attention.click()
    playwright.expect(page.locator("table.files tbody th").first).to_have_text("empty.pdf")
    playwright.expect(attention).to_be_hidden()
    (served[1] / "empty.pdf").unlink()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove outlook.md").click()
    playwright.expect(page.locator("#note li.done").last).to_contain_text("outlook.md was removed.")
    assert not (served[1] / "outlook.md").exists()
    page.get_by_role("button", name="Undo: restore outlook.md").click()
    playwright.expect(page.locator("#note li.done").last).to_contain_text("outlook.md was restored.")
    assert (served[1] / "outlook.md").exists()
    playwright.expect(page.locator("table.files tr", has_text="outlook.md")).to_contain_text("indexed")


def test_a_dropped_file_is_added_from_any_tab(page, served):
    data = page.evaluate_handle(
        """() => { const data = new DataTransfer();
          data.items.add(new File(['Mate is drunk from a gourd.'], 'mate.txt')); return data; }"""
    )
    page.dispatch_event("#chat", "dragover", {"dataTransfer": data})
    page.dispatch_event("#chat", "drop", {"dataTransfer": data})
    playwright.expect(page.locator("#note li.done").last).to_have_text("mate.txt was added.")
    playwright.expect(page.locator("table.files tr", has_text="mate.txt")).to_contain_text("indexed")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove mate.txt").click()
    playwright.expect(page.locator("#status")).to_contain_text("13 documents")
