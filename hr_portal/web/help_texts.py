"""What the help pages say, in both languages: how to, and the words of the field.

Facts about the agency's own services are as its public pages tell them; nothing here promises
how long a branch takes.
"""

# ruff: noqa: E501 - sentences, each on its own line

from dataclasses import dataclass
from typing import Final

Said = tuple[str, str]
"""The same in Indonesian and in English."""


@dataclass(frozen=True, slots=True)
class Section:
    """One thing to do, with its steps; the anchor is what pages link to."""

    anchor: str
    title: Said
    steps: tuple[Said, ...]
    tips: tuple[Said, ...] = ()


FIGURES: Final = Section(
    "ikhtisar",
    ("Baca ikhtisar", "Read the overview"),
    (
        ("Ikhtisar menghitung yang boleh Anda lihat saja: pengajuan perusahaan Anda, pengajuan ke kantor cabang Anda, atau semuanya bagi admin.",
         "The overview counts only what you may see: your company's submissions, those to your branches, or all of them for an admin."),
        ("Setiap angka tampil sebagai gambar; Tabel di bawahnya memuat angkanya, dan Unduh sebagai Excel menyimpannya.",
         "Each figure is drawn; “Table” below it holds the numbers, and “Download as Excel” keeps them."),
        ("Waktu dihitung dari pengajuan sampai keputusan. Median: separuhnya lebih cepat dari itu. P90: sembilan dari sepuluh lebih cepat dari itu.",
         "Times run from submission to decision. Median: half of them were faster. P90: nine of ten were faster."),
    ),
    (
        ("Keputusan yang dibuka kembali oleh admin tidak ikut dihitung.",
         "Decisions that an admin has reopened aren't counted."),
    ),
)  # fmt: skip

