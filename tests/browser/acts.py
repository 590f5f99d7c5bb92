"""What HRD and reviewers do on the pages, one step of the journey a function."""

from playwright.sync_api import expect

from tests.browser import sheets

REASON = "Tanggal lahir sesuai penetapan pengadilan"


def choose(someone, *files):
    """Choose files; the page sends them at once."""
    someone.page.locator("input[type=file]").set_input_files(list(files))


def upload(hrd, file):
    """From home or the list to the result of a new workbook."""
    hrd.press("Buat pengajuan")
    hrd.sees("Buat pengajuan")
    choose(hrd, file)


def confirm(hrd, button, reason=REASON):
    """Say why the data of a warning are right."""
    hrd.press(button)
    hrd.page.get_by_label("Mengapa data ini benar?").fill(reason)
    hrd.press(button)
    hrd.reads("dipastikan.")


def attach(hrd, file, *, row):
    """Put a document to one row."""
    hrd.page.get_by_label("Untuk baris").fill(str(row))
    choose(hrd, file)
    hrd.reads("1 dokumen terlampir")


def explain(hrd):
    """Say why documents are not attached, where the page asks for it."""
    expect(hrd.page.get_by_role("link", name="Lanjut ke Surat")).to_be_visible()
    if hrd.page.locator("#tanpa-dokumen").count():
        hrd.page.get_by_label("Alasan tanpa dokumen").fill("Aslinya dibawa ke cabang")
        hrd.press("Simpan alasan")
        hrd.reads("Pemeriksa membacanya")


def issue(hrd):
    """From the documents to the issued letter."""
    explain(hrd)
    hrd.press("Lanjut ke Surat")
    hrd.sees("Periksa surat, lalu terbitkan")
    hrd.press("Terbitkan surat")
    hrd.reads("SHA-256")


def go_on(hrd):
    """From the issued letter to the last look."""
    hrd.press("Tinjau dan ajukan", within=hrd.page.get_by_role("region", name="Isi surat"))


def submit(hrd, rows, name="Rahma Contohan"):
    """Declare, and send."""
    hrd.sees(f"Tinjau, lalu ajukan {rows} baris")
    hrd.page.get_by_label("Saya menyetujui pernyataan di atas").check()
    hrd.page.get_by_label("Ketik nama lengkap Anda").fill(name)
    hrd.press(f"Ajukan {rows} baris")
    hrd.sees(f"{rows} baris diajukan ke Kantor Cabang Contoh Raya")


def send_sound(hrd, rows=sheets.ROWS):
    """The short way: a workbook without a fault, its letter, submitted."""
    upload(hrd, sheets.file(sheets.sound(rows), "koreksi-hp.xlsx"))
    hrd.reads("Tidak ada lagi yang perlu diperbaiki")
    hrd.press("Lanjut ke Dokumen")
    issue(hrd)
    go_on(hrd)
    submit(hrd, rows)


def approve_by_key(reviewer, left, total):
    """S, and the next row that waits."""
    key(reviewer, "s")
    reviewer.sees(f"{left} dari {total} baris menunggu keputusan")


def key(someone, name):
    """Press a key of the bench once its script is there."""
    someone.page.wait_for_load_state("domcontentloaded")
    someone.page.keyboard.press(name)


def decide(reviewer):
    """The one button that ends a review."""
    reviewer.page.get_by_role("button", name="Putuskan:").click()
    reviewer.reads("Keputusan tersimpan dan HRD dapat membacanya sekarang.")


def chip(someone):
    """The state of the batch that the page shows beside its title."""
    return someone.page.locator(".pk-head .pk-chip").last


def stands_as(someone, state):
    """The page says so."""
    expect(chip(someone)).to_have_text(state)
