"""Section 1: from a cell to a string (CELL-01 to CELL-18)."""

from hr_portal.domain.rulebook.entry import ERROR, OVERRIDE, WARNING, Case, Rule

_AS_NUMBER = 'tertulis "{value}" dan sel berformat angka'
_AS_NUMBER_EN = 'it says "{value}" and the cell is formatted as a number'
_RETYPE = (
    "{field} harus disimpan sebagai teks, karena angka hanya menyimpan 15 digit; digit yang hilang"
    " tidak dapat ditebak. Ubah format kolom ke Teks, lalu ketik ulang dari {source}."
)
_RETYPE_EN = (
    "{field_en} must be stored as text, because a number keeps only 15 digits; lost digits can't"
    " be guessed. Format the column as Text, then type it again from the {source_en}."
)

CELLS: tuple[Rule, ...] = (
    Rule(
        "CELL-01", "Karakter tak tampak", "Invisible characters",
        note="Karakter tak tampak, spasi ganda, dan ganti baris dirapikan.",
        note_en="Invisible characters, double spaces and line breaks are tidied.",
    ),
    Rule(
        "CELL-02", "Tanda petik di depan", "Leading apostrophe",
        note='Tanda petik di depan nomor atau ="…" di sekeliling isian dihapus.',
        note_en='An apostrophe before a number, or ="…" around a value, is removed.',
    ),
    Rule(
        "CELL-03", "Pemisah dalam nomor", "Separators in a number",
        note="Spasi, titik, tanda hubung, garis miring, dan garis bawah dihapus dari nomor.",
        note_en="Spaces, points, hyphens, slashes and underscores are removed from numbers.",
    ),
    Rule(
        "CELL-04", "Berisi huruf", "Contains letters",
        (Case(
            "", ERROR,
            "{field} hanya berisi angka. Periksa huruf O dengan angka 0 serta I dengan angka 1,"
            " lalu ketik ulang dari {source}.",
            "{field_en} has digits only. Check the letter O against 0 and I against 1, then type it"
            " again from the {source_en}.",
        ),),
    ),
    Rule(
        "CELL-05", "Digit terakhir hilang", "Last digit lost",
        (Case(
            "", ERROR, _RETYPE, _RETYPE_EN,
            saw=_AS_NUMBER + ", sehingga digit terakhirnya menjadi 0",
            saw_en=_AS_NUMBER_EN + ", so that its last digit became 0",
        ),),
    ),
    Rule(
        "CELL-06", "Sel berformat angka", "Numeric cell",
        (Case(
            "", WARNING,
            "{field} seharusnya disimpan sebagai teks. Cocokkan setiap digitnya dengan {source}; bila"
            " sudah sama, pastikan, atau ubah format kolom ke Teks dan ketik ulang.",
            "{field_en} should be stored as text. Compare every digit with the {source_en}; if they"
            " agree, confirm, or format the column as Text and type it again.",
            saw=_AS_NUMBER, saw_en=_AS_NUMBER_EN,
        ),),
    ),
    Rule(
        "CELL-07", "Digit terakhir hilang", "Last digit lost",
        (Case(
            "", ERROR, _RETYPE, _RETYPE_EN,
            saw=_AS_NUMBER + "; angka sebesar ini tidak tersimpan tepat, digit terakhirnya berubah",
            saw_en=_AS_NUMBER_EN
            + "; a number this large is not kept exactly, its last digit has changed",
        ),),
    ),
    Rule(
        "CELL-08", "Digit terakhir hilang", "Last digits lost",
        (Case(
            "", ERROR,
            "NITKU terdiri atas 22 digit dan harus disimpan sebagai teks; digit yang hilang tidak"
            " dapat ditebak. Ubah format kolom ke Teks, lalu ketik ulang dari {source}.",
            "A NITKU has 22 digits and must be stored as text; lost digits can't be guessed. Format"
            " the column as Text, then type it again from the {source_en}.",
            saw=_AS_NUMBER + ", sehingga digit setelah digit ke-15 hilang",
            saw_en=_AS_NUMBER_EN + ", so that all digits after the 15th are lost",
        ),),
    ),
    Rule(
        "CELL-09", "Angka sampai 15 digit", "Numbers up to 15 digits",
        note="Angka sampai 15 digit tersimpan tepat; hanya nol di depan yang dapat hilang, dan itu"
        " diperiksa oleh aturan kolomnya.",
        note_en="Numbers up to 15 digits are exact; only leading zeros can be missing, which the"
        " rules of the field look at.",
    ),
    Rule(
        "CELL-10", "Notasi ilmiah, digit hilang", "Scientific notation, digits lost",
        (Case(
            "", ERROR,
            "{field} harus ditulis lengkap; digit yang hilang tidak dapat ditebak. Ubah format kolom"
            " ke Teks, lalu ketik ulang dari {source}.",
            "{field_en} must be written in full; lost digits can't be guessed. Format the column as"
            " Text, then type it again from the {source_en}.",
            saw='tertulis "{value}", yaitu angka dalam notasi ilmiah',
            saw_en='it says "{value}", a number in scientific notation',
        ),),
    ),
    Rule(
        "CELL-11", "Teks berakhiran .0", "Text ending in .0",
        note='Akhiran ".0" dihapus, lalu nilainya diperiksa sebagai angka.',
        note_en='The ending ".0" is removed, then the value is judged as a number.',
    ),
    Rule(
        "CELL-12", "Sel berformat tanggal", "Cell is a date",
        (Case(
            "", ERROR,
            "{field} harus berupa teks. Ubah format kolom ke Teks, lalu ketik ulang dari {source}.",
            "{field_en} must be text. Format the column as Text, then type it again from the"
            " {source_en}.",
            saw='sel berformat tanggal dan berisi "{value}"',
            saw_en='the cell is formatted as a date and holds "{value}"',
        ),),
    ),
    Rule(
        "CELL-13", "Rumus atau galat", "Formula or error",
        (
            Case(
                "error", ERROR,
                "Yang diminta nilai biasa. Perbaiki sumbernya, lalu salin dan tempel sebagai nilai.",
                "A plain value is needed. Mend its source, then copy and paste as values.",
                saw="sel berisi galat {value}", saw_en="the cell holds the error {value}",
            ),
            Case(
                "picture", ERROR,
                "Yang diminta teks: gambar tidak dapat dibaca. Ketik {field} dari {source}, dan unggah"
                " fotonya lewat langkah Dokumen.",
                "Text is needed: a picture can't be read. Type {field_en} from the {source_en}, and"
                " upload the photo in the Documents step.",
                saw="sel berisi gambar", saw_en="the cell holds a picture",
                title="Gambar", title_en="A picture",
            ),
            Case(
                "formula", ERROR,
                "Yang diminta nilai biasa. Buka berkas di Excel dan simpan kembali, atau salin dan"
                " tempel sebagai nilai.",
                "A plain value is needed. Open the file in Excel and save it again, or copy and"
                " paste as values.",
                saw="sel berisi rumus yang belum dihitung",
                saw_en="the cell holds a formula that was never calculated",
            ),
            Case(
                "boolean", ERROR,
                "Yang diminta nilai biasa. Ketik ulang nilainya sebagai teks.",
                "A plain value is needed. Type the value again as text.",
                saw="sel berisi nilai logika {value}",
                saw_en="the cell holds the logical value {value}",
            ),
        ),
    ),
    Rule(
        "CELL-14", "Pengganti kosong", "Stands for empty",
        note='"-", ".", "0", "N/A", "NULL", "TIDAK ADA", "XXX", dan tanda petik saja dibaca sebagai kosong.',
        note_en='"-", ".", "0", "N/A", "NULL", "TIDAK ADA", "XXX" and a lone apostrophe are read as empty.',
    ),
    Rule(
        "CELL-15", "Kolom diduga pernah berformat angka", "Column was probably numeric before",
        (
            Case(
                "zeros", WARNING,
                "Nomor asli jarang berakhiran 0, jadi kolom ini diduga pernah berformat angka dan"
                " digit terakhirnya mungkin hilang. Cocokkan beberapa baris dengan {source}; bila"
                " berbeda, ketik ulang seluruh kolom dari dokumen.",
                "Real numbers seldom end in 0, so this column was probably numeric before and last"
                " digits may be lost. Compare some rows with the {source_en}; if they differ, type"
                " the whole column again from the documents.",
                saw="{zeros} dari {count} nomor berakhiran 0",
                saw_en="{zeros} of {count} numbers end in 0",
            ),
            Case(
                "papua", WARNING,
                "Kira-kira separuh nomor asli berakhiran ganjil, jadi kolom ini diduga pernah"
                " berformat angka dan digit terakhirnya mungkin berubah. Cocokkan beberapa baris"
                " dengan {source}; bila berbeda, ketik ulang seluruh kolom dari dokumen.",
                "About half of real numbers are odd, so this column was probably numeric before and"
                " last digits may have changed. Compare some rows with the {source_en}; if they"
                " differ, type the whole column again from the documents.",
                saw="semua {count} nomor berawalan 91–96 (Papua) berakhiran genap",
                saw_en="all {count} numbers that start with 91–96 (Papua) are even",
            ),
        ),
    ),
    Rule(
        "CELL-16", "Berkas .xls tidak asli", "Not a real .xls",
        note="Diperiksa saat berkas dibaca; berkas ditolak dengan kode FILE.",
        note_en="Looked at while the file is read; the file is refused with a FILE code.",
    ),
    Rule(
        "CELL-17", "Nilai dari rumus", "Value of a formula",
        (Case(
            "", WARNING,
            "Nilai dari rumus dapat berubah bila berkas sumbernya berubah. Cocokkan dengan {source};"
            " bila sudah benar, pastikan, atau salin dan tempel sebagai nilai.",
            "The value of a formula may change with its source. Compare it with the {source_en}; if"
            " it is right, confirm, or copy and paste as values.",
            saw='"{value}" adalah hasil rumus', saw_en='"{value}" is the result of a formula',
        ),),
    ),
    Rule(
        "CELL-18", "Merujuk ke tempat lain", "Points elsewhere",
        (
            Case(
                "text", ERROR,
                "Setiap baris dibaca sendiri, jadi isinya harus lengkap di sel ini. Tulis nilainya,"
                " kosongkan bila tidak diubah, atau tulis HAPUS untuk menghapus data.",
                "Each row is read on its own, so the cell must say all of it. Write the value, leave"
                " it empty where nothing changes, or write HAPUS to erase.",
            ),
            Case(
                "number", ERROR,
                "Sel ini harus berisi nomornya sendiri. Isi {field} dari {source}; bila tidak wajib dan"
                " memang belum ada, kosongkan sel ini.",
                "The cell must hold the number itself. Fill in {field_en} from the {source_en}; if it is not"
                " required and there is none yet, leave the cell empty.",
                title="Bukan nomor", title_en="Not a number",
            ),
            Case(
                "name", OVERRIDE,
                "Setiap baris dibaca sendiri, jadi nama harus lengkap di sel ini. Tulis nama lengkap"
                " seperti pada {source}; bila di {source} memang tertulis demikian, lampirkan {source}"
                " pada baris ini.",
                "Each row is read on its own, so the cell must hold the whole name. Write the full name"
                " as on the {source_en}; if the {source_en} does say so, attach it to this row.",
            ),
            Case(
                "both", ERROR,
                "Satu sel berisi satu nilai. Tulis nilai yang baru saja; nilai yang lama ditulis di kolom"
                " Semula atau di kolom datanya.",
                "A cell holds one value. Write the new value only; the old one goes into the column Semula or"
                " that of the datum.",
                title="Nilai lama dan baru dalam satu sel", title_en="Old and new value in one cell",
            ),
        ),
    ),
    Rule(
        "CELL-19", "Teks rusak oleh program", "Text spoilt by a program",
        (
            Case(
                "code", ERROR,
                "Sel ini memuat kode HTML atau kode program lain di antara teksnya. Tulis teksnya saja seperti"
                " pada {source}.",
                "The cell holds codes of HTML or of another program among its text. Write the text alone as on"
                " the {source_en}.",
                title="Kode program di dalam teks", title_en="A program's code in the text",
            ),
            Case(
                "encoding", ERROR,
                "Huruf atau tandanya terbaca sebagai huruf lain, karena berkas pernah dibuka dengan penyandian yang"
                " salah. Tulis ulang seperti pada {source}.",
                "Its letters or signs were read as other ones, as the file was once opened in the wrong encoding."
                " Write it as on the {source_en}.",
                title="Huruf salah sandi", title_en="Letters in the wrong encoding",
            ),
            Case(
                "lost", ERROR,
                "Tanda � menggantikan huruf yang sudah hilang dan tidak dapat ditebak. Ketik ulang seperti pada"
                " {source}.",
                "The sign � stands for a letter that is gone and can't be guessed. Type it anew as on the"
                " {source_en}.",
                title="Huruf hilang", title_en="A letter is lost",
            ),
        ),
    ),
)  # fmt: skip
