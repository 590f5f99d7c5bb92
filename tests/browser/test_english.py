"""In English, the frame, headings, labels and buttons hold no Indonesian."""

import re

import pytest
from playwright.sync_api import expect

LEFT_OVER = re.compile(
    r"\b(yang|dan|atau|untuk|dari|dengan|belum|sudah|ini|tidak|ada|baris|berkas|unggah|unduh|surat"
    r"|pengajuan|dokumen|hasil|lanjut|kembali|kembalikan|setujui|tolak|semula|menjadi|menunggu|masuk"
    r"|keluar|beranda|antrean|keputusan|perusahaan|pengguna|tinjau|ajukan|lihat|pastikan|lampirkan"
    r"|perbaiki|alasan|riwayat|keadaan|tindakan|nama|kota|alamat|tampilan|terang|gelap|diajukan"
    r"|diperiksa|dikembalikan|disetujui|ditolak|dibatalkan|draf|peringatan|temuan|jenis|ukuran)\b",
    re.IGNORECASE,
)
_SAID = """() => {
  const text = [...document.querySelectorAll(
    "title, nav, h1, h2, h3, button, .btn, label, legend, summary, .pk-chip, .pk-steps, dt, th, " +
    ".pk-foot, .pk-empty, .form-text, option, .pk-note, .pk-meta")]
    .filter(one => !one.querySelector(".pk-letter") && !one.closest(".pk-cells"))
    // What says of itself that it is Indonesian: words of the letter.
    .filter(one => !one.matches("[lang=id]") && !one.querySelector("[lang=id]"))
    .map(one => one.textContent);
  const labels = [...document.querySelectorAll("[aria-label]")].map(one => one.ariaLabel);
  const columns = [...document.querySelectorAll(".stack-all [data-label]")].map(one => one.dataset.label);
  return [...text, ...labels, ...columns].map(one => one.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
DATA = re.compile(
    r"(Kantor Cabang )?(Contoh Raya|Misal Timur)|(PT|CV) \w+ \w+( Abadi)?|[\w-]+\.(xlsx|csv|jpg)"
    r"|“[^”]*”|Bahasa Indonesia|TIDAK BERUBAH|{\w+}|\(Data, Semula, Menjadi\)|Headers needed: [^.]*"
)
"""What people have typed, headers and set words of the sheet, and the other language's own name."""

PAGES = {
    "rahma": [
        "/", "/pengajuan", "/pengajuan/baru", "/surat", "/perusahaan/{company}", "/pelindungan-data",
        "/pengajuan/{faulty}/hasil", "/pengajuan/{faulty}/baris/5", "/pengajuan/{faulty}/unggah-ulang",
        "/pengajuan/{bare}/pastikan?aturan=NIK-11&kasus=&kolom=tanggal_lahir", "/pengajuan/{unreadable}",
        "/pengajuan/{bare}/dokumen", "/pengajuan/{issued}/dokumen", "/pengajuan/{issued}/surat",
        "/pengajuan/{stale}/surat", "/pengajuan/{bare}/tinjau", "/pengajuan/{issued}/tinjau",
        "/pengajuan/{submitted}/lacak", "/pengajuan/{returned}/lacak", "/pengajuan/{partly}/lacak",
        "/pengajuan/{child}/lacak", "/pengajuan/{approved}/tanda-terima", "/pengajuan/{reading}",
    ],
    "wulan": ["/", "/pengajuan", "/surat"],
    "lestari": [
        "/antrean", "/antrean?tampil=saya", "/keputusan", "/periksa/{in_review}/baris/2",
        "/periksa/{in_review}/sekaligus", "/periksa/{judged}/selesai",
    ],
    "admin": [
        "/admin/perusahaan", "/admin/perusahaan/baru", "/admin/kantor-cabang", "/admin/pengguna",
        "/admin/pengguna/baru",
    ],
}  # fmt: skip


@pytest.fixture
def site(scenery):
    return scenery


def test_the_language_is_switched_on_the_page_and_stays(visit, site):
    hrd = visit().arrives_as(site.rahma)
    hrd.goto("/pengajuan")
    expect(hrd.page.locator("html")).to_have_attribute("lang", "id")
    hrd.press("English")
    expect(hrd.page.locator("html")).to_have_attribute("lang", "en")
    assert hrd.path == "/pengajuan"
    hrd.goto("/")
    expect(hrd.page.locator("html")).to_have_attribute("lang", "en")
    hrd.press("Bahasa Indonesia")
    expect(hrd.page.locator("html")).to_have_attribute("lang", "id")


@pytest.mark.parametrize("who", PAGES)
def test_no_indonesian_is_left_on_the_english_pages(visit, site, who):
    someone = visit().arrives_as(getattr(site, who))
    someone.goto("/bahasa/en")
    left = []
    for path in PAGES[who]:
        someone.goto(path.format(**site.ids))
        expect(someone.page.locator("html")).to_have_attribute("lang", "en")
        left += [(path, text[:120]) for text in someone.page.evaluate(_SAID) if _is_left_over(text)]
    assert not left, "\n".join(map(str, left))


def _is_left_over(text):
    return LEFT_OVER.search(DATA.sub("", text))


def test_the_sign_in_page_speaks_english(visit):
    someone = visit()
    someone.goto("/bahasa/en?next=/masuk")
    someone.sees("Sign in")
    said = [text for text in someone.page.evaluate(_SAID) if _is_left_over(text)]
    assert not said
