"""From HRD over two reviewers to the agency and back by keys alone; the focus is always seen."""

import pytest
from playwright.sync_api import expect

from tests.browser import acts, sheets
from tests.browser.looking import look
from tests.web.story import employee

MOST_TABS = 120
ACCOUNT = [*employee(110), "No Rekening", "9000000001", "9000100001", "Salah ketik"]
"""A row that two reviewers have to approve."""
_STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {name: "", seen: true};
  // a file field that a script dresses up shows its focus on its label
  const shown = one.type === "file" && one.labels.length && getComputedStyle(one).opacity === "0"
    || one.type === "file" && one.getBoundingClientRect().width <= 1 ? one.labels[0] : one;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  const lined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
    || style.boxShadow !== "none";
  const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const spots = [[left + 2, top + 2], [(left + right) / 2, (top + bottom) / 2], [right - 2, bottom - 2]];
  const uncovered = one.tagName === "IFRAME" || spots.some(([x, y]) => {
    const over = document.elementFromPoint(x, y);
    return over && (shown.contains(over) || over.contains(shown));
  });
  return {
    name: one.outerHTML.slice(0, 160), seen: lined && inSight && uncovered,
    why: {outline: style.outline, inSight, uncovered, box: [box.left, box.top, box.width, box.height]},
  };
}"""


class Typist:
    """Moves by Tab alone, and holds every stop to having a focus that can be seen."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, visitor.page

    def tab_to(self, target):
        """Go on by Tab until `target` has the focus."""
        expect(target).to_be_attached()
        for _stop in range(MOST_TABS):
            if target.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(_STOP)
            assert stop["seen"], f"{self.page.url}: the focus is not seen on {stop}"
        pytest.fail(f"{MOST_TABS} tabs do not reach {target} on {self.page.url}")

    def press(self, name, *, within=None):
        """Go to a link or button and press Enter."""
        self.tab_to(self.visitor.control(name, within=within))
        self.page.keyboard.press("Enter")

    def type(self, label, text):
        """Go to a field and fill it in."""
        self.tab_to(self.page.get_by_label(label))
        self.page.keyboard.type(text)

    def choose_file(self, file):
        """Open the file dialog from the keyboard."""
        self.page.wait_for_load_state()
        self.tab_to(self.page.locator("input[type=file]"))
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Enter")
        asked.value.set_files([file])


def test_the_whole_journey_needs_no_mouse(visit, site):
    hrd, reviewer, second = visit(), visit(), visit()
    rows = [*sheets.as_mended(), ACCOUNT]
    _send(hrd, Typist(hrd), rows)
    _review(reviewer, Typist(reviewer))
    _second(second, Typist(second), rows)
    _read(hrd, Typist(hrd))


def _send(hrd, keys, rows):
    hrd.goto("/masuk")
    keys.press("Masuk sebagai HRD")
    hrd.sees("Tidak ada yang menunggu Anda")
    keys.press("Buat pengajuan")
    hrd.sees("Buat pengajuan")
    keys.choose_file(sheets.file(rows))
    hrd.sees("1 dari 11 baris perlu dokumen")
    for button in ("Pastikan 2 temuan", "Pastikan 1 temuan"):
        keys.press(button)
        hrd.sees(f"{button}: {'Berbeda dengan NIK' if '2' in button else 'Tidak ada perubahan'}")
        keys.type("Mengapa data ini benar?", acts.REASON)
        keys.press(button)
        hrd.reads("dipastikan.")
    keys.press("Lampirkan dokumen")
    hrd.sees("1 baris masih perlu dokumen")
    keys.type("Untuk baris", "9")
    keys.choose_file(sheets.card())
    hrd.reads("1 dokumen terlampir")
    keys.type("Alasan tanpa dokumen", "Aslinya dibawa ke cabang")
    keys.press("Simpan alasan")
    hrd.reads("Pemeriksa membacanya")
    keys.press("Lanjut ke Surat")
    hrd.sees("Periksa surat, lalu terbitkan")
    keys.press("Terbitkan surat")
    hrd.sees("Surat 001/HRD/CSA/XI/2026 sudah terbit")
    keys.press("Tinjau dan ajukan", within=hrd.page.get_by_role("region", name="Isi surat"))
    hrd.sees("Tinjau, lalu ajukan 11 baris")
    keys.tab_to(hrd.page.get_by_label("Saya menyetujui pernyataan di atas"))
    hrd.page.keyboard.press("Space")
    keys.type("Ketik nama lengkap Anda", "Rahma Contohan")
    keys.press("Ajukan 11 baris")
    hrd.sees("11 baris diajukan ke Kantor Cabang Contoh Raya")