HRD: Final = (
    Section(
        "siapkan",
        ("Siapkan berkas Excel", "Prepare the workbook"),
        (
            ("Unduh templat pada halaman Buat pengajuan, atau pakai berkas Anda sendiri: kolom dikenali dari namanya dan isinya.",
             "Download the template on the page of a new submission, or use your own file: columns are recognised by name and content."),
            ("Tulis satu koreksi per baris (Data, Semula, Menjadi), atau satu karyawan per baris dengan kolom “(Menjadi)”; sel kosong berarti tidak berubah.",
             "Write one correction a row (Data, Semula, Menjadi), or one employee a row with “(Menjadi)” columns; an empty cell means no change."),
            ("Isi KPJ, NIK, dan nama lengkap pada setiap baris; No KK juga bila NIK, nama, atau data kelahiran berubah.",
             "Fill in KPJ, NIK and full name on every row; the KK number too where NIK, name or birth data change."),
        ),
        (
            ("Atur format kolom NIK, KK, KPJ, dan rekening ke Teks sebelum mengetik. Excel hanya menyimpan 15 digit; digit yang hilang tidak dapat dipulihkan siapa pun.",
             "Format the columns of NIK, KK, KPJ and account as Text before typing. Excel keeps 15 digits only; lost digits can't be restored by anybody."),
            ("Warna tidak dibaca sebagai tanda: sel kuning atau huruf merah tidak mengubah apa pun. Tulis yang benar di kolom nilai baru, dan hapus baris yang tidak diajukan.",
             "Colours are not read as marks: a yellow cell or red letters change nothing. Write what is right into the column of the new value, and remove rows that aren't to be submitted."),
        ),
    ),
    Section(
        "unggah",
        ("Unggah berkas", "Upload the file"),
        (
            ("Pilih Buat pengajuan, periksa perusahaan dan kantor cabang tujuan, lalu letakkan berkas. Bila HRD menerima perubahannya sebelum hari ini, isi dahulu tanggalnya pada “Susunan kolom dan tanggal perubahan diterima”.",
             "Choose “New submission”, check company and branch, then drop the file. Where HR received the change before today, first fill in the day under “Layout of columns and day the change was received”."),
            ("Anda boleh meninggalkan halaman; pemeriksaan berjalan terus dan pengajuan tercatat di Beranda.",
             "You may leave the page; the check goes on and the submission is listed on your home page."),
            ("Bila ada kolom yang belum pasti, cocokkan pada halaman Kolom. Jawaban Anda diingat untuk berkas berikutnya.",
             "Where a column isn't certain, match it on the page “Column”. Your answer is remembered for the next file."),
        ),
        (
            ("Batas waktu PP 44/2015 ps. 9 (7 hari kerja) dan UU PDP ps. 30 (3 × 24 jam) dihitung dari tanggal perubahan diterima.",
             "The terms of PP 44/2015 art. 9 (7 working days) and UU PDP art. 30 (3 × 24 hours) run from that day of receipt."),
        ),
    ),
    Section(
        "perbaiki",
        ("Perbaiki temuan", "Mend what was found"),
        (
            ("Halaman Hasil menulis dahulu yang wajib diperbaiki, lalu yang perlu dokumen atau perlu dipastikan: terapkan usulannya sekaligus, atau ubah langsung pada sel di Daftar baris.",
             "The result page lists what has to be mended first, then what needs a document or a confirmation: take its proposals at once, or change a cell in place in the list of rows."),
            ("Tidak valid harus diperbaiki. Perlu dokumen dapat diajukan dengan dokumen pada baris itu. Peringatan dipastikan dengan alasan, lewat tombol Pastikan.",
             "Invalid rows have to be mended. “Needs a document” may go with a document on that row. Warnings are confirmed with a reason, by the button “Confirm”."),
            ("Lebih suka di Excel? Unduh berkas beserta catatan, perbaiki di sana, lalu unggah ulang; pengajuan menjadi revisi berikutnya.",
             "Rather in Excel? Download the file with notes, mend it there, upload it again; the submission gets its next revision."),
            ("Baris yang sudah valid boleh diajukan lebih dahulu (di kaki halaman Hasil); sisanya menjadi draf tersendiri dan tidak ada yang hilang.",
             "Valid rows may go first (at the foot of the result page); the rest becomes a draft of its own and nothing is lost."),
        ),
    ),
    Section(
        "dokumen",
        ("Lampirkan dokumen", "Attach documents"),
        (
            ("Letakkan semua berkas sekaligus (ZIP, folder, atau banyak PDF/JPEG/PNG). Dokumen menemukan barisnya dari NIK, KPJ, atau nama pada nama berkas.",
             "Drop all files at once (a ZIP, a folder, or many PDF/JPEG/PNG). They find their rows by NIK, KPJ or name in the file name."),
            ("Yang belum pasti menunggu di baki beserta usulannya: seret ke barisnya di tabel “Kelengkapan menurut jenis koreksi”, atau sebut barisnya, pilih jenisnya, lalu Tempatkan. Tabel itu menunjukkan baris yang dokumennya belum lengkap.",
             "What is not certain waits in the tray with a proposal: drag it onto its row of the table “What is there, by kind of correction”, or name its row, choose its kind, then “Place”. The table shows the rows that still lack a document."),
            ("Bila dokumen wajib memang tidak dapat dilampirkan, nyatakan alasannya di bawah “Dokumen tidak dapat dilampirkan?”; pemeriksa membacanya dan dapat mengembalikan barisnya.",
             "Where a required document can't be attached, state the reason under “A document can't be attached?”; the reviewer reads it and may return the row."),
        ),
        (
            ("Pindai seluruh halaman dengan terang dan lurus; seluruh sudut terlihat dan tulisannya terbaca.",
             "Scan the whole page, bright and straight: all corners in sight, all writing legible."),
        ),
    ),
    Section(
        "surat",
        ("Terbitkan surat", "Issue the letter"),
        (
            ("Pilih penanda tangan, lihat pratinjau, lalu terbitkan; nomor surat diambil berurutan dan tidak dapat diubah.",
             "Choose who signs, look at the preview, then issue it; the number is taken in sequence and can't be changed."),
            ("Surat permohonan itu sudah memuat daftar koreksi dan dokumennya. Surat pada “Surat yang menyertai” hanya diterbitkan bila kantor cabang memintanya.",
             "That letter holds the list of corrections and of documents already. The letters under “What goes with it” are issued only where the branch asks for them."),
            ("Cetak, tanda tangani, bubuhkan cap, lalu unggah pindaiannya di halaman yang sama. Bila data berubah setelah terbit, terbitkan surat baru; yang lama tercatat digantikan.",
             "Print, sign and stamp it, then upload the scan on the same page. If data change afterwards, issue a new letter; the old one is marked as superseded."),
        ),
    ),
    Section(
        "ajukan",
        ("Ajukan", "Submit"),
        (
            ("Tinjau semula dan menjadi setiap baris, setujui pernyataan, ketik nama lengkap Anda seperti pada akun, lalu Ajukan.",
             "Look over before and after of each row, agree to the declaration, type your full name as on your account, then submit."),
            ("Simpan nomor pengajuan dan tanda terimanya. Setelah diajukan data terkunci; sampai diputuskan, Anda dapat menariknya kembali dengan alasan.",
             "Keep the number and the receipt. Data are locked from now on; until it is decided you can withdraw it with a reason."),
        ),
    ),
    Section(
        "lacak",
        ("Lacak dan tanggapi keputusan", "Track it and answer decisions"),
        (
            ("Halaman Lacak menunjukkan keadaan, batas waktu, keputusan per baris beserta alasannya, dan pesan.",
             "The tracking page shows the state, the clocks, the verdict of each row with its reason, and messages."),
            ("Nomor baris pada tabel keputusan membuka riwayat karyawannya, dari pengajuan sampai jawaban kantor cabang, beserta pemberitahuannya untuk dicetak.",
             "The row's number in the table of verdicts opens the history of its employee, from submission to the branch office's answer, with the notice to print."),
            ("Baris yang dikembalikan menjadi draf baru lengkap dengan alasan dan dokumennya: perbaiki, terbitkan surat, lalu ajukan lagi.",
             "Returned rows become a new draft with reasons and documents: mend it, issue a letter, submit again."),
            ("Ditolak berarti tidak dilanjutkan; bacalah alasannya sebelum membuat pengajuan baru.",
             "Rejected means that it goes no further; read the reason before you make a new submission."),
            ("Sampaikan hasilnya kepada setiap karyawan: pada halaman Lacak, buka Pemberitahuan untuk tenaga kerja, lalu Buat ZIP (satu PDF per karyawan) atau unduh untuk dicetak.",
             "Tell each employee the result: on the tracking page open “Notices to employees”, then “Make ZIP” (one PDF for each employee) or download for printing."),
        ),
    ),
    FIGURES,
)  # fmt: skip

