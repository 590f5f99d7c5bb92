"""Sections 7 to 9: names, dates, place of birth, coded fields."""

from hr_portal.domain.rulebook.entry import ERROR, NOTE, OVERRIDE, WARNING, Case, Rule

_ATTACH = "bila di {source} memang tertulis demikian, lampirkan {source} pada baris ini."
_ATTACH_EN = "if the {source_en} does say so, attach it to this row."

NAMES: tuple[Rule, ...] = (
    Rule(
        "NAM-01", "Nama kosong", "Empty name",
        (
            Case(
                "empty", ERROR,
                "{field} wajib diisi. Tulis nama lengkap seperti pada {source}.",
                "{field_en} is required. Write the full name as on the {source_en}.",
                saw="sel kosong", saw_en="the cell is empty",
            ),
            Case(
                "erase", ERROR,
                "{field} wajib ada dan tidak dapat dihapus. Tulis nama lengkap seperti pada {source},"
                " atau kosongkan sel ini bila tidak berubah.",
                "{field_en} is required and can't be erased. Write the full name as on the {source_en}, or"
                " leave the cell empty if nothing changes.",
                title="Tidak dapat dihapus", title_en="Can't be erased",
            ),
            Case(
                "no-letters", ERROR,
                "Nama terdiri atas huruf. Tulis nama lengkap seperti pada {source}.",
                "A name is made of letters. Write the full name as on the {source_en}.",
                title="Nama tanpa huruf", title_en="Name without letters",
            ),
            Case(
                "one-letter", OVERRIDE,
                "Nama sekurangnya dua huruf. Tulis nama lengkap seperti pada {source}; " + _ATTACH,
                "A name has at least two letters. Write the full name as on the {source_en}; "
                + _ATTACH_EN,
                title="Nama satu huruf", title_en="Name of one letter",
            ),
        ),
    ),
    Rule(
        "NAM-02", "Nama berisi angka", "Digits in the name",
        (Case(
            "", OVERRIDE,
            "Nama tidak memuat angka. Periksa 0 dengan huruf O dan 1 dengan huruf I, lalu tulis"
            " seperti pada {source}; " + _ATTACH,
            "A name has no digits. Check 0 against the letter O and 1 against I, then write it as on"
            " the {source_en}; " + _ATTACH_EN,
        ),),
    ),
    Rule(
        "NAM-03", "Huruf bukan Latin", "Letters that are not Latin",
        (Case(
            "", ERROR,
            'Nama ditulis dengan huruf Latin, sedangkan "{letters}" bukan. Ketik ulang seperti pada'
            " {source}.",
            'A name is written in Latin letters, and "{letters}" are none. Type it again as on the'
            " {source_en}.",
        ),),
    ),
    Rule(
        "NAM-04", "Huruf beraksen", "Accented letters",
        (Case(
            "", WARNING,
            'Nama di {source} biasanya tanpa tanda aksen ("{letters}"). Samakan dengan {source}; bila'
            " memang demikian, pastikan.",
            'Names on the {source_en} normally have no accents ("{letters}"). Make it agree with the'
            " {source_en}; if it does, confirm.",
        ),),
    ),
    Rule(
        "NAM-05", "Lebih dari 60 huruf", "Over 60 letters",
        (Case(
            "", NOTE,
            "Sejak 21 April 2022 nama paling banyak 60 huruf termasuk spasi; nama yang tercatat"
            " sebelumnya tetap sah. Tidak perlu tindakan bila sama dengan {source}.",
            "Since 21 April 2022 a name has at most 60 letters with spaces; names recorded before"
            " stay valid. Nothing needs to be done if it agrees with the {source_en}.",
            saw="nama ini {length} huruf termasuk spasi",
            saw_en="this name has {length} letters with spaces",
        ),),
    ),
    Rule(
        "NAM-06", "Nama satu kata", "Single word",
        (Case(
            "", NOTE,
            "Sah bila tercatat sebelum 21 April 2022. Tidak perlu tindakan bila sama dengan {source}.",
            "Valid if recorded before 21 April 2022. Nothing needs to be done if it agrees with the"
            " {source_en}.",
        ),),
    ),
    Rule(
        "NAM-07", "Tanda baca pada nama", "Punctuation in the name",
        (
            Case(
                "usual", WARNING,
                'Samakan tanda "{marks}" dengan {source}; bila memang tertulis demikian, pastikan.',
                'Make the mark "{marks}" agree with the {source_en}; if it does say so, confirm.',
            ),
            Case(
                "odd", OVERRIDE,
                'Nama tidak memuat tanda "{marks}". Tulis seperti pada {source}; ' + _ATTACH,
                'A name has no mark "{marks}". Write it as on the {source_en}; ' + _ATTACH_EN,
            ),
        ),
    ),
    Rule(
        "NAM-08", "Gelar pada nama", "Title in the name",
        (Case(
            "", WARNING,
            'Bila gelar "{titles}" tidak tercetak di {source}, pindahkan ke kolom Gelar dan terima'
            " usulan {suggestion}; bila tercetak, pastikan.",
            'If the title "{titles}" is not printed on the {source_en}, move it to the column Gelar and'
            " take the proposal {suggestion}; if it is printed, confirm.",
        ),),
    ),
    Rule(
        "NAM-09", "Nama disingkat", "Abbreviated name",
        (Case(
            "", WARNING,
            'Singkatan "{short}" sah bila tercetak di {source}. Samakan dengan {source}; bila memang'
            " demikian, pastikan.",
            'The abbreviation "{short}" is valid if printed on the {source_en}. Make it agree with the'
            " {source_en}; if it does, confirm.",
        ),),
    ),
    Rule(
        "NAM-10", "Huruf besar", "Upper case",
        note="Nama ditulis dengan huruf besar, tanda petik diseragamkan menjadi ', dan tanda"
        " pisah menjadi -.",
        note_en="Names are written in upper case, quotes become ', and dashes become -.",
    ),
    Rule(
        "NAM-11", "Sebutan pada nama ibu", "Prefix in the mother's name",
        (Case(
            "", WARNING,
            'Hapus "{prefix}" dari nama ibu kandung (usulan {suggestion}); bila tercetak di {source},'
            " pastikan.",
            'Drop "{prefix}" from the mother\'s name (proposal {suggestion}); if the {source_en} prints it,'
            " confirm.",
        ),),
    ),
    Rule(
        "NAM-12", "Kolom tertukar", "Columns swapped",
        (
            Case(
                "name", ERROR,
                "Kolom ini untuk {field}, tetapi isinya nama. Tukar kembali isi kolom nama dan"
                " kolom {field}.",
                "This column is for {field_en}, but holds a name. Swap the columns for the name and"
                " for {field_en} back.",
            ),
            Case(
                "number", ERROR,
                "Kolom ini untuk nama, tetapi isinya nomor {length} digit. Tukar kembali isi kolom"
                " nama dan kolom nomor.",
                "This column is for a name, but holds a number of {length} digits. Swap the columns"
                " for the name and the number back.",
            ),
        ),
    ),
)  # fmt: skip

