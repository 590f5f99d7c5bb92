"""The main journey with the keyboard alone; wherever the focus goes, it can be seen."""

import pytest
from playwright.sync_api import expect

from tests.browser import acts, sheets

MOST_TABS = 120
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


def test_the_main_journey_needs_no_mouse(visit, site):
    hrd, reviewer = visit(), visit()
    _send(hrd, Typist(hrd))
    _decide(reviewer, Typist(reviewer))
    hrd.goto("/")
    hrd.sees("1 pengajuan menunggu Anda")
    Typist(hrd).press("Perbaiki 1 baris")
    hrd.sees("1 baris menunggu perbaikan")


def _send(hrd, keys):
    hrd.goto("/masuk")
    keys.press("Masuk sebagai HRD")
    hrd.sees("Tidak ada yang menunggu Anda")
    keys.press("Buat pengajuan")
    hrd.sees("Buat pengajuan")
    keys.choose_file(sheets.file(sheets.as_mended()))
    hrd.sees("1 dari 10 baris perlu dokumen")
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
    hrd.sees("Tinjau, lalu ajukan 10 baris")
    keys.tab_to(hrd.page.get_by_label("Saya menyetujui pernyataan di atas"))
    hrd.page.keyboard.press("Space")
    keys.type("Ketik nama lengkap Anda", "Rahma Contohan")
    keys.press("Ajukan 10 baris")
    hrd.sees("10 baris diajukan ke Kantor Cabang Contoh Raya")


def _decide(reviewer, keys):
    reviewer.goto("/masuk")
    keys.press("Masuk sebagai Pemeriksa")
    reviewer.sees("1 pengajuan menunggu")
    keys.press("Ambil berikutnya")
    reviewer.sees("10 dari 10 baris menunggu keputusan")
    keyboard, row = reviewer.page.keyboard, reviewer.page.locator("#baris-ini")
    acts.key(reviewer, "ArrowDown")
    expect(row).to_contain_text("Baris 3 ·")
    acts.key(reviewer, "ArrowUp")
    expect(row).to_contain_text("Baris 2 ·")
    acts.approve_by_key(reviewer, 9, 10)
    acts.key(reviewer, "z")
    reviewer.sees("10 dari 10 baris menunggu keputusan")
    acts.approve_by_key(reviewer, 9, 10)
    acts.key(reviewer, "k")
    expect(reviewer.page.get_by_label("Alasan", exact=True)).to_be_focused()
    keyboard.press("Escape")
    expect(reviewer.page.get_by_label("Alasan", exact=True)).to_be_hidden()
    acts.key(reviewer, "k")
    expect(reviewer.page.get_by_label("Alasan", exact=True)).to_be_focused()
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    keyboard.type("stk")  # letters typed as words are no verdicts
    keyboard.press("Control+Enter")
    reviewer.sees("8 dari 10 baris menunggu keputusan")
    keys.tab_to(reviewer.page.get_by_text("Putuskan 8 baris sekaligus"))
    keyboard.press("Enter")
    keys.press("Setujui 8 baris")
    reviewer.sees("Semua 10 baris sudah diputuskan")
    reviewer.reads("KTP tidak terbaca: stk")
    keys.tab_to(reviewer.page.get_by_role("button", name="Putuskan:"))
    keyboard.press("Enter")
    reviewer.reads("Putusan tersimpan dan HRD dapat membacanya sekarang.")


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