REVIEWER: Final = (
    Section(
        "antrean",
        ("Ambil pengajuan", "Take a submission"),
        (
            ("Antrean memuat pengajuan ke kantor cabang Anda, yang tertua lebih dahulu. Ambil berikutnya memberi yang tertua dan belum dipegang siapa pun.",
             "The queue holds what was submitted to your branches, the oldest first. “Take next” gives the oldest that nobody holds."),
            ("Batas waktu terdekat tertulis pada setiap baris: target portal sejak diajukan, UU PDP ps. 30, atau PP 44/2015 ps. 9.",
             "The nearest deadline stands on each line: the portal's target since submission, UU PDP art. 30, or PP 44/2015 art. 9."),
            ("Seorang peserta dicari dengan NIK atau KPJ lengkap; pencarian itu dicatat atas nama Anda.",
             "A participant is searched by a whole NIK or KPJ; the search is recorded in your name."),
        ),
        (
            ("Pengajuan yang lama tidak disentuh kembali ke antrean; keputusan yang sudah diberikan tetap tersimpan.",
             "A submission that is long left alone goes back into the queue; verdicts given so far are kept."),
            ("Tidak dapat melanjutkannya? Selesaikan pemeriksaan menawarkan Lepas ke antrean, dengan catatan untuk pemeriksa berikutnya; HRD tidak membacanya.",
             "Can't go on with it? “Finish the review” offers “Put back into the queue”, with a note for the next reviewer; HR doesn't read it."),
        ),
    ),
    Section(
        "periksa",
        ("Periksa baris", "Review a row"),
        (
            ("Bandingkan semula dan menjadi dengan dokumen di sebelahnya; huruf dan angka yang berbeda ditandai.",
             "Compare before and after with the document beside it; letters and digits that differ are marked."),
            ("Bacalah temuan dan alasan HRD. Koreksi atas temuan “Perlu dokumen” hanya dapat disetujui berdasarkan dokumen pada baris itu.",
             "Read the findings and HR's reasons. What needs a document can only be approved on a document of that row."),
            ("Setujui (S), Kembalikan (K), atau Tolak (T); portal lalu membuka baris berikutnya yang menunggu. D untuk dokumen berikutnya, + dan − membesarkan dan mengecilkannya, R memutarnya; Z membatalkan keputusan terakhir, panah untuk pindah baris.",
             "Approve (S), return (K) or reject (T); the next row that waits then opens. D for the next document, + and − make it larger and smaller, R turns it; Z takes the last verdict back, arrows change rows."),
            ("Nilai juga dokumennya: Sesuai, atau Tidak sesuai dengan alasan. Persetujuan baris yang dokumennya tidak sesuai menunggu lagi.",
             "Say of the document too whether it fits, or doesn't and why. Approvals of rows whose document doesn't fit wait again."),
        ),
    ),
    Section(
        "putuskan",
        ("Putuskan dengan alasan", "Decide with a reason"),
        (
            ("Kembalikan bila HRD dapat memperbaikinya; Tolak bila koreksi tidak dapat dilanjutkan. Keduanya wajib beralasan, dan HRD membacanya apa adanya.",
             "Return what HR can mend; reject what can't go on. Both need a reason, which HR reads as written."),
            ("Banyak baris sekaligus: putuskan menurut saringan atau nomor baris, misalnya 38, 203, 214-220.",
             "Many rows at once: decide by filter or by row numbers, for example 38, 203, 214-220."),
            ("Setelah baris terakhir diputuskan, portal membuka ringkasannya (juga lewat Selesaikan pemeriksaan); bacalah akibatnya, lalu tekan Putuskan. Baris yang disetujui berjalan terus; yang dikembalikan menjadi draf baru milik HRD.",
             "After the last row its summary opens (also by “Finish the review”); read what will happen, then press “Verdict:”. Approved rows go on; returned ones become a new draft of HR's."),
        ),
    ),
    Section(
        "empat-mata",
        ("Empat mata", "Four eyes"),
        (
            ("Koreksi NIK, rekening, atau nama bersama tanggal lahir disetujui dua pemeriksa berbeda; admin menetapkan daftarnya.",
             "Corrections of NIK, account, or name together with date of birth are approved by two different reviewers; the admin keeps the list."),
            ("Putuskan semua baris; ringkasannya lalu menawarkan Teruskan ke pemeriksa kedua. Ia mengambilnya dari antrean, melihat keputusan Anda, dan menyelesaikannya.",
             "Judge all rows; the summary then offers “Pass on to a second reviewer”. That reviewer takes it from the queue, sees your verdicts and ends the review."),
            ("Anda tidak dapat memeriksa pengajuan perusahaan Anda sendiri atau yang pernah Anda unggah atau ubah.",
             "You can't review a submission of your own company, or one that you uploaded or edited."),
        ),
    ),
    Section(
        "salurkan",
        ("Salurkan yang disetujui", "Hand on what is approved"),
        (
            ("Buka Keputusan, lihat pengajuannya, lalu Pilih bentuk berkas. Teruskan membuat berkasnya untuk diunduh dan mencatatnya dengan sidik berkasnya.",
             "Open “Decisions”, look at a submission, then “Choose a form”. “Forward” makes the file to download, and records it with its hash."),
            ("Tulis jawabannya pada berkas itu, di kolom HASIL (Diterima atau Ditolak) dan KETERANGAN, lalu unggah di halaman yang sama; baris yang ditolak menjadi draf baru milik HRD.",
             "Write the answer into that file, in columns HASIL (Diterima or Ditolak) and KETERANGAN, then upload it on the same page; refused rows become a new draft of HR's."),
        ),
        (
            ("Jenis koreksi yang sering ditolak memunculkan peringatan HIS-04 pada pemeriksaan berikutnya di semua perusahaan: jumlah dan jenis alasannya saja, tanpa isi jawaban.",
             "Kinds of correction that are often refused bring up warning HIS-04 on later checks of all companies: a count and the kind of reason only, nothing of the answer itself."),
        ),
    ),
    Section(
        "ikuti",
        ("Ikuti pengajuan", "Follow a submission"),
        (
            ("Halaman pengajuan menunjukkan keadaannya, batas waktunya, riwayatnya, dan, setelah diputuskan, keputusan per baris beserta alasannya. Buka lewat Lihat pada Antrean atau Keputusan.",
             "The page of a submission shows its state, its deadline, its history and, once decided, the verdict of each row with its reason. Open it by “View” in the queue or under “Decisions”."),
            ("Bertanya kepada HRD lewat Percakapan; HRD diberi tahu lewat surel. Catatan internal hanya dibaca pemeriksa.",
             "Ask HR under “Conversation”; HR is told by e-mail. An internal note is read by reviewers only."),
            ("Berita acara terbit bersama keputusan, pada Bukti dari kantor cabang; kode QR-nya membuktikan keasliannya.",
             "The record (berita acara) is issued with the decision, under “Papers from the branch office”; its QR code shows that it is genuine."),
        ),
        (
            ("Keputusan tidak dapat diubah. Bila keliru dan belum diteruskan, minta admin membukanya kembali; keputusan yang lama tetap tersimpan dan ditandai tidak berlaku.",
             "A decision can't be changed. Where it is wrong and not handed on yet, ask an admin to reopen it; the old one is kept and marked as no longer in force."),
        ),
    ),
    FIGURES,
)  # fmt: skip