_DMY = "Tulis hari-bulan-tahun sebagai teks, misalnya 31-12-1992."
_DMY_EN = "Write day-month-year as text, for example 31-12-1992."

DATES: tuple[Rule, ...] = (
    Rule(
        "DAT-01", "Tanggal salah", "Not a date",
        (
            Case(
                "form", ERROR,
                "Tanggal ditulis hari-bulan-tahun dengan tahun 4 angka. " + _DMY,
                "A date is day-month-year with a year of four digits. " + _DMY_EN,
            ),
            Case(
                "calendar", ERROR,
                "Dibaca hari-bulan-tahun, tanggal ini tidak ada di kalender. Periksa hari dan"
                " bulannya. " + _DMY,
                "Read as day-month-year this date is not in the calendar. Check day and month. "
                + _DMY_EN,
                title="Tanggal tidak ada di kalender", title_en="No such date",
            ),
        ),
        note="Pemisah -, /, titik, atau spasi dibaca dengan hari di depan.",
        note_en="With the separators -, /, point or space the day comes first.",
    ),
    Rule(
        "DAT-02", "Tanggal tahun-bulan-hari", "Year-month-day",
        note="Tanggal berbentuk tahun-bulan-hari dibaca.",
        note_en="A date written year-month-day is read.",
    ),
    Rule(
        "DAT-03", "Nama bulan", "Month in words",
        note='Nama bulan ("12 Agustus 1990", "12 Agt 1990", "August 12, 1990") dan tempat di depan tanggal dibaca.',
        note_en='Months in words ("12 Agustus 1990", "12 Agt 1990", "August 12, 1990") and a place'
        " before the date are read.",
    ),
    Rule(
        "DAT-04", "Tulis tahun 4 angka", "Four-digit year",
        (Case(
            "", ERROR,
            "Tahun dua angka hanya dapat dibaca bila NIK menunjukkan tanggal yang sama dan usianya"
            " 15–80 tahun. " + _DMY,
            "A year of two digits can be read only if the NIK shows the same date and the age is"
            " 15–80. " + _DMY_EN,
        ),),
        note="Tahun dua angka dilengkapi bila NIK dan usia hanya cocok dengan satu abad.",
        note_en="A two-digit year is completed where NIK and age fit one century only.",
    ),
    Rule(
        "DAT-05", "Sistem tanggal 1904", "1904 date system",
        (Case(
            "", WARNING,
            "Berkas ini memakai sistem tanggal 1904; bila sel disalin dari berkas lain, tanggalnya"
            " bergeser 1.462 hari. Cocokkan dengan {source}; bila sama, pastikan, atau ketik ulang"
            " sebagai teks hh-bb-tttt.",
            "This file uses the 1904 date system; cells copied from another file are 1,462 days off."
            " Compare it with the {source_en}; if they agree, confirm, or type it again as text"
            " dd-mm-yyyy.",
            saw="tanggal terbaca {date}", saw_en="the date reads {date}",
        ),),
    ),
    Rule(
        "DAT-06", "Tanggal terbaca sebagai angka", "Serial number instead of a date",
        (Case(
            "serial", WARNING,
            "Angka ini adalah tanggal {suggestion} dalam hitungan Excel. Cocokkan dengan {source},"
            " lalu terima usulan atau ketik ulang sebagai teks hh-bb-tttt.",
            "In Excel's count this number is the date {suggestion}. Compare it with the {source_en}, then"
            " take the proposal or type it again as text dd-mm-yyyy.",
            saw="tertulis angka {value}", saw_en="it holds the number {value}",
        ),),
    ),
    Rule(
        "DAT-07", "Tulis tanggal sebagai teks", "Write the date as text",
        (
            Case(
                "one-reading", WARNING,
                "Hanya dapat dibaca sebagai {suggestion}. Cocokkan dengan {source}, lalu terima usulan"
                " atau ketik ulang sebagai teks hh-bb-tttt.",
                "It can only be read as {suggestion}. Compare it with the {source_en}, then take the"
                " proposal or type it again as text dd-mm-yyyy.",
            ),
            Case(
                "doubtful", OVERRIDE,
                "Tanggal tanpa pemisah tidak dapat dibaca dengan pasti. " + _DMY
                + " Bila tidak dapat, lampirkan {source} pada baris ini.",
                "A date without separators can't be read for certain. " + _DMY_EN
                + " If you can't, attach the {source_en} to this row.",
            ),
        ),
    ),
    Rule(
        "DAT-08", "Hari dan bulan tertukar?", "Day and month swapped?",
        (Case(
            "", WARNING,
            "Bila hari dan bulan ditukar, tanggalnya sama dengan NIK ({birth}); setelan regional"
            " dapat menukarnya. Cocokkan dengan KTP-el, lalu terima usulan {suggestion} atau"
            " pastikan tanggal yang tertulis.",
            "With day and month swapped the date equals the NIK ({birth}); regional settings can"
            " swap them. Compare it with the KTP-el, then take the proposal {suggestion} or confirm"
            " the date as it stands.",
            saw="sel berformat tanggal dan terbaca {date}",
            saw_en="the cell is a date and reads {date}",
        ),),
    ),
    Rule(
        "DAT-09", "Bukan tanggal", "Not a date",
        (
            Case(
                "time", ERROR,
                "Sel berisi waktu, bukan tanggal. " + _DMY,
                "The cell holds a time, not a date. " + _DMY_EN,
            ),
            Case(
                "with-time", WARNING,
                "Tanggal ini disertai jam. Cocokkan tanggalnya dengan {source}, lalu terima usulan"
                " {suggestion} atau pastikan.",
                "This date comes with a time of day. Compare the date with the {source_en}, then take the"
                " proposal {suggestion} or confirm.",
                title="Tanggal disertai jam", title_en="Date with a time",
            ),
            Case(
                "zone", WARNING,
                "Jam ini memakai zona waktu, sehingga di Indonesia tanggalnya dapat bergeser satu"
                " hari. Cocokkan dengan {source} dan ketik tanggalnya saja, atau pastikan bila"
                " sudah sama.",
                "This time has a time zone, so that in Indonesia the date may be another day."
                " Compare it with the {source_en} and type the date only, or confirm if they agree.",
                title="Tanggal dengan zona waktu", title_en="Date with a time zone",
            ),
        ),
    ),
    Rule(
        "DAT-10", "Tahun tidak wajar", "Implausible year",
        (Case(
            "", OVERRIDE,
            "Tahun lahir sebelum 1930 tidak wajar untuk karyawan. Ketik ulang dari KTP-el; "
            + _ATTACH,
            "A year of birth before 1930 is implausible for an employee. Type it again from the"
            " KTP-el; " + _ATTACH_EN,
        ),),
    ),
    Rule(
        "DAT-11", "Tanggal di masa depan", "Date in the future",
        (Case(
            "", ERROR,
            "Tanggal lahir tidak mungkin setelah hari ini ({today}). Ketik ulang dari KTP-el.",
            "A birth date can't be after today ({today}). Type it again from the KTP-el.",
        ),),
    ),
    Rule(
        "DAT-12", "Usia tidak lazim", "Unusual age",
        (Case(
            "", WARNING,
            "Menurut tanggal ini usianya {age} tahun; usia karyawan lazimnya 15 sampai 80 tahun."
            " Cocokkan dengan KTP-el; bila benar, pastikan dengan alasannya.",
            "By this date the age is {age}; employees are normally 15 to 80. Compare it with the"
            " KTP-el; if it is right, confirm with the reason.",
        ),),
    ),
    Rule(
        "DAT-13", "Tanggal yang sering dipakai", "Usual default dates",
        note="1 Januari, 1 Juli, dan 31 Desember tidak diperiksa khusus.",
        note_en="1 January, 1 July and 31 December are not looked at specially.",
    ),
    Rule(
        "DAT-14", "Tanggal tertukar oleh setelan regional", "Dates swapped by regional settings",
        (Case(
            "", ERROR,
            "Ini terjadi bila berkas dibuka dengan setelan regional lain: hari dan bulan pada sel"
            " tanggal tertukar. Cocokkan beberapa baris dengan {source}, lalu terima usulan menukarnya kembali,"
            " atau kirim ulang kolom ini sebagai teks hh-bb-tttt dari sumber aslinya.",
            "This happens when a file is opened with other regional settings: day and month of the"
            " date cells are swapped. Compare some rows with the {source_en}, then take the proposal to swap"
            " them back, or send this column again as text dd-mm-yyyy from its source.",
            saw="{dates} sel tanggal, semuanya berhari 1–12; {texts} sel teks, semuanya berhari 13–31",
            saw_en="date cells: {dates}, all with days 1–12; text cells: {texts}, all with days 13–31",
        ),),
    ),
    Rule(
        "POB-01", "Tempat lahir tercampur", "Mixed place of birth",
        (
            Case(
                "", WARNING,
                "Tempat lahir hanya berisi nama kota atau kabupaten. Pindahkan tanggal ke kolom Tanggal"
                " Lahir; bila memang demikian di KTP-el, pastikan.",
                "A place of birth holds the name of a town or regency only. Move the date to the column"
                " Tanggal Lahir; if the KTP-el says so, confirm.",
            ),
            Case(
                "long", WARNING,
                "Tempat lahir hanya berisi nama kota atau kabupaten, paling banyak 100 karakter. Tulis namanya"
                " saja; bila memang demikian di KTP-el, pastikan.",
                "A place of birth holds the name of a town or regency only, of at most 100 characters. Write the"
                " name only; if the KTP-el says so, confirm.",
                title="Tempat lahir terlalu panjang", title_en="Long place of birth",
            ),
        ),
    ),
)  # fmt: skip

