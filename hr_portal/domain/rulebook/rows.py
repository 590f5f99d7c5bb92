"""Section 13 and the rules about whole rows: REQ, ROW, FIL, HIS."""

from hr_portal.domain.rulebook.entry import ERROR, NOTE, WARNING, Case, Rule

_COMMENT = (
    "Hanya isi sel yang dibaca. Bila komentar itu koreksi, tulis nilainya di selnya; bila hanya catatan,"
    " pastikan."
)
_COMMENT_EN = (
    "Only what stands in a cell is read. If the comment is a correction, write its value into the cell; if it is a"
    " mere note, confirm."
)
_UNSEEN = (
    "Yang tidak terlihat tetap dibaca: tulisannya sewarna dengan latarnya, sangat kecil, atau disembunyikan oleh format"
    " angka. Buat isinya terlihat, lalu periksa; hapus bila tidak diajukan, pastikan bila memang diajukan."
)
_UNSEEN_EN = (
    "What can't be seen is read all the same: its text has the colour of its ground, is very small, or is hidden by a"
    " number format. Make it visible and look at it; remove what isn't meant to be submitted, confirm what is."
)

ROWS: tuple[Rule, ...] = (
    Rule(
        "REQ-01", "Wajib diisi", "Required",
        (
            Case(
                "empty", ERROR,
                "{field} wajib diisi. Isi dari {source}.",
                "{field_en} is required. Fill it in from the {source_en}.",
                saw="sel kosong", saw_en="the cell is empty",
            ),
            Case(
                "column", ERROR,
                "{field} wajib diisi, tetapi berkas ini tidak memiliki kolomnya. Tambahkan kolom"
                ' "{header}", lalu isi dari {source}.',
                "{field_en} is required, but this file has no such column. Add a column"
                ' "{header}", then fill it in from the {source_en}.',
                saw="{field} tidak ada", saw_en="{field_en} is missing",
            ),
            Case(
                "kk", ERROR,
                "Nomor KK wajib diisi bila NIK, nama, tempat lahir, atau tanggal lahir diubah. Isi"
                ' kolom "No KK" dari Kartu Keluarga.',
                "The KK number is required where NIK, name, place or date of birth change. Fill in the"
                ' column "No KK" from the family card.',
                saw="nomor KK kosong", saw_en="the KK number is empty",
            ),
            Case(
                "kk-column", ERROR,
                "Nomor KK wajib diisi bila NIK, nama, tempat lahir, atau tanggal lahir diubah."
                ' Tambahkan kolom "No KK", lalu isi dari Kartu Keluarga.',
                "The KK number is required where NIK, name, place or date of birth change. Add a column"
                ' "No KK", then fill it in from the family card.',
                saw="nomor KK tidak ada", saw_en="there is no KK number",
            ),
            Case(
                "which", ERROR,
                "Baris ini mengisi Menjadi, tetapi tidak menyebut data apa yang dikoreksi. Isi"
                " kolom ini, misalnya {accepted}.",
                "This row fills in Menjadi, but does not name what is corrected. Fill in this"
                " column, for example {accepted_en}.",
                saw="sel kosong", saw_en="the cell is empty",
            ),
            Case(
                "erase", ERROR,
                "{field} wajib ada dan tidak dapat dihapus. Isi nilai yang benar dari {source}, atau"
                " kosongkan sel ini bila tidak berubah.",
                "{field_en} is required and can't be erased. Fill in the right value from the"
                " {source_en}, or leave the cell empty if nothing changes.",
                title="Tidak dapat dihapus", title_en="Can't be erased",
            ),
        ),
    ),
    Rule(
        "ROW-01", "Koreksi tanpa Menjadi", "Correction without a new value",
        (
            Case(
                "cell", ERROR,
                "Setiap koreksi membutuhkan nilai baru. Isi Menjadi dengan nilai yang benar, tulis"
                " HAPUS untuk menghapus data, atau TIDAK BERUBAH bila tidak ada yang dikoreksi.",
                "Every correction needs a new value. Fill in Menjadi with the right value, write"
                " HAPUS to erase the datum, or TIDAK BERUBAH if nothing is to be corrected.",
                saw="sel kosong", saw_en="the cell is empty",
            ),
            Case(
                "row", ERROR,
                "Setiap baris membutuhkan sekurangnya satu nilai baru. Isi salah satu kolom"
                " (Menjadi), atau tulis TIDAK BERUBAH di situ bila tidak ada yang dikoreksi.",
                "Every row needs at least one new value. Fill in one of the columns (Menjadi), or"
                " write TIDAK BERUBAH there if nothing is to be corrected.",
                saw="tidak ada kolom (Menjadi) yang terisi", saw_en="no column (Menjadi) is filled",
            ),
        ),
    ),
    Rule(
        "ROW-02", "Koreksi ganda", "Same correction twice",
        (
            Case(
                "conflict", ERROR,
                "Satu data satu karyawan hanya dapat diubah menjadi satu nilai. Pilih nilai yang"
                " benar dan hapus baris yang lain.",
                "One datum of one employee can become one value only. Keep the right value and"
                " remove the other row.",
                saw='{field} diubah menjadi "{value}", sedangkan baris {rows} menulis nilai lain',
                saw_en='{field_en} becomes "{value}", while row {rows} says otherwise',
            ),
            Case(
                "repeat", ERROR,
                "Satu koreksi cukup satu baris. Hapus baris ini.",
                "One correction needs one row. Remove this row.",
                saw="koreksi {field} yang sama sudah ada pada baris {rows}",
                saw_en="the same correction of {field_en} already stands in row {rows}",
            ),
        ),
    ),
    Rule(
        "ROW-03", "Tidak ada perubahan", "Nothing changes",
        (Case(
            "", WARNING,
            "Nilai baru harus berbeda dengan nilai semula. Perbaiki salah satunya, abaikan koreksi ini"
            " dengan menulis TIDAK BERUBAH, atau pastikan bila memang untuk menegaskan data.",
            "The new value must differ from the old one. Mend one of them, leave this correction out by"
            " writing TIDAK BERUBAH, or confirm if it is meant to affirm the datum.",
            saw='"{value}" sama dengan nilai semula', saw_en='"{value}" equals the old value',
        ),
        Case(
            "itself", WARNING,
            "KPJ tidak dapat digabung dengan dirinya sendiri. Kolom KPJ berisi KPJ yang dipertahankan, dan nilai"
            " baru berisi KPJ yang digabung ke situ. Perbaiki salah satunya.",
            "A KPJ can't be merged with itself. The column KPJ holds the one that is kept, and the new value the"
            " one that is merged into it. Mend one of them.",
            saw='"{value}" sama dengan KPJ pada baris ini', saw_en='"{value}" equals the KPJ of this row',
            title="KPJ digabung dengan dirinya sendiri", title_en="A KPJ merged with itself",
        )),
    ),
    Rule(
        "ROW-04", "Koreksi diabaikan", "Correction left out",
        (Case(
            "", NOTE,
            "Datanya tetap seperti yang tercatat: koreksi ini tidak diajukan dan tidak masuk surat. Bila ternyata"
            " harus dikoreksi, isi nilai barunya.",
            "The datum stays as it is on record: this correction isn't submitted and stands in no letter. If it has"
            " to be corrected after all, fill in the new value.",
        ),
        Case(
            "row", NOTE,
            "Baris ini tanpa koreksi, jadi tidak diajukan dan tidak masuk surat. Bila ada data yang harus dikoreksi,"
            " isi nilai barunya.",
            "This row has no correction, so it isn't submitted and stands in no letter. If a datum has to be"
            " corrected, fill in its new value.",
            saw="semua nilai barunya tertulis TIDAK BERUBAH", saw_en="all its new values say TIDAK BERUBAH",
            title="Baris tanpa koreksi", title_en="Row without a correction",
        )),
    ),
    Rule(
        "ROW-05", "Baris terpotong", "Row torn in two",
        (Case(
            "above", ERROR,
            "Satu karyawan membutuhkan satu baris yang utuh. Tulis isi yang lengkap di baris ini seperti pada"
            " dokumennya, lalu kosongkan baris {rows}.",
            "An employee needs one whole row. Write all of it in this row as in the document, then empty row {rows}.",
            saw="isinya tampak berlanjut di baris {rows}", saw_en="it seems to go on in row {rows}",
        ),
        Case(
            "perhaps", WARNING,
            "Bila lanjutannya bagian dari baris ini, tulis isi yang lengkap di sini, lalu kosongkan baris {rows}."
            " Bila baris ini sudah lengkap, pastikan.",
            "If that is a part of this row, write all of it here, then empty row {rows}. If this row is whole,"
            " confirm.",
            saw="isinya mungkin berlanjut di baris {rows}", saw_en="it may go on in row {rows}",
            title="Baris mungkin terpotong", title_en="Row perhaps torn in two",
        ),
        Case(
            "below", ERROR,
            "Gabungkan ke baris {rows} seperti pada dokumennya, lalu kosongkan baris ini. Bila ini karyawan lain, isi"
            " KPJ, NIK, dan namanya.",
            "Join it to row {rows} as in the document, then empty this row. If it is another employee, fill in KPJ, NIK"
            " and name.",
            saw="tanpa KPJ, dan isi kolom {which} tampak seperti lanjutan baris {rows}",
            saw_en="no KPJ, and column {which} seems to go on from row {rows}",
            title="Lanjutan baris di atas", title_en="Goes on from above",
        )),
    ),
    Rule(
        "FIL-01", "Jenis berkas", "Type of file",
        note="Berkas .xlsx, .xls, .ods, .csv, .tsv, atau .txt; 10.000 baris adalah ukuran saat berkas keluaran dibagi.",
        note_en="Files are .xlsx, .xls, .ods, .csv, .tsv or .txt; 10,000 rows is where an outlet file is split.",
    ),
    Rule(
        "FIL-02", "CSV dari Excel", "CSV saved from Excel",
        note="Kolom KPJ, rekening, atau NPWP di CSV yang tidak satu pun isinya berawalan 0 "
        "dibaca seperti angka; begitu pula kolom NIK atau KK yang paling sedikit 5 nomornya semua berakhiran 0.",
        note_en="A CSV column of KPJ, accounts or NPWP in which none starts with 0 is read as "
        "numbers; so is one of NIK or KK with at least 5 numbers that all end in 0.",
    ),
    Rule(
        "FIL-03", "Baris judul", "Header row",
        note="Baris judul dicari; tidak harus baris pertama.",
        note_en="The header row is looked for; it need not be the first.",
    ),
    Rule(
        "FIL-04", "Nama kolom", "Header names",
        note="Nama kolom dibandingkan tanpa tanda baca dan spasi.",
        note_en="Header names are compared without punctuation and spaces.",
    ),
    Rule(
        "FIL-05", "Baris tersembunyi", "Hidden row",
        (Case(
            "", WARNING,
            "Baris tersembunyi ikut dibaca. Tampilkan baris ini dan periksa isinya; bila memang"
            " diajukan, pastikan, atau hapus barisnya.",
            "Hidden rows are read as well. Unhide the row and look at it; if it is meant to be"
            " submitted, confirm, or remove the row.",
            saw="baris ini disembunyikan di berkas", saw_en="this row is hidden in the file",
        ),),
    ),
    Rule(
        "FIL-06", "Kosong berarti tidak berubah", "Empty means no change",
        note="Sel Menjadi yang kosong atau berisi TIDAK BERUBAH berarti tidak berubah; menghapus memakai kata HAPUS.",
        note_en="A Menjadi that is empty or says TIDAK BERUBAH means no change; erasing needs the word HAPUS.",
    ),
    Rule(
        "FIL-07", "Baris tanpa perubahan", "Row without a change",
        note="Dilaporkan sebagai ROW-03 pada setiap koreksi yang tidak berubah.",
        note_en="Reported as ROW-03 on each correction that changes nothing.",
    ),
    Rule(
        "FIL-08", "Baris dicoret", "Row crossed out",
        (Case(
            "", WARNING,
            "Coretan tidak menghapus: yang dicoret tetap dibaca. Hapus tulisan yang dicoret, atau barisnya bila tidak"
            " diajukan; pastikan bila memang diajukan seperti tertulis.",
            "Crossing out removes nothing: it is read all the same. Remove what is crossed out, or the row if it isn't"
            " meant to be submitted; confirm if it is, as it stands.",
            saw="isi baris ini, atau sebagiannya, dicoret di berkas",
            saw_en="this row, or a part of it, is crossed out in the file",
        ),),
    ),
    Rule(
        "FIL-09", "Komentar tidak dibaca", "Comment not read",
        (Case(
            "", WARNING, _COMMENT, _COMMENT_EN,
            saw="ada sel di baris ini yang berkomentar di berkas",
            saw_en="a cell of this row has a comment in the file",
        ), Case(
            "cells", WARNING, _COMMENT, _COMMENT_EN,
            saw="ada komentar di berkas pada sel {cells}", saw_en="there is a comment in the file on {cells}",
        )),
    ),
    Rule(
        "FIL-10", "Isi tidak terlihat", "Content out of sight",
        (Case(
            "", WARNING, _UNSEEN, _UNSEEN_EN,
            saw="isi baris ini, atau sebagiannya, tidak terlihat di berkas",
            saw_en="this row, or a part of it, can't be seen in the file",
        ), Case(
            "cells", WARNING, _UNSEEN, _UNSEEN_EN,
            saw="isi sel {cells} tidak terlihat di berkas",
            saw_en="what {cells} holds can't be seen in the file",
        )),
    ),
    Rule(
        "HIS-01", "Koreksi serupa masih menunggu", "A correction is pending",
        (Case(
            "", WARNING,
            "Koreksi {field} orang ini masih menunggu keputusan di pengajuan {batch}. Tunggu"
            " keputusannya, atau pastikan dengan alasannya.",
            "A correction of {field_en} of this person awaits a decision in batch {batch}. Wait for"
            " it, or confirm with the reason.",
        ),),
    ),
    Rule(
        "HIS-02", "Sudah disetujui sebelumnya", "Approved before",
        (Case(
            "", WARNING,
            "Nilai ini sudah disetujui di pengajuan {batch}. Hapus koreksi ini, atau pastikan dengan"
            " alasannya.",
            "This value was approved in batch {batch}. Remove this correction, or confirm with the"
            " reason.",
        ),),
    ),
    Rule(
        "HIS-03", "NIK pernah diganti", "NIK was changed before",
        (Case(
            "", WARNING,
            "NIK orang ini pernah diganti di pengajuan {batch}. Cocokkan dengan KTP-el, lalu"
            " pastikan dengan alasannya.",
            "The NIK of this person was changed in batch {batch}. Compare it with the KTP-el, then"
            " confirm with the reason.",
        ),),
    ),
    Rule(
        "HIS-04", "Sering ditolak kantor cabang", "Often refused by the agency",
        (
            Case(
                "reason", WARNING,
                "{look} Bila sudah yakin, pastikan dengan alasannya.",
                "{look_en} If you are sure, confirm with the reason.",
                saw="dari {answers} koreksi {field} terakhir yang dijawab kantor cabang BPJS Ketenagakerjaan,"
                " {refused} ditolak, paling sering karena {reason}",
                saw_en="of the last {answers} corrections of {field_en} that BPJS Ketenagakerjaan answered,"
                " {refused} were refused, most often because {reason_en}",
            ),
            Case(
                "mixed", WARNING,
                "Cocokkan setiap nilai baru dengan dokumen aslinya, lalu pastikan dengan alasannya.",
                "Compare every new value with its document, then confirm with the reason.",
                saw="dari {answers} koreksi {field} terakhir yang dijawab kantor cabang BPJS Ketenagakerjaan,"
                " {refused} ditolak dengan berbagai alasan",
                saw_en="of the last {answers} corrections of {field_en} that BPJS Ketenagakerjaan answered,"
                " {refused} were refused for various reasons",
            ),
        ),
    ),
)  # fmt: skip
