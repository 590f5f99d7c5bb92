"""Every sentence with which a document is refused, told once.

Each names the file, what was found, what is needed and what to do, in both
languages. The codes: DOC-01 type, DOC-02 empty, DOC-03 truncated or damaged,
DOC-04 encrypted, DOC-05 active content, DOC-06 over a limit, DOC-09 converter
died, DOC-10 a virus; ZIP-01 to ZIP-05 a whole archive. The child names a case and figures only;
the words are chosen here.
"""

from collections.abc import Collection
from typing import NamedTuple

from hr_portal.adapters.documents.limits import MIB
from hr_portal.domain.shown_names import MAX_NAME, shown_name


class DocumentRefused(Exception):  # noqa: N818 - the document is refused; nothing went wrong
    """A document that is not taken in.

    `code` is stable (DOC-01 to DOC-10, ZIP-01 to ZIP-05 for an archive); `message`
    and `message_en` are the sentences for the person who uploaded it.
    """

    def __init__(self, code: str, message: str, message_en: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.message_en = message_en


class Case(NamedTuple):
    """One way a document can be unfit: its code and the sentence in both languages."""

    code: str
    text: str
    text_en: str


_KINDS = "Portal menerima PDF (.pdf), JPEG (.jpg, .jpeg), dan PNG (.png)."
_KINDS_EN = "The portal takes PDF (.pdf), JPEG (.jpg, .jpeg) and PNG (.png)."
_RESCAN = "Pindai atau foto ulang dokumennya, lalu unggah berkas yang baru."
_RESCAN_EN = "Scan or photograph the document again and upload the new file."
_AGAIN = "Ambil kembali berkas dari sumbernya, atau pindai ulang dokumennya, lalu unggah lagi."
_AGAIN_EN = "Fetch the file from its source again, or scan the document again, and upload it."
_REPRINT = (
    "Buka berkas itu di pembaca PDF, pilih Cetak lalu Simpan sebagai PDF, dan unggah hasilnya."
)
_REPRINT_EN = (
    "Open it in a PDF reader, choose Print and then Save as PDF, and upload what comes out."
)

CASES: dict[str, Case] = {
    # ------------------------------------------------------------------ DOC-01: the type
    "extension": Case(
        "DOC-01",
        "Nama berkas {file} tidak berakhiran .pdf, .jpg, .jpeg, atau .png. "
        f"{_KINDS} Simpan dokumen sebagai salah satunya, lalu unggah lagi.",
        "The name of file {file} doesn't end in .pdf, .jpg, .jpeg or .png. "
        f"{_KINDS_EN} Save the document as one of these and upload it again.",
    ),
    "content": Case(
        "DOC-01",
        "Berkas {file} bernama {extension}, tetapi isinya {found}. Isi berkas harus sesuai dengan "
        f"namanya. {_KINDS} Buka dokumen di program asalnya, simpan sebagai salah satu jenis itu, "
        "lalu unggah lagi.",
        "File {file} is named {extension}, but holds {found_en}. The content must match the name. "
        f"{_KINDS_EN} Open the document in the program it comes from, save it as one of these, and "
        "upload it again.",
    ),
    "before-pdf": Case(
        "DOC-01",
        "Berkas {file} memuat PDF, tetapi ada isi lain di depannya. Berkas PDF harus dimulai "
        f"dengan tanda PDF. {_REPRINT}",
        "File {file} holds a PDF, but something else comes before it. A PDF file must start with "
        f"its PDF mark. {_REPRINT_EN}",
    ),
    "after-pdf": Case(
        "DOC-01",
        "Berkas {file} memuat isi lain ({count} byte) di belakang akhir PDF. Berkas PDF harus "
        f"berisi PDF saja. {_REPRINT}",
        "File {file} holds something else ({count_en} bytes) after the end of the PDF. A PDF file "
        f"must hold the PDF alone. {_REPRINT_EN}",
    ),
    # ------------------------------------------------------------------ DOC-02: nothing in it
    "empty": Case(
        "DOC-02",
        "Berkas {file} kosong (0 byte). Portal memerlukan dokumen yang ada isinya. Periksa apakah "
        "berkas yang Anda pilih sudah benar, lalu unggah lagi.",
        "File {file} is empty (0 bytes). The portal needs a document with content. Check that you "
        "chose the right file, then upload again.",
    ),
    "no-page": Case(
        "DOC-02",
        "PDF {file} tidak memiliki satu halaman pun. Portal memerlukan paling sedikit satu "
        f"halaman. {_RESCAN}",
        f"PDF {{file}} has no page at all. The portal needs at least one page. {_RESCAN_EN}",
    ),
    # ------------------------------------------------------------------ DOC-03: damaged
    "truncated-pdf": Case(
        "DOC-03",
        "PDF {file} terpotong: penanda akhir berkasnya tidak ada. Biasanya unduhan atau penyalinan "
        f"terputus. Portal memerlukan berkas yang utuh. {_AGAIN}",
        "PDF {file} is cut short: the mark of its end is missing. Usually a download or a copy was "
        f"interrupted. The portal needs the whole file. {_AGAIN_EN}",
    ),
    "truncated-image": Case(
        "DOC-03",
        "Gambar {file} terpotong: sebagian gambarnya tidak ada. Biasanya unduhan atau penyalinan "
        f"terputus. Portal memerlukan berkas yang utuh. {_AGAIN}",
        "Picture {file} is cut short: a part of it is missing. Usually a download or a copy was "
        f"interrupted. The portal needs the whole file. {_AGAIN_EN}",
    ),
    "damaged-pdf": Case(
        "DOC-03",
        "PDF {file} rusak: susunan di dalamnya tidak dapat dibaca seluruhnya. Portal memerlukan "
        f"berkas yang utuh. {_REPRINT} Jika tidak dapat dibuka, pindai ulang dokumennya.",
        "PDF {file} is damaged: what it is made of can't all be read. The portal needs the whole "
        f"file. {_REPRINT_EN} If it can't be opened, scan the document again.",
    ),
    "damaged-image": Case(
        "DOC-03",
        "Gambar {file} rusak: isinya tidak dapat dibaca sebagai gambar. Portal memerlukan gambar "
        f"yang utuh. {_AGAIN}",
        "Picture {file} is damaged: its content can't be read as a picture. The portal needs a "
        f"whole picture. {_AGAIN_EN}",
    ),
    "page-size": Case(
        "DOC-03",
        "PDF {file} rusak: ukuran halaman {page} tidak tertulis dengan benar. Setiap halaman harus "
        f"memiliki lebar dan tinggi. {_REPRINT}",
        "PDF {file} is damaged: the size of page {page_en} isn't stated correctly. Each page needs "
        f"a width and a height. {_REPRINT_EN}",
    ),
    # ------------------------------------------------------------------ DOC-04: encrypted
    "encrypted": Case(
        "DOC-04",
        "PDF {file} dienkripsi atau dilindungi kata sandi, sehingga isinya tidak dapat diperiksa. "
        f"Portal memerlukan PDF tanpa perlindungan. {_REPRINT}",
        "PDF {file} is encrypted or protected by a password, so its content can't be checked. The "
        f"portal needs a PDF without protection. {_REPRINT_EN}",
    ),
    # ------------------------------------------------------------------ DOC-05: active content
    "active": Case(
        "DOC-05",
        "PDF {file} memuat isi aktif: {found}. Dokumen pendukung hanya boleh berisi halaman untuk "
        f"dilihat. {_REPRINT}",
        "PDF {file} holds active content: {found_en}. A supporting document may hold only pages to "
        f"look at. {_REPRINT_EN}",
    ),
    # ------------------------------------------------------------------ DOC-06: over a limit
    "bytes": Case(
        "DOC-06",
        "Berkas {file} lebih besar dari batas {limit}. Pindai ulang dengan resolusi lebih rendah "
        "(200 dpi cukup) atau pisahkan halamannya, lalu unggah lagi.",
        "File {file} is over the limit of {limit_en}. Scan at a lower resolution (200 dpi will do) "
        "or split its pages, then upload again.",
    ),
    "pages": Case(
        "DOC-06",
        "PDF {file} lebih dari {limit} halaman, batas satu dokumen. Pisahkan halaman yang "
        "diperlukan menjadi berkas tersendiri, lalu unggah berkas itu.",
        "PDF {file} has more than {limit_en} pages, the limit of one document. Put the pages that "
        "are needed into a file of their own and upload that.",
    ),
    "page-points": Case(
        "DOC-06",
        "Halaman {page} PDF {file} lebih panjang dari batas {limit} cm. Cetak ulang ke PDF dengan "
        "ukuran kertas A4, lalu unggah hasilnya.",
        "Page {page_en} of PDF {file} is longer than the limit of {limit_en} cm. Print it to "
        "PDF again on A4 paper and upload what comes out.",
    ),
    "pixels": Case(
        "DOC-06",
        "Gambar {file} berukuran {width} × {height} piksel ({count} megapiksel); batasnya {limit} "
        "megapiksel. Kecilkan gambarnya atau pindai ulang dengan resolusi lebih rendah (200 dpi "
        "cukup), lalu unggah lagi.",
        "Picture {file} is {width_en} × {height_en} pixels ({count_en} megapixels); the limit is "
        "{limit_en} megapixels. Make it smaller or scan at a lower resolution (200 dpi will do), "
        "then upload again.",
    ),
    "side": Case(
        "DOC-06",
        "Gambar {file} berukuran {width} × {height} piksel; batas satu sisi {limit} piksel. "
        "Potong atau kecilkan gambarnya, lalu unggah lagi.",
        "Picture {file} is {width_en} × {height_en} pixels; the limit of one side is {limit_en} "
        "pixels. Crop it or make it smaller, then upload again.",
    ),
    "pixels-in-pdf": Case(
        "DOC-06",
        "PDF {file} memuat gambar {width} × {height} piksel; batas satu gambar {limit} megapiksel. "
        "Pindai ulang dengan resolusi lebih rendah (200 dpi cukup), lalu unggah lagi.",
        "PDF {file} holds a picture of {width_en} × {height_en} pixels; the limit of one picture "
        "is {limit_en} megapixels. Scan at a lower resolution (200 dpi will do) and upload again.",
    ),
    "unpacked": Case(
        "DOC-06",
        "Isi PDF {file} menjadi lebih dari {limit} MB setelah dimekarkan, melewati batas portal. "
        f"{_REPRINT} Jika tetap ditolak, pindai ulang dokumennya.",
        "The content of PDF {file} becomes more than {limit_en} MB when unpacked, over the limit "
        f"of the portal. {_REPRINT_EN} If it is refused again, scan the document again.",
    ),
    "unpacked-part": Case(
        "DOC-06",
        "Satu bagian PDF {file} menjadi lebih dari {limit} MB setelah dimekarkan, melewati batas "
        f"portal. {_REPRINT} Jika tetap ditolak, pindai ulang dokumennya.",
        "One part of PDF {file} becomes more than {limit_en} MB when unpacked, over the limit of "
        f"the portal. {_REPRINT_EN} If it is refused again, scan the document again.",
    ),
    "text-in-image": Case(
        "DOC-06",
        "Gambar {file} menyimpan teks tersembunyi yang melewati batas 1 MB setelah dimekarkan. "
        "Portal memerlukan gambar tanpa teks tambahan. Simpan ulang gambarnya sebagai JPEG, lalu "
        "unggah lagi.",
        "Picture {file} keeps hidden text that passes the limit of 1 MB when unpacked. The portal "
        "needs a picture without added text. Save the picture as JPEG again and upload it.",
    ),
    "objects": Case(
        "DOC-06",
        "PDF {file} tersusun dari lebih dari {limit} bagian, melewati batas portal. "
        f"{_REPRINT} Jika tetap ditolak, pindai ulang dokumennya.",
        "PDF {file} is made of more than {limit_en} parts, over the limit of the portal. "
        f"{_REPRINT_EN} If it is refused again, scan the document again.",
    ),
    # ------------------------------------------------------------------ one entry of a ZIP
    "entry-encrypted": Case(
        "DOC-04",
        "Berkas {file} di dalam ZIP dikunci dengan kata sandi, sehingga isinya tidak dapat diperiksa. "
        "Buat ZIP tanpa kata sandi, atau unggah berkasnya langsung.",
        "File {file} in the ZIP is locked with a password, so its content can't be checked. Make the "
        "ZIP without a password, or upload the file itself.",
    ),
    "entry-nested": Case(
        "DOC-01",
        "Berkas {file} di dalam ZIP adalah arsip lagi. Keluarkan isinya, lalu unggah berkas-berkasnya "
        "langsung atau dalam satu ZIP.",
        "File {file} in the ZIP is an archive itself. Unpack it and upload its files directly or in "
        "one ZIP.",
    ),
    "entry-twice": Case(
        "DOC-01",
        "Nama {file} ada lebih dari sekali di dalam ZIP, jadi tidak jelas berkas mana yang dimaksud. "
        "Beri nama yang berbeda, lalu unggah lagi.",
        "The name {file} is in the ZIP more than once, so it isn't clear which file is meant. Give "
        "them different names and upload again.",
    ),
    "entry-packed": Case(
        "DOC-01",
        "Berkas {file} dimampatkan dengan cara yang tidak dikenal portal. Buat ZIP dengan Windows "
        "Explorer, macOS, atau 7-Zip (metode Deflate), lalu unggah lagi.",
        "File {file} is compressed in a way the portal doesn't know. Make the ZIP with Windows "
        "Explorer, macOS or 7-Zip (method Deflate) and upload again.",
    ),
    "entry-rights": Case(
        "DOC-01",
        "Berkas {file} di dalam ZIP bertanda program dengan hak khusus, bukan dokumen. Simpan ulang "
        "dokumennya, lalu unggah langsung.",
        "File {file} in the ZIP is marked as a program with special rights, not a document. Save the "
        "document again and upload it directly.",
    ),
    "entry-mapping": Case(
        "DOC-01",
        "Lembar pemetaan {file} tidak dapat dipakai: perlu kolom Berkas, NIK (atau KPJ, atau Baris), "
        "dan Jenis pada baris pertamanya. Berkas lain dipasangkan menurut namanya. Perbaiki judulnya, "
        "lalu unggah lagi.",
        "Mapping sheet {file} can't be used: its first line needs the columns Berkas, NIK (or KPJ, or "
        "Baris) and Jenis. Other files were matched by their names. Mend its headers and upload it "
        "again.",
    ),
    "entry-damaged": Case(
        "DOC-03",
        f"Berkas {{file}} di dalam ZIP rusak dan tidak dapat dikeluarkan. {_AGAIN}",
        f"File {{file}} in the ZIP is damaged and can't be unpacked. {_AGAIN_EN}",
    ),
    "entry-longer": Case(
        "DOC-06",
        "Berkas {file} di dalam ZIP ternyata lebih besar daripada yang tertulis di daftar isinya, "
        "melewati batas portal. Unggah berkasnya langsung.",
        "File {file} in the ZIP turned out larger than its table of contents says, over the limit of "
        "the portal. Upload the file itself.",
    ),
    # ------------------------------------------------------------------ ZIP-01..05: a whole ZIP
    "zip-damaged": Case(
        "ZIP-01",
        "Berkas {file} bukan ZIP yang utuh: daftar isinya tidak dapat dibaca. Buat ZIP-nya lagi, lalu "
        "unggah.",
        "File {file} is no whole ZIP: its table of contents can't be read. Make the ZIP again and "
        "upload it.",
    ),
    "zip-empty": Case(
        "ZIP-02",
        "ZIP {file} tidak berisi berkas apa pun. Pilih ZIP yang berisi PDF, JPEG, "
        "atau PNG, lalu unggah lagi.",
        "ZIP {file} holds no file. Choose a ZIP with PDF, JPEG or PNG files and upload that.",
    ),
    "zip-nothing": Case(
        "ZIP-02",
        "Tidak ada isi ZIP {file} yang dapat dipakai. {found} Perbaiki isinya, lalu unggah lagi.",
        "Nothing in ZIP {file} can be used. {found_en} Mend the files and upload again.",
    ),
    "zip-bytes": Case(
        "ZIP-03",
        "ZIP {file} lebih besar dari batas {limit} MB. Bagi menjadi beberapa ZIP, lalu unggah satu "
        "per satu.",
        "ZIP {file} is over the limit of {limit_en} MB. Split it into several ZIPs and upload them "
        "one by one.",
    ),
    "zip-files": Case(
        "ZIP-03",
        "ZIP {file} berisi lebih dari {limit} berkas, batas satu ZIP. Bagi menjadi beberapa ZIP, lalu "
        "unggah satu per satu.",
        "ZIP {file} holds more than {limit_en} files, the limit of one ZIP. Split it into several "
        "ZIPs and upload them one by one.",
    ),
    "zip-unpacked": Case(
        "ZIP-03",
        "Isi ZIP {file} menjadi lebih dari {limit} MB setelah dimekarkan, melewati batas portal. Bagi "
        "menjadi beberapa ZIP, lalu unggah satu per satu.",
        "The content of ZIP {file} becomes more than {limit_en} MB when unpacked, over the limit of "
        "the portal. Split it into several ZIPs and upload them one by one.",
    ),
    "zip-bomb": Case(
        "ZIP-04",
        "ZIP {file} tidak dibuka: {entry} mengembang tidak wajar. Tidak ada isinya yang disimpan. "
        "Periksa asal berkas ini, atau unggah dokumennya langsung.",
        "ZIP {file} was not opened: {entry} swells beyond reason. Nothing of it was kept. Check where "
        "this file is from, or upload the documents directly.",
    ),
    "zip-overlap": Case(
        "ZIP-05",
        "ZIP {file} tidak dibuka: bagian {entry} bertumpuk dengan bagian lain. Tidak ada isinya yang "
        "disimpan. Periksa asal berkas ini, lalu buat ZIP yang baru dan "
        "unggah lagi.",
        "ZIP {file} was not opened: part {entry} overlaps another. Nothing of it was kept. Check where "
        "this file is from, make a new ZIP and upload it.",
    ),
    "zip-path": Case(
        "ZIP-05",
        "ZIP {file} tidak dibuka: nama {entry} menunjuk ke luar foldernya. Tidak ada isinya yang "
        "disimpan. Periksa asal berkas ini, lalu buat ZIP yang baru dan "
        "unggah lagi.",
        "ZIP {file} was not opened: the name {entry} leads out of its folder. Nothing of it was kept. "
        "Check where this file is from, make a new ZIP and upload it.",
    ),
    "zip-special": Case(
        "ZIP-05",
        "ZIP {file} tidak dibuka: {entry} bukan berkas biasa, melainkan tautan atau perangkat. Tidak "
        "ada isinya yang disimpan. Buat ZIP yang baru dari dokumennya sendiri, "
        "lalu unggah lagi.",
        "ZIP {file} was not opened: {entry} is no plain file but a link or a device. Nothing of it was "
        "kept. Make a new ZIP of the documents themselves and upload it.",
    ),
    "zip-names": Case(
        "ZIP-05",
        "ZIP {file} tidak dibuka: {entry} bernama lain di dua tempat pada arsipnya. Tidak ada isinya "
        "yang disimpan. Periksa asal berkas ini, lalu buat ZIP yang baru dan "
        "unggah lagi.",
        "ZIP {file} was not opened: {entry} has two different names in the archive. Nothing of it was "
        "kept. Check where this file is from, make a new ZIP and upload it.",
    ),
    # ------------------------------------------------------------------ DOC-10: a virus
    "infected": Case(
        "DOC-10",
        "Berkas {file} ditolak: pemindai virus menemukan {signature} di dalamnya. Tidak ada yang "
        "disimpan. Jangan buka berkas itu; laporkan kepada bagian TI perusahaan Anda, lalu unggah "
        "dokumen dari sumber yang bersih.",
        "File {file} was refused: the virus scanner found {signature} in it. Nothing was kept. Don't "
        "open that file; report it to your company's IT, then upload the document from a clean source.",
    ),
    # ------------------------------------------------------------------ DOC-09: converter died
    "died": Case(
        "DOC-09",
        "Dokumen {file} tidak dapat diperiksa: pemeriksanya berhenti sebelum selesai ({found}). "
        "Portal hanya menyimpan dokumen yang selesai diperiksa; dokumen lain tidak terpengaruh. "
        f"{_RESCAN}",
        "Document {file} can't be checked: the process that checks it stopped before it was done "
        "({found_en}). The portal keeps only documents that passed the check; nothing else is "
        f"affected. {_RESCAN_EN}",
    ),
}

ACTIVE: dict[str, tuple[str, str]] = {
    "javascript": ("program JavaScript", "a JavaScript program"),
    "launch": ("perintah menjalankan program (Launch)", "an order to start a program (Launch)"),
    "submit": ("formulir yang mengirim data (SubmitForm)", "a form that sends data (SubmitForm)"),
    "import": ("perintah mengambil data (ImportData)", "an order to fetch data (ImportData)"),
    "remote": ("rujukan ke berkas lain (GoToR)", "a reference to another file (GoToR)"),
    "embedded": ("berkas yang disisipkan (EmbeddedFiles)", "an embedded file (EmbeddedFiles)"),
    "xfa": ("formulir XFA", "an XFA form"),
    "form": (
        "formulir isian yang belum dicetak (AcroForm)",
        "a fill-in form that is not printed yet (AcroForm)",
    ),
    "media": (
        "suara, video, atau objek 3D (RichMedia)",
        "sound, video or a 3D object (RichMedia)",
    ),
    "automatic": (
        "tindakan yang berjalan saat dokumen dibuka (OpenAction)",
        "an action that runs when the document is opened (OpenAction)",
    ),
    "postscript": ("program PostScript", "a PostScript program"),
}
"""Kinds of active content, in the order in which they are told."""

DEATHS: dict[str, tuple[str, str]] = {
    "time": ("waktu pemeriksaan habis", "it ran out of time"),
    "memory": ("memori pemeriksaan habis", "it ran out of memory"),
    "crash": ("proses terhenti", "it crashed"),
    "answer": ("jawabannya tidak utuh", "its answer was not whole"),
    "start": ("proses tidak dapat dimulai", "it could not be started"),
}


def shown_path(path: str) -> str:
    """Return a path in an archive fit to be shown, with its folders."""
    parts = path.replace("\\", "/").split("/")
    return "/".join(part and shown_name(part) for part in parts)[:MAX_NAME]


def refuse(case: str, file: str, **values: str | int | tuple[str, str]) -> DocumentRefused:
    """Make the refusal of a document, to be raised.

    A number is written in the manner of each language, as in
    `refuse("pages", name, limit=200)`; a pair is the text in both.
    """
    told = CASES[case]
    words, words_en = {"file": shown_name(file)}, {"file": shown_name(file)}
    for key, value in values.items():
        match value:
            case int():
                words[key], words_en[f"{key}_en"] = f"{value:,}".replace(",", "."), f"{value:,}"
            case str():
                words[key] = words_en[key] = value
            case _:
                words[key], words_en[f"{key}_en"] = value
    return DocumentRefused(told.code, told.text.format(**words), told.text_en.format(**words_en))


def refuse_active(file: str, kinds: Collection[str]) -> DocumentRefused:
    """Make the refusal of a PDF that holds these kinds of active content."""
    told = [words for kind, words in ACTIVE.items() if kind in kinds]
    found, found_en = (", ".join(side) for side in zip(*told, strict=True))
    return refuse("active", file, found=(found, found_en))


def refuse_bytes(file: str, limit: int) -> DocumentRefused:
    """Make the refusal of a file over the limit of bytes."""
    text = f"{limit / MIB:.1f}".removesuffix(".0")
    return refuse("bytes", file, limit=(f"{text.replace('.', ',')} MB", f"{text} MB"))


def refuse_death(file: str, cause: str) -> DocumentRefused:
    """Make the refusal of a document whose child did not come back with an answer."""
    return refuse("died", file, found=DEATHS[cause])