ADMIN: Final = (
    Section(
        "empat-mata",
        ("Tetapkan yang perlu dua pemeriksa", "Say what needs two reviewers"),
        (
            ("Pilih satu sampai lima data. Beberapa data bersama berarti: bila semuanya disetujui untuk karyawan yang sama.",
             "Choose one to five data. Several together mean: where all of them are approved for the same employee."),
            ("Perubahan berlaku seketika, juga bagi pemeriksaan yang sedang berjalan, dan tercatat.",
             "A change holds at once, for reviews under way too, and is recorded."),
        ),
    ),
    Section(
        "alasan",
        ("Susun alasan yang dipilih pemeriksa", "Keep the reasons that reviewers choose from"),
        (
            ("Tulis sebagai kalimat untuk HRD: apa yang kurang dan bagaimana memperbaikinya. Pemeriksa dapat menambahkan kata-katanya sendiri.",
             "Write them as sentences for HR: what is missing and how to mend it. A reviewer may add words of their own."),
            ("Alasan yang sudah terkirim tidak ikut berubah.",
             "Reasons that were sent already stay as they are."),
        ),
    ),
    Section(
        "syarat",
        ("Atur syarat dokumen", "Keep the requirements of documents"),
        (
            ("Ubah tabelnya sebagai draf, tinjau perubahannya, tulis dasarnya, lalu Berlakukan. Setiap versi tetap tersimpan.",
             "Change the table as a draft, look the changes over, write what they rest on, then bring it into force. Each version is kept."),
            ("Pengajuan tetap dinilai menurut syarat yang berlaku ketika dibuat.",
             "A submission goes on being judged by the requirements in force when it was made."),
        ),
    ),
    Section(
        "buka-kembali",
        ("Buka kembali keputusan", "Reopen a decision"),
        (
            ("Cari pengajuan dengan nomornya, baca siapa yang memutuskan dan hasilnya, tulis alasannya, lalu Buka kembali. HRD dan pemeriksa diberi tahu dan membaca alasannya.",
             "Look for the submission by its number, read who decided and how, write why, then “Reopen”. HR and reviewers are told and read the reason."),
            ("Pengajuan kembali ke antrean sebagai revisi berikutnya tanpa keputusan. Keputusan dan berita acara yang lama tetap tersimpan dan ditandai tidak berlaku.",
             "The submission goes back into the queue as its next revision, without a verdict. The old decision and its record are kept and marked as no longer in force."),
            ("Baris yang dikembalikan tetap pada draf HRD. Yang sudah diteruskan ke kantor cabang tidak dapat dibuka kembali; perbaiki lewat pengajuan baru.",
             "Rows that were returned stay in HR's draft. What was handed on to the agency can't be reopened; mend it by a new submission."),
        ),
    ),
    Section(
        "saluran",
        ("Sesuaikan bentuk berkas yang diteruskan", "Fit the form of the files that are handed on"),
        (
            ("Ubah kolom, urutannya, dan banyaknya baris tiap berkas bila templat kantor cabang berubah.",
             "Change the columns, their order and the rows of a file where the branch's template changes."),
            ("Tandai sudah dipastikan hanya bila kantor cabang membenarkan bentuknya; sebelum itu pemeriksa melihat peringatannya. Berkas yang sudah diteruskan tetap seperti semula.",
             "Mark it as confirmed only where the branch has said that the form is right; until then reviewers see a warning. Files that were handed on stay as they were."),
        ),
    ),
    Section(
        "hari-libur",
        ("Perbaiki hari libur", "Correct the holidays"),
        (
            ("Hari libur nasional sudah terisi. Tambahkan cuti bersama atau perubahan keputusan pemerintah, dan jadikan hari kerja yang bukan hari libur.",
             "National holidays are there already. Add joint leave or what the government has changed, and make a working day of what is none."),
            ("Batas 7 hari kerja menurut PP 44/2015 langsung mengikuti perubahannya.",
             "The term of 7 working days of PP 44/2015 follows the change at once."),
        ),
    ),
    FIGURES,
)  # fmt: skip