CODES: tuple[Rule, ...] = (
    Rule(
        "COD-01", "Kode tidak dikenal", "Unknown code",
        (
            Case(
                "value", ERROR,
                "Yang diterima: {accepted}. Pilih salah satu.",
                "Accepted: {accepted_en}. Choose one of them.",
            ),
            Case(
                "data", ERROR,
                "Kolom ini menyebut data yang dikoreksi. Yang diterima: {accepted}. Pilih salah"
                " satu.",
                "This column names what is corrected. Accepted: {accepted}. Choose one of them.",
                title="Data tidak dikenal", title_en="Unknown datum",
            ),
            Case(
                "several", ERROR,
                "Satu baris untuk satu data. Tulis {accepted} di baris masing-masing, dengan Semula dan"
                " Menjadi-nya sendiri.",
                "One row is for one datum. Write {accepted} in rows of their own, each with its Semula and"
                " Menjadi.",
                title="Beberapa data dalam satu baris", title_en="Several data in one row",
            ),
            Case(
                "country", ERROR,
                "WNA ditulis beserta negaranya, misalnya WNA MALAYSIA. Tambahkan nama negaranya.",
                "Foreigners are written with their country, for example WNA MALAYSIA. Add the"
                " country.",
                title="Negara belum disebut", title_en="Country is missing",
            ),
            Case(
                "rhesus", WARNING,
                "Golongan darah dicatat tanpa rhesus. Terima usulan {suggestion}, atau pastikan.",
                "Blood groups are recorded without rhesus. Take the proposal {suggestion}, or"
                " confirm.",
                title="Rhesus dihapus", title_en="Rhesus is dropped",
            ),
        ),
    ),
    Rule(
        "COD-02", "Kolom memakai P/W", "P/W scheme",
        (Case(
            "", ERROR,
            "Dengan P dan W, P berarti Pria, padahal di sini P berarti Perempuan. Ubah seluruh kolom"
            " menjadi L (laki-laki) dan P (perempuan).",
            "With P and W, P means Pria (man), but here P means Perempuan (woman). Rewrite the whole"
            " column as L (man) and P (woman).",
            saw="kolom ini memuat {w} W dan {p} P, tanpa L",
            saw_en="this column has {w} W and {p} P, but no L",
        ),),
    ),
    Rule(
        "COD-03", "Kode PTKP sebagai status kawin", "PTKP code as marital status",
        (Case(
            "", WARNING,
            "Status kawin ditulis Y (kawin) atau T (belum kawin). Terima usulan {suggestion}, atau"
            " pastikan.",
            "Marital status is Y (married) or T (single). Take the proposal {suggestion}, or"
            " confirm.",
        ),),
    ),
    Rule(
        "COD-04", "Angka 0 dibaca O", "0 read as O",
        (Case(
            "", WARNING,
            "Golongan darah ditulis dengan huruf O. Terima usulan {suggestion}, atau pastikan.",
            "Blood group O is written with a letter. Take the proposal {suggestion}, or confirm.",
            saw="tertulis angka 0", saw_en="it holds the digit 0",
        ),),
    ),
)  # fmt: skip