def _review(reviewer, keys):
    reviewer.goto("/masuk")
    keys.press("Masuk sebagai Pemeriksa")
    reviewer.sees("1 pengajuan menunggu")
    keys.press("Ambil berikutnya")
    reviewer.sees("11 dari 11 baris menunggu keputusan")
    keyboard, row = reviewer.page.keyboard, reviewer.page.locator("#baris-ini")
    acts.key(reviewer, "ArrowDown")
    expect(row).to_contain_text("Baris 3 ·")
    acts.key(reviewer, "ArrowUp")
    expect(row).to_contain_text("Baris 2 ·")
    acts.approve_by_key(reviewer, 10, 11)
    acts.key(reviewer, "z")
    reviewer.sees("11 dari 11 baris menunggu keputusan")
    acts.approve_by_key(reviewer, 10, 11)
    reason = reviewer.page.get_by_label("Alasan", exact=True)
    acts.key(reviewer, "k")
    expect(reason).to_be_focused()
    keyboard.press("Escape")
    expect(reason).to_be_hidden()
    expect(reviewer.page.get_by_role("button", name="Kembalikan", exact=False)).to_be_focused()
    acts.key(reviewer, "k")
    expect(reason).to_be_focused()
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    keyboard.type("stk")  # letters typed as words are no verdicts
    keyboard.press("Control+Enter")
    reviewer.sees("9 dari 11 baris menunggu keputusan")
    for at in range(5, 10):
        acts.key(reviewer, "ArrowDown")
        expect(row).to_contain_text(f"Baris {at} ·")
    _look_through_documents(reviewer, keys)
    keys.tab_to(reviewer.page.get_by_text("Putuskan 9 baris sekaligus"))
    keyboard.press("Enter")
    keys.press("Setujui 9 baris")
    reviewer.sees("Semua 11 baris sudah diputuskan")
    reviewer.reads("KTP tidak terbaca: stk")
    reviewer.reads("1 baris perlu pemeriksa kedua")
    look(reviewer.page)
    keys.type("Catatan untuk pemeriksa kedua", "Cocokkan buku tabungan baris 12")
    keys.press("Teruskan ke pemeriksa kedua")
    reviewer.reads("1 baris menunggu persetujuannya")


def _look_through_documents(reviewer, keys):
    """Larger and the next one, from the row; then back to the first by its tab."""
    page = reviewer.page
    card, letter = (
        page.locator("#dokumen nav").get_by_text(name)
        for name in ("KTP-el", "Surat permohonan koreksi")
    )
    picture = page.get_by_role("img", name="KTP-el, halaman 1 dari 1")
    expect(picture).to_be_visible()
    before = picture.bounding_box()["width"]
    page.keyboard.press("+")
    assert picture.bounding_box()["width"] > before
    page.keyboard.press("d")
    expect(letter).to_have_attribute("aria-current", "true")
    keys.tab_to(card)
    page.keyboard.press("Enter")
    expect(card).to_have_attribute("aria-current", "true")
    expect(card).to_be_focused()


def _second(second, keys, rows):
    second.goto("/masuk")
    keys.press("Masuk sebagai Pemeriksa kedua")
    second.sees("1 pengajuan menunggu")
    keys.press("Ambil berikutnya")
    second.sees("1 baris menunggu Anda sebagai pemeriksa kedua")
    second.reads("oleh Bayu Teladan")
    look(second.page)
    acts.key(second, "s")
    second.sees("Semua 11 baris sudah diputuskan")
    keys.tab_to(second.page.get_by_role("button", name="Putuskan:"))
    second.page.keyboard.press("Enter")
    second.reads("Keputusan tersimpan dan HRD dapat membacanya sekarang.")
    keys.press("Pilih bentuk berkas")
    second.reads("Tidak dibawa: No Rekening (1)")
    keys.press("Teruskan Netral (Excel)")
    second.sees("10 koreksi menunggu jawaban kantor cabang")
    told = "KPJ;DATA;HASIL;KETERANGAN\n"
    for at, row in enumerate(rows):
        if row is ACCOUNT:
            told += f"{row[sheets.KPJ]};No Rekening;Ditolak;Rekening tidak aktif\n"
        elif at != 1:  # which went back to HRD
            told += f"{row[sheets.KPJ]};No HP;Diterima;\n"
    keys.choose_file({"name": "jawaban.csv", "mimeType": "text/csv", "buffer": told.encode()})
    second.sees("Kantor cabang sudah menjawab semuanya")
    second.reads("Rekening tidak aktif")


def _read(hrd, keys):
    keys.press("Lacak pengajuan")
    acts.stands_as(hrd, "Selesai")
    hrd.reads("9 diterima, 1 ditolak")
    keys.press("3 riwayat")
    expect(hrd.page.get_by_role("heading", name="Riwayat karyawan ini")).to_be_visible()
    hrd.reads("KTP tidak terbaca: stk")
    keys.press("Lacak pengajuan")
    keys.press("Lihat draf perbaikannya")
    acts.stands_as(hrd, "Draf")
    hrd.reads("Rekening tidak aktif")
    look(hrd.page)
    hrd.goto("/")
    hrd.sees("2 pengajuan menunggu Anda")


def test_the_letter_keys_can_be_switched_off(visit, site):
    site.submitted()
    lestari = visit().arrives_as(site.lestari)
    lestari.goto("/")
    lestari.press("Ambil berikutnya")
    lestari.sees("3 dari 3 baris menunggu keputusan")
    lestari.press("Matikan pintasan huruf")
    lestari.reads("Pintasan huruf mati.")
    acts.key(lestari, "s")
    lestari.press("Hidupkan")
    expect(lestari.page.get_by_role("link", name="Matikan pintasan huruf")).to_be_visible()
    lestari.sees("3 dari 3 baris menunggu keputusan")
    acts.approve_by_key(lestari, 2, 3)


def test_the_first_tab_leads_past_the_menu(visit):
    someone = visit()
    someone.goto("/masuk")
    someone.page.keyboard.press("Tab")
    expect(someone.page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    someone.page.keyboard.press("Enter")
    expect(someone.page.locator("main")).to_be_focused()