WORDS: Final[tuple[tuple[str, Said], ...]] = (
    ("NIK", ("Nomor Induk Kependudukan, 16 digit pada KTP-el. Tidak diubah mengikuti koreksi tanggal lahir.",
             "National identity number, 16 digits on the identity card. It is not changed to fit a corrected birth date.")),
    ("No KK", ("Nomor Kartu Keluarga, 16 digit.", "Number of the family card, 16 digits.")),
    ("KPJ", ("Nomor peserta BPJS Ketenagakerjaan, 11 digit; satu orang dapat memiliki beberapa.",
             "Participant number of BPJS Ketenagakerjaan, 11 digits; a person may have several.")),
    ("NPP", ("Nomor Pendaftaran Perusahaan pada BPJS Ketenagakerjaan, dengan kode divisi.",
             "Registration number of the company, with the code of its division.")),
    ("Semula, Menjadi", ("Data yang tercatat sekarang, dan data yang diminta.", "The data on record now, and the data asked for.")),
    ("Temuan", ("Hal yang dilihat pemeriksaan pada sel atau baris: Tidak valid, Perlu dokumen, Peringatan, atau Catatan.",
                "What the check saw in a cell or row: invalid, needs a document, warning, or note.")),
    ("Pengajuan, Revisi", ("Satu berkas koreksi dengan nomornya; setiap unggahan ulang adalah revisi berikutnya dan yang lama tetap tersimpan.",
                           "One file of corrections with its number; each upload is its next revision, and earlier ones are kept.")),
    ("Dikembalikan, Ditolak", ("Dikembalikan dapat diperbaiki dan diajukan lagi; ditolak tidak dilanjutkan.",
                               "Returned may be mended and submitted again; rejected goes no further.")),
    ("Surat permohonan koreksi", ("Surat resmi perusahaan dengan daftar koreksi, bernomor urut dan berkode QR untuk diperiksa keasliannya; sehari-hari disebut surat pengantar koreksi data.",
                                  "The company's official letter with its list of corrections, numbered, with a QR to look it up; in daily speech the cover letter.")),
    ("Surat pengantar", ("Surat pendamping yang mendaftar apa saja yang diserahkan, dengan tempat tanda tangan penerima.",
                         "A letter beside it that lists what is handed over, with a place for the receiver to sign.")),
    ("SIPP", ("Sistem pelaporan BPJS Ketenagakerjaan untuk petugas perusahaan; portal ini tidak tersambung dengannya.",
              "The agency's own reporting system for company officers; this portal is not connected to it.")),
    ("Cek struktur", ("Portal memeriksa susunan nomor dan kecocokan antardata. Portal tidak tersambung ke Dukcapil.",
                      "The portal checks how numbers are made and whether data agree. It is not connected to the population registry.")),
)  # fmt: skip

