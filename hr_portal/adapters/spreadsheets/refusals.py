"""Every sentence with which a file is refused, told once.

Each names the file, what was found, what is needed and what to do, in both
languages. The codes are those of the FILE list: 01 type, 02 empty,
03 truncated or damaged, 04 encrypted, 05 active content, 06 over a limit,
07 no table, 08 encoding, 09 reader died, 10 hostile structure.
"""

from dataclasses import dataclass

from hr_portal.domain.shown_names import shown_name
from hr_portal.domain.table import Unreadable


@dataclass(frozen=True, slots=True)
class Case:
    """One way a file can be unfit: its code and the sentence in both languages."""

    code: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, in both languages."""

    text: str
    text_en: str


_RESAVE = (
    "Buka berkas itu di Excel atau LibreOffice, pilih Simpan Sebagai dengan jenis "
    "Excel Workbook (.xlsx), lalu unggah berkas yang baru."
)
_RESAVE_EN = (
    "Open it in Excel or LibreOffice, choose Save As with the type Excel Workbook (.xlsx), "
    "and upload the new file."
)
_AGAIN = "Ambil kembali berkas dari sumbernya atau simpan ulang sebagai .xlsx, lalu unggah lagi."
_AGAIN_EN = "Fetch the file from its source again or save it anew as .xlsx, then upload it again."

_READS = "Portal membaca buku kerja (.xlsx, .xls, .ods) dan teks berpemisah (.csv, .tsv, .txt)."
_READS_EN = "The portal reads workbooks (.xlsx, .xls, .ods) and delimited text (.csv, .tsv, .txt)."

REMEDIES: dict[str, Remedy] = {
    "resave": Remedy(_RESAVE, _RESAVE_EN),
    "rename": Remedy(
        "Ganti akhiran namanya menjadi {ending}, lalu unggah lagi; jangan membuka lalu "
        "menyimpannya dahulu, karena angka panjang dapat rusak.",
        "Change the end of its name to {ending} and upload it again; don't open and save it first, "
        "because long numbers may be damaged.",
    ),
    "export": Remedy(
        "Minta ekspor .xlsx atau .csv dari aplikasi asalnya. Bila tidak ada, buka di Excel, simpan "
        "sebagai Excel Workbook (.xlsx), lalu periksa NIK dan nol di depan, karena Excel dapat "
        "mengubahnya.",
        "Ask the program it comes from for an export as .xlsx or .csv. If there is none, open it "
        "in Excel, save it as Excel Workbook (.xlsx), and then check NIK and leading zeros, "
        "because Excel may change them.",
    ),
    "table": Remedy(
        "Minta tabel aslinya sebagai buku kerja Excel (.xlsx), atau isi templat, lalu unggah "
        "berkas itu. Dokumen dan gambar pendukung dilampirkan pada langkah berikutnya.",
        "Ask for the table itself as an Excel workbook (.xlsx), or fill in the template, and "
        "upload that file. Supporting documents and pictures are attached in a later step.",
    ),
    "numbers": Remedy(
        "Buka di Numbers, pilih File > Ekspor Ke > Excel, lalu unggah berkas .xlsx yang "
        "dihasilkan.",
        "Open it in Numbers, choose File > Export To > Excel, and upload the .xlsx file it makes.",
    ),
    "google": Remedy(
        "Buka di Google Sheets, pilih File > Download > Microsoft Excel (.xlsx), lalu unggah "
        "berkas yang diunduh.",
        "Open it in Google Sheets, choose File > Download > Microsoft Excel (.xlsx), and upload "
        "the file you get.",
    ),
    "extract": Remedy(
        "Keluarkan dahulu buku kerjanya dari arsip itu, lalu unggah buku kerjanya.",
        "Extract the workbook from the archive first, and upload the workbook.",
    ),
    "check": Remedy(
        "Periksa apakah berkas yang Anda pilih sudah benar, lalu unggah lagi.",
        "Check that you chose the right file, then upload again.",
    ),
    "lock": Remedy(
        "Tutup dahulu buku kerja itu, lalu pilih berkas dengan nama yang sama tanpa “~” di depan.",
        "Close that workbook first, then choose the file of the same name without “~” before it.",
    ),
    "shortcut": Remedy(
        "Pilih berkas aslinya, bukan pintasannya. Dari Google Sheets atau OneDrive, unduh dahulu "
        "sebagai .xlsx.",
        "Choose the file itself, not the shortcut to it. From Google Sheets or OneDrive, download "
        "it as .xlsx first.",
    ),
    "unfinished": Remedy(
        "Tunggu sampai unduhan atau sinkronisasinya selesai, atau unduh lagi dari sumbernya, lalu "
        "unggah berkas yang utuh.",
        "Wait until it is downloaded or synchronised, or get it from its source again, then upload "
        "the whole file.",
    ),
    "attachment": Remedy(
        "Simpan dahulu lampirannya dari surel itu, lalu unggah lampirannya.",
        "Save the attachment of that mail first, then upload the attachment.",
    ),
}
"""What to do with a file of another kind, by the word that `kinds` knows it by."""

CASES: dict[str, Case] = {
    # ------------------------------------------------------------------ FILE-01: the type
    "type": Case(
        "FILE-01",
        "Berkas {file} adalah {found}. " + _READS + " {remedy}",
        "File {file} is {found_en}. " + _READS_EN + " {remedy_en}",
    ),
    "content": Case(
        "FILE-01",
        "Berkas {file} bernama {extension}, tetapi isinya {found}. Isi berkas harus sesuai dengan "
        "namanya. {remedy}",
        "File {file} is named {extension}, but holds {found_en}. The content must match the name. "
        "{remedy_en}",
    ),
    "not-a-workbook": Case(
        "FILE-01",
        "Berkas {file} bernama {extension}, tetapi isinya bukan buku kerja ({found}). " + _RESAVE,
        "File {file} is named {extension}, but is no workbook ({found_en}). " + _RESAVE_EN,
    ),
    "not-a-file": Case(
        "FILE-01",
        "{file} adalah {found}, bukan berkas. Tunjuk berkas .xlsx, .xls, .ods, .csv, .tsv, atau "
        ".txt.",
        "{file} is {found_en}, not a file. Name an .xlsx, .xls, .ods, .csv, .tsv or .txt file.",
    ),
    # ------------------------------------------------------------------ FILE-02: nothing in it
    "empty": Case(
        "FILE-02",
        "Berkas {file} kosong (0 byte). Portal memerlukan tabel dengan judul kolom dan paling "
        "sedikit satu baris data. Periksa apakah berkas yang Anda pilih sudah benar, lalu unggah "
        "lagi.",
        "File {file} is empty (0 bytes). The portal needs a table with column headers and at least "
        "one row of data. Check that you chose the right file, then upload again.",
    ),
    "no-content": Case(
        "FILE-02",
        "Berkas {file} tidak berisi apa pun: tidak ada satu sel pun yang terisi. Portal memerlukan "
        "tabel dengan judul kolom dan paling sedikit satu baris data. Periksa apakah berkas yang "
        "Anda pilih sudah benar, lalu unggah lagi.",
        "File {file} holds nothing: not a single cell is filled. The portal needs a table with "
        "column headers and at least one row of data. Check that you chose the right file, then "
        "upload again.",
    ),
    "header-only": Case(
        "FILE-02",
        "Berkas {file} hanya berisi judul kolom (baris {row}{where}); tidak ada baris data di "
        "bawahnya. Isi paling sedikit satu baris koreksi, lalu unggah lagi.",
        "File {file} holds only column headers (row {row}{where_en}); there is no row of data "
        "below them. Fill in at least one row of corrections, then upload again.",
    ),
    # ------------------------------------------------------------------ FILE-03: damaged
    "missing": Case(
        "FILE-03",
        "Berkas {file} tidak ditemukan. Periksa nama dan foldernya, lalu coba lagi.",
        "File {file} was not found. Check its name and folder, then try again.",
    ),
    "no-permission": Case(
        "FILE-03",
        "Berkas {file} tidak dapat dibuka: {found}. Periksa izin dan letak berkas, lalu coba lagi.",
        "File {file} can't be opened: {found_en}. Check its permissions and place, then try again.",
    ),
    "truncated": Case(
        "FILE-03",
        "Berkas {file} terpotong: akhir arsipnya tidak ada. Biasanya unduhan atau penyalinan "
        "terputus. " + _AGAIN,
        "File {file} is cut short: the end of its archive is missing. Usually a download or a copy "
        "was interrupted. " + _AGAIN_EN,
    ),
    "truncated-xls": Case(
        "FILE-03",
        "Berkas {file} terpotong atau rusak: sebagian isinya tidak ada. Biasanya unduhan atau "
        "penyalinan terputus. " + _AGAIN,
        "File {file} is cut short or damaged: part of its content is missing. Usually a download "
        "or a copy was interrupted. " + _AGAIN_EN,
    ),
    "damaged": Case(
        "FILE-03",
        "Berkas {file} rusak: {found}. " + _AGAIN,
        "File {file} is damaged: {found_en}. " + _AGAIN_EN,
    ),
    "csv-quote": Case(
        "FILE-03",
        "Berkas {file}: tanda kutip yang dibuka pada baris {row} tidak ditutup dengan benar, "
        "sehingga batas baris sesudahnya tidak pasti. Tutup atau hapus tanda kutip itu, atau "
        "simpan ulang tabelnya sebagai .xlsx, lalu unggah lagi.",
        "File {file}: a quote opened on row {row} is not closed properly, so that where the "
        "following rows end is not certain. Close or remove the quote, or save the table as .xlsx, "
        "then upload again.",
    ),
    "csv-swallowed": Case(
        "FILE-03",
        "Berkas {file}: sel pada baris {row} memuat teks yang tampak seperti baris-baris lain "
        "(tanda kutip mungkin tertinggal), sehingga ada baris yang tertelan. Perbaiki tanda kutip "
        "pada baris itu, atau simpan ulang tabelnya sebagai .xlsx, lalu unggah lagi.",
        "File {file}: a cell on row {row} holds text that looks like other rows (a quote may be "
        "left over), so rows have been swallowed. Mend the quotes on that row, or save the table "
        "as .xlsx, then upload again.",
    ),
    # ------------------------------------------------------------------ FILE-04: encrypted
    "encrypted": Case(
        "FILE-04",
        "Berkas {file} dilindungi kata sandi, sehingga isinya tidak dapat dibaca. Buka berkas itu "
        "di Excel, hapus kata sandinya (File > Info > Lindungi Buku Kerja > Enkripsi dengan Kata "
        "Sandi, kosongkan), simpan sebagai .xlsx, lalu unggah lagi.",
        "File {file} is protected by a password, so its content can't be read. Open it in Excel, "
        "remove the password (File > Info > Protect Workbook > Encrypt with Password, leave it "
        "blank), save it as .xlsx, then upload again.",
    ),
    "encrypted-xls": Case(
        "FILE-04",
        "Berkas {file} dilindungi kata sandi, atau struktur buku kerjanya dilindungi, sehingga "
        "isinya tersandi. Buka berkas itu di Excel, hapus kata sandinya dan matikan Tinjau > "
        "Lindungi Buku Kerja, simpan sebagai Excel Workbook (.xlsx), lalu unggah berkas yang baru.",
        "File {file} is protected by a password, or the structure of its workbook is, so its "
        "content is encrypted. Open it in Excel, remove the password and switch off Review > "
        "Protect Workbook, save it as Excel Workbook (.xlsx), and upload the new file.",
    ),
    "encrypted-ods": Case(
        "FILE-04",
        "Berkas {file} dilindungi kata sandi, sehingga isinya tidak dapat dibaca. Buka berkas itu "
        "di LibreOffice, pilih Simpan Sebagai tanpa mencentang “Simpan dengan kata sandi”, lalu "
        "unggah berkas yang baru.",
        "File {file} is protected by a password, so its content can't be read. Open it in "
        "LibreOffice, choose Save As without “Save with password”, and upload the new file.",
    ),
    # ------------------------------------------------------------------ FILE-05: active content
    "macro-type": Case(
        "FILE-05",
        "Berkas {file} adalah buku kerja Excel dengan makro ({extension}). Portal hanya menerima "
        "data, tanpa isi yang dapat berjalan. Buka di Excel, pilih Simpan Sebagai dengan jenis "
        "Excel Workbook (.xlsx), sehingga makronya tidak ikut, lalu unggah berkas yang baru.",
        "File {file} is an Excel workbook with macros ({extension}). The portal only takes data, "
        "without content that can run. Open it in Excel, choose Save As with the type Excel "
        "Workbook (.xlsx), which leaves the macros out, and upload the new file.",
    ),
    "active": Case(
        "FILE-05",
        "Berkas {file} memuat {found}. Portal hanya menerima data, tanpa isi yang dapat berjalan "
        "atau mengambil data sendiri. Salin tabelnya ke buku kerja baru sebagai nilai (Tempel "
        "Khusus > Nilai), simpan sebagai Excel Workbook (.xlsx), lalu unggah berkas itu.",
        "File {file} contains {found_en}. The portal only takes data, without content that can run "
        "or fetch data by itself. Copy the table into a new workbook as values (Paste Special > "
        "Values), save it as Excel Workbook (.xlsx), and upload that file.",
    ),
    # ------------------------------------------------------------------ FILE-06: a limit
    "limit": Case(
        "FILE-06",
        "Berkas {file} melewati batas: {found}; batasnya {limit}. {remedy}",
        "File {file} is over a limit: {found_en}; the limit is {limit_en}. {remedy_en}",
    ),
    # ------------------------------------------------------------------ FILE-07: no table
    "no-table": Case(
        "FILE-07",
        "Berkas {file} tidak memuat tabel koreksi yang dikenali{where}. Judul yang ditemukan: "
        "{found}. Judul yang diperlukan: KPJ, NIK, Nama Lengkap, dan Data + Menjadi (satu koreksi "
        "per baris) atau paling sedikit satu kolom “… (Menjadi)” (satu karyawan per baris). "
        "Sesuaikan judul kolomnya atau pakai templat, lalu unggah lagi.",
        "File {file} holds no recognisable table of corrections{where_en}. Headers found: {found}. "
        "Headers needed: KPJ, NIK, Nama Lengkap, and Data + Menjadi (one correction a row) or at "
        "least one “… (Menjadi)” column (one employee a row). Adjust the headers or use the "
        "template, then upload again.",
    ),
    "on-its-side": Case(
        "FILE-07",
        "Berkas {file}{where}: tabelnya terbaring. Nama data tertulis ke bawah di kolom {column} "
        "({found}) dan karyawannya berjajar ke samping, sedangkan yang dibaca satu karyawan atau "
        "satu koreksi per baris. Di Excel, salin tabelnya, pilih Tempel Khusus (Paste Special) › "
        "Transpose di lembar kosong, simpan, lalu unggah lagi.",
        "File {file}{where_en}: the table lies on its side. The names of the data stand below each "
        "other in column {column} ({found}) and the employees beside each other, but what is read "
        "is one employee or one correction a row. In Excel copy the table, choose Paste Special › "
        "Transpose on an empty sheet, save, then upload again.",
    ),
    "one-form": Case(
        "FILE-07",
        "Berkas {file}{where} berbentuk formulir satu orang: nama data tertulis ke bawah di kolom "
        "{column} ({found}). Yang dibaca daftar: judul kolom di satu baris, lalu satu karyawan atau "
        "satu koreksi per baris. Salin isinya ke templat, satu baris untuk tiap karyawan, lalu "
        "unggah lagi.",
        "File {file}{where_en} is a form of one person: the names of the data stand below each "
        "other in column {column} ({found}). What is read is a list: headers in one row, then one "
        "employee or one correction a row. Copy its content to the template, one row for each "
        "employee, then upload again.",
    ),
    "one-cell": Case(
        "FILE-07",
        "Berkas {file}{where}: isi setiap baris ada di satu sel, dipisah dengan {sign}, sehingga "
        "kolomnya tidak terbaca. Ambil lagi ekspor aslinya, atau di Excel pilih kolom itu lalu Data › "
        "Text to Columns › Delimited dengan pemisah itu, dan jadikan setiap kolom Text supaya NIK "
        "dan nol di depan tidak rusak. Simpan, lalu unggah lagi.",
        "File {file}{where_en}: all of each row lies in one cell, separated by {sign_en}, so its "
        "columns can't be read. Fetch the export again, or in Excel choose that column, "
        "then Data › Text to Columns › Delimited with that separator, and make every column Text so "
        "that NIK and leading zeros are not damaged. Save, then upload again.",
    ),
    "sides-below": Case(
        "FILE-07",
        "Berkas {file}{where}: nilai lama dan nilai baru tertulis di baris yang berlainan (kolom "
        "{column}: semula, lalu menjadi di bawahnya), sedangkan yang dibaca satu karyawan atau satu "
        "koreksi per baris. Pindahkan nilai baru ke kolom “… (Menjadi)” pada baris karyawannya, "
        "misalnya “No HP (Menjadi)”, atau pakai templat, lalu unggah lagi.",
        "File {file}{where_en}: old and new values stand in different rows (column {column}: old, "
        "then new below it), but what is read is one employee or one correction a row. Move the new "
        "values to columns “… (Menjadi)” in the row of their employee, for example “No HP "
        "(Menjadi)”, or use the template, then upload again.",
    ),
    "side-by-side": Case(
        "FILE-07",
        "Berkas {file}{where} memuat dua tabel berdampingan; yang kedua mulai di kolom {column}. "
        "Satu lembar dibaca sebagai satu tabel. Pindahkan baris tabel kedua ke bawah tabel pertama "
        "tanpa judulnya; bila tabel kedua berisi nilai baru, beri judul seperti “No HP (Menjadi)”. "
        "Lalu unggah lagi.",
        "File {file}{where_en} holds two tables side by side; the second begins at column {column}. "
        "A sheet is read as one table. Move the rows of the second one below the first, without "
        "their header; if the second holds the new values, name its columns like “No HP (Menjadi)”. "
        "Then upload again.",
    ),
    "ticks": Case(
        "FILE-07",
        "Berkas {file}{where}: kolom {column} hanya berisi tanda centang, sedangkan yang dibaca nilai "
        "barunya. Tulis nilai baru di kolom itu; atau pakai satu baris untuk satu koreksi, dengan nama "
        "datanya di kolom Data dan nilainya di kolom Menjadi, lalu unggah lagi.",
        "File {file}{where_en}: columns {column} hold ticks only, but what is read is the new value. "
        "Write the new values there; or use one row for one correction, with the name of the datum in "
        "the column Data and its value in the column Menjadi, then upload again.",
    ),
    "two-headers": Case(
        "FILE-07",
        "Berkas {file}{where}: di bawah baris judul (baris {row}) ada judul lain di baris {second}, "
        "sehingga arti kolomnya tidak jelas. Pakai satu baris judul; bila jenis koreksi ditandai dengan "
        "centang, tulis nama datanya di kolom Data, lalu unggah lagi.",
        "File {file}{where_en}: below the header (row {row}) row {second} is another one, so what the "
        "columns mean is unclear. Use one header row; where ticks mark what is to be corrected, write "
        "the name of the datum in the column Data, then upload again.",
    ),
    "name-in-pieces": Case(
        "FILE-07",
        "Berkas {file}{where}: nama terbagi di kolom {column}, sedangkan yang diperlukan satu kolom "
        'Nama Lengkap. Gabungkan di Excel, misalnya dengan rumus =TRIM(C2&" "&D2), salin dan '
        "tempel hasilnya sebagai nilai di kolom Nama Lengkap, lalu unggah lagi.",
        "File {file}{where_en}: the name lies in pieces in columns {column}, but one column Nama "
        'Lengkap is needed. Join them in Excel, for example with =TRIM(C2&" "&D2), copy and paste '
        "the result as values into a column Nama Lengkap, then upload again.",
    ),
    "missing-columns": Case(
        "FILE-07",
        "Berkas {file}{where}: kolom {missing} tidak ditemukan pada baris judul (baris {row}). "
        "Judul yang ditemukan: {found}. Tambahkan kolom itu atau perbaiki judulnya, lalu unggah "
        "lagi.",
        "File {file}{where_en}: column {missing} not found in the header row (row {row}). Headers "
        "found: {found}. Add the column or mend its header, then upload again.",
    ),
    "duplicate-columns": Case(
        "FILE-07",
        "Berkas {file}{where}: kolom {first} dan {second} sama-sama berarti {meaning}, sehingga "
        "tidak jelas mana yang berlaku. Sisakan satu atau ganti judul yang lain, lalu unggah lagi.",
        "File {file}{where_en}: columns {first} and {second} both mean {meaning}, so it is unclear "
        "which one counts. Keep one or rename the other, then upload again.",
    ),
    "mixed-layout": Case(
        "FILE-07",
        "Berkas {file}{where} mencampur dua bentuk: kolom Data dan Menjadi (satu koreksi per "
        "baris) bersama {found} (satu karyawan per baris). Pakai salah satu bentuk saja, lalu "
        "unggah lagi.",
        "File {file}{where_en} mixes two layouts: the columns Data and Menjadi (one correction a "
        "row) together with {found} (one employee a row). Use only one of them, then upload again.",
    ),
    "no-header": Case(
        "FILE-07",
        "Berkas {file}{where} tidak mempunyai baris judul kolom, sehingga isi tiap kolomnya belum "
        "pasti. Beri judul seperti di templat, atau pastikan isinya di halaman Kolom setelah "
        "berkas diunggah.",
        "File {file}{where_en} has no header row, so what its columns hold is not certain. Name "
        "them as in the template, or say what they hold on the page Columns after uploading the "
        "file.",
    ),
    "unsure-columns": Case(
        "FILE-07",
        "Berkas {file}: isi kolom {found} belum pasti. Beri judul seperti di templat, atau pastikan "
        "isinya di halaman Kolom setelah berkas diunggah.",
        "File {file}: what column {found} holds is not certain. Name it as in the template, or say "
        "what it holds on the page Columns after uploading the file.",
    ),
    "several-sheets": Case(
        "FILE-07",
        "Berkas {file} memuat beberapa lembar yang mungkin dimaksud: {found}. Satu pengajuan dibaca "
        "dari satu lembar. Pilih lembarnya, atau sisakan hanya lembar itu di berkas Anda.",
        "File {file} has several sheets that may be meant: {found}. A submission is read from one "
        "sheet. Choose it, or leave only that sheet in your file.",
    ),
    "sheet-begun": Case(
        "FILE-07",
        "Berkas {file} memuat lembar koreksi {found} yang belum berisi baris, dan lembar lain yang "
        "tidak dikenali sebagai koreksi: {where}. Daftar karyawan tidak dibaca sebagai koreksi. Isi "
        "lembar {found}, atau pilih lembar yang memuat koreksinya.",
        "File {file} has a sheet of corrections {found} without rows, and other sheets that aren't "
        "known as corrections: {where}. A list of employees isn't read as corrections. Fill in the "
        "sheet {found}, or choose the sheet that holds the corrections.",
    ),
    "no-such-sheet": Case(
        "FILE-07",
        "Berkas {file} tidak mempunyai lembar {wanted} yang terlihat dan berisi. Lembar yang ada: "
        "{found}.",
        "File {file} has no visible sheet {wanted} with content. Its sheets: {found}.",
    ),
    "no-such-column": Case(
        "FILE-07",
        "Berkas {file}: tidak ada kolom berjudul {wanted}. Judul yang ditemukan: {found}.",
        "File {file}: there is no column named {wanted}. Headers found: {found}.",
    ),
    # ------------------------------------------------------------------ FILE-08: the encoding
    "encoding": Case(
        "FILE-08",
        "Berkas {file} tidak dapat dibaca sebagai teks: {found}. Portal menerima UTF-8, UTF-16 "
        "dengan BOM, dan Windows-1252. Simpan ulang sebagai “CSV UTF-8” atau sebagai .xlsx, lalu "
        "unggah lagi.",
        "File {file} can't be read as text: {found_en}. The portal takes UTF-8, UTF-16 with a BOM, "
        "and Windows-1252. Save it as “CSV UTF-8” or as .xlsx, then upload again.",
    ),
    "part-encoding": Case(
        "FILE-08",
        "Berkas {file}: bagian {part} tidak ditulis dalam UTF-8, seperti yang dilakukan Excel dan "
        "LibreOffice. " + _RESAVE,
        "File {file}: part {part} is not written in UTF-8, as Excel and LibreOffice do. "
        + _RESAVE_EN,
    ),
    # ------------------------------------------------------------------ FILE-09: the reader died
    "reader-died": Case(
        "FILE-09",
        "Berkas {file} tidak dapat dibaca: pembaca berhenti sebelum selesai. Data lain tidak "
        "terpengaruh. Salin tabelnya sebagai nilai ke buku kerja baru, simpan sebagai .xlsx, lalu "
        "unggah berkas itu.",
        "File {file} can't be read: the reader stopped before it was done. Nothing else is "
        "affected. Copy the table as values into a new workbook, save it as .xlsx, and upload "
        "that file.",
    ),
    "writer-died": Case(
        "FILE-09",
        "Catatan tidak dapat ditulis ke berkas {file}: penulisnya berhenti sebelum selesai. Data "
        "Anda tidak berubah. Unduh daftar temuan sebagai gantinya, atau salin tabelnya sebagai "
        "nilai ke buku kerja baru, simpan sebagai .xlsx, lalu unggah kembali.",
        "The notes can't be written into file {file}: the writer stopped before it was done. Your "
        "data are unchanged. Download the list of findings instead, or copy the table as values "
        "into a new workbook, save it as .xlsx and upload it again.",
    ),
    "no-room": Case(
        "FILE-06",
        "Berkas {file} tidak dapat diberi kolom Hasil dan Catatan: semua kolom lembarnya terpakai sampai XFD. "
        "Kosongkan dua kolom yang bersebelahan, misalnya dengan menghapus kolom yang tidak diperlukan, lalu unggah "
        "lagi.",
        "File {file} can't be given the columns Hasil and Catatan: all columns of its sheet up to XFD are taken. "
        "Empty two columns side by side, for example by removing some you don't need, then upload again.",
    ),
    # ------------------------------------------------------------------ FILE-10: hostile structure
    "structure": Case(
        "FILE-10",
        "Susunan berkas {file} tidak wajar: {found}. Excel dan LibreOffice tidak menulis berkas "
        "seperti ini. " + _RESAVE,
        "File {file} is built in an unusual way: {found_en}. Excel and LibreOffice do not write "
        "such files. " + _RESAVE_EN,
    ),
}  # fmt: skip

_FEWER = "Hapus isi yang tidak diperlukan atau bagi berkasnya, lalu unggah lagi."
_FEWER_EN = "Remove what is not needed or split the file, then upload again."


def refuse(case: str, file: str, **params: str | int) -> Unreadable:
    """Make the refusal of a file: one of CASES with what its sentence needs."""
    told = CASES[case]
    values = {"file": shown_name(file), **params}
    values.setdefault("where", "")
    values.setdefault("where_en", values["where"])
    for key in ("found", "meaning"):
        if key in values:
            values.setdefault(f"{key}_en", values[key])
    return Unreadable(told.code, told.text.format(**values), told.text_en.format(**values))


def over_limit(
    file: str,
    found: str,
    found_en: str,
    limit: str,
    limit_en: str | None = None,
    remedy: str = _FEWER,
    remedy_en: str = _FEWER_EN,
) -> Unreadable:
    """Make a FILE-06 that says what was counted and what the limit is."""
    return refuse(
        "limit",
        file,
        found=found,
        found_en=found_en,
        limit=limit,
        limit_en=limit_en or limit,
        remedy=remedy,
        remedy_en=remedy_en,
    )


def dotted(number: int) -> str:
    """Return a number as Indonesian readers write it: 100.000."""
    return f"{number:,}".replace(",", ".")


def megabytes(size: int) -> str:
    """Return a size in MB as Indonesian readers write it: 12,5 MB."""
    value = size / (1024 * 1024)
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return f"{text.replace('.', ',')} MB"