SERVICES: Final[tuple[tuple[str, str, Said], ...]] = (
    ("Layanan 175", "tel:175", ("Pusat panggilan BPJS Ketenagakerjaan.", "The agency's call centre.")),
    ("www.bpjsketenagakerjaan.go.id", "https://www.bpjsketenagakerjaan.go.id",
     ("Situs resmi: alamat kantor cabang, saldo, kartu digital, dan klaim JHT.",
      "The official site: branch offices, balance, digital card and JHT claims.")),
    ("SIPP Online", "https://sipp.bpjsketenagakerjaan.go.id",
     ("Pelaporan perusahaan: tenaga kerja baru, nonaktif, dan upah.",
      "The company's reports: new and leaving workers, wages.")),
)  # fmt: skip

PAGES: Final = {"hrd": HRD, "pemeriksa": REVIEWER, "admin": ADMIN}

HERE: Final[dict[str, tuple[str, str]]] = {
    "home": ("hrd", ""),
    "batches": ("hrd", "unggah"),
    "columns": ("hrd", "unggah"),
    "results": ("hrd", "perbaiki"),
    "mending": ("hrd", "perbaiki"),
    "splitting": ("hrd", "perbaiki"),
    "long_acts": ("hrd", "perbaiki"),
    "differences": ("hrd", "perbaiki"),
    "documents": ("hrd", "dokumen"),
    "letters": ("hrd", "surat"),
    "company": ("hrd", "surat"),
    "numbers": ("hrd", "surat"),
    "submit": ("hrd", "ajukan"),
    "tracking": ("hrd", "lacak"),
    "papers": ("hrd", "lacak"),
    "viewer": ("hrd", "dokumen"),
    "annotated": ("hrd", "perbaiki"),
    "letter_runs": ("hrd", "surat"),
    "figures": ("hrd", "ikhtisar"),
    "queue": ("pemeriksa", "antrean"),
    "queue.decided": ("pemeriksa", "ikuti"),
    "workbench": ("pemeriksa", "periksa"),
    "workbench.finish": ("pemeriksa", "putuskan"),
    "workbench.many": ("pemeriksa", "putuskan"),
    "works": ("pemeriksa", "putuskan"),
    "outlets": ("pemeriksa", "salurkan"),
    "four_eyes": ("admin", "empat-mata"),
    "standard_reasons": ("admin", "alasan"),
    "requirements": ("admin", "syarat"),
    "requirements.show": ("hrd", "dokumen"),
    "reopening": ("admin", "buka-kembali"),
    "outlets.index": ("admin", "saluran"),
    "outlets.edit": ("admin", "saluran"),
    "calendar": ("admin", "hari-libur"),
}
"""Where the help of a page stands, by endpoint or subject; "" = at its head."""

FOR_OTHERS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "reviewer": {
        "results": ("pemeriksa", "periksa"),
        "differences": ("pemeriksa", "periksa"),
        "documents": ("pemeriksa", "periksa"),
        "viewer": ("pemeriksa", "periksa"),
        "requirements.show": ("pemeriksa", "periksa"),
        "letters": ("pemeriksa", "ikuti"),
        "tracking": ("pemeriksa", "ikuti"),
        "papers": ("pemeriksa", "ikuti"),
        "figures": ("pemeriksa", "ikhtisar"),
    },
    "admin": {"figures": ("admin", "ikhtisar")},
}
"""The same for who comes to a page as somebody else than HRD, where it is told differently."""
