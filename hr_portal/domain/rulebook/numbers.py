"""Sections 2 to 5: NIK, KK, KPJ, NPP and division."""

from hr_portal.domain.rulebook.entry import ERROR, NOTE, OVERRIDE, WARNING, Case, Rule

_LENGTH = 'tertulis "{value}" ({length} karakter)'
_LENGTH_EN = 'it says "{value}" ({length} characters)'

NIK: tuple[Rule, ...] = (
    Rule(
        "NIK-01", "NIK bukan 16 digit", "NIK is not 16 digits",
        (Case(
            "", ERROR,
            "NIK harus 16 digit angka. Ketik ulang dari KTP-el atau Kartu Keluarga.",
            "A NIK must have 16 digits. Type it again from the KTP-el or the family card.",
            saw=_LENGTH, saw_en=_LENGTH_EN,
        ), Case(
            "several", ERROR,
            "Isi satu NIK saja dalam satu sel. NIK yang lain ditulis pada baris karyawan itu sendiri.",
            "Write one NIK only in a cell. Another NIK goes into the row of its own employee.",
            title="Lebih dari satu NIK", title_en="More than one NIK",
        )),
    ),
    Rule(
        "NIK-02", "Kode provinsi tidak dikenal", "Unknown province code",
        (Case(
            "", ERROR,
            "Dua digit pertama NIK adalah kode provinsi, dan {province} bukan kode provinsi. Ketik"
            " ulang dari KTP-el.",
            "The first two digits of a NIK are a province code, and {province} is none. Type it"
            " again from the KTP-el.",
        ),),
    ),
    Rule(
        "NIK-03", "Kode wilayah sekarang", "Current region code",
        note="Kode wilayah yang berlaku sekarang selalu diterima.",
        note_en="A region code of today is always accepted.",
    ),
    Rule(
        "NIK-04", "Kode wilayah lama", "Old region code",
        (Case(
            "", NOTE,
            "NIK tetap sah, karena NIK tidak ikut berubah saat wilayah dimekarkan. Tidak perlu"
            " tindakan.",
            "The NIK is still valid, because it does not change when a region is split. Nothing"
            " needs to be done.",
            saw='"{value}" berawalan kode lama {regency} ({name}), kini {successor}',
            saw_en='"{value}" starts with the old code {regency} ({name}), today {successor}',
        ),),
    ),
    Rule(
        "NIK-05", "Diduga kode wilayah lama", "Probably an old region code",
        (Case(
            "", NOTE,
            "Kode ini diduga kode lama dari sebelum pemekaran {name}; NIK tetap dapat diajukan. Bila"
            " ragu, cocokkan dengan KTP-el.",
            "This is probably a code from before the split of {name}; the NIK may be submitted. If"
            " in doubt, compare it with the KTP-el.",
            saw='"{value}" berawalan kode {regency}', saw_en='"{value}" starts with code {regency}',
        ),),
    ),
    Rule(
        "NIK-06", "Kode kabupaten/kota tidak dikenal", "Unknown regency code",
        (Case(
            "", OVERRIDE,
            "Empat digit pertama NIK adalah kode kabupaten/kota, dan {regency} tidak ada di daftar"
            " ({edition}). Ketik ulang dari KTP-el; bila KTP-el memang tertulis demikian, lampirkan"
            " KTP-el pada baris ini.",
            "The first four digits of a NIK are a regency code, and {regency} is not in the list"
            " ({edition}). Type it again from the KTP-el; if the KTP-el does say so, attach it to"
            " this row.",
        ),),
    ),
    Rule(
        "NIK-07", "Kode kecamatan tidak ada di daftar sekarang", "District not in today's list",
        (Case(
            "", NOTE,
            "Mungkin kode lama dari sebelum pemekaran; NIK tetap sah. Tidak perlu tindakan.",
            "It may be a code from before a split; the NIK is still valid. Nothing needs to be"
            " done.",
            saw='"{value}" memuat kode kecamatan {district} ({name})',
            saw_en='"{value}" has the district code {district} ({name})',
        ),),
    ),
    Rule(
        "NIK-08", "Tanggal pada NIK tidak mungkin", "Impossible day in the NIK",
        (Case(
            "", OVERRIDE,
            "Digit ke-7 dan ke-8 adalah tanggal lahir: 01–31, atau 41–71 untuk perempuan, bukan"
            " {day}. Ketik ulang dari KTP-el; bila KTP-el memang tertulis demikian, lampirkan KTP-el"
            " pada baris ini.",
            "Digits 7 and 8 are the day of birth: 01–31, or 41–71 for women, not {day}. Type it"
            " again from the KTP-el; if the KTP-el does say so, attach it to this row.",
        ),),
    ),
    Rule(
        "NIK-09", "Tanggal pada NIK tidak ada di kalender", "No such date in the NIK",
        (Case(
            "", OVERRIDE,
            "Digit ke-7 sampai ke-12 adalah tanggal lahir, dan {birth} tidak ada di kalender. Ketik"
            " ulang dari KTP-el; bila KTP-el memang tertulis demikian, lampirkan KTP-el pada baris"
            " ini.",
            "Digits 7 to 12 are the date of birth, and {birth} is no date. Type it again from the"
            " KTP-el; if the KTP-el does say so, attach it to this row.",
        ),),
    ),
    Rule(
        "NIK-10", "Nomor urut 0000", "Serial 0000",
        (Case(
            "", OVERRIDE,
            "Nomor urut NIK dimulai dari 0001; 0000 tidak pernah diterbitkan. Ketik ulang dari"
            " KTP-el; bila KTP-el memang tertulis demikian, lampirkan KTP-el pada baris ini.",
            "NIK serials start at 0001; 0000 is never issued. Type it again from the KTP-el; if the"
            " KTP-el does say so, attach it to this row.",
            saw='"{value}" berakhiran 0000', saw_en='"{value}" ends in 0000',
        ),),
    ),
    Rule(
        "NIK-11", "Berbeda dengan NIK", "Differs from the NIK",
        (Case(
            "", WARNING,
            "Tanggal lahir pada NIK adalah {birth}. Cocokkan dengan KTP-el; perbedaan ini sah bila"
            " tanggal lahir pernah dibetulkan, karena NIK tidak ikut berubah. Bila benar, pastikan"
            " dengan alasannya.",
            "The date in the NIK is {birth}. Compare it with the KTP-el; they may differ where the"
            " birth date was once corrected, because the NIK does not change. If it is right,"
            " confirm with the reason.",
        ),),
    ),
    Rule(
        "NIK-12", "Hari dan bulan tertukar?", "Day and month swapped?",
        (Case(
            "", WARNING,
            "Bila hari dan bulan ditukar, tanggalnya sama dengan NIK ({birth}). Cocokkan dengan"
            " KTP-el, lalu terima usulan {suggestion} atau pastikan tanggal yang tertulis.",
            "With day and month swapped the date equals the NIK ({birth}). Compare it with the"
            " KTP-el, then take the proposal {suggestion} or confirm the date as written.",
        ),),
    ),
    Rule(
        "NIK-13", "Jenis kelamin berbeda dengan NIK", "Sex differs from the NIK",
        (Case(
            "", WARNING,
            "Menurut NIK, jenis kelaminnya {sex}. Cocokkan dengan KTP-el; bila yang tertulis benar,"
            " pastikan dengan alasannya.",
            "By the NIK the sex is {sex_en}. Compare it with the KTP-el; if the cell is right, confirm with"
            " the reason.",
        ),),
    ),
    Rule(
        "NIK-14", "NIK contoh", "Dummy NIK",
        (Case(
            "", ERROR,
            "Ini angka contoh, bukan NIK asli. Isi NIK dari KTP-el.",
            "This is a sample number, not a real NIK. Fill in the NIK from the KTP-el.",
        ),),
    ),
    Rule(
        "NIK-15", "NIK sementara atau lama", "Temporary or old NIK",
        (Case(
            "", ERROR,
            "NIK tidak diawali 0. Ini nomor sementara atau nomor lama; pakai NIK pada KTP-el.",
            "A NIK does not start with 0. This is a temporary or old number; use the NIK on the"
            " KTP-el.",
        ),),
    ),
    Rule(
        "NIK-16", "Satu NIK, beberapa KPJ", "One NIK, several KPJ",
        (Case(
            "", WARNING,
            "Satu peserta cukup memakai satu KPJ. Ajukan penggabungan KPJ, atau pastikan dengan"
            " alasannya.",
            "One member needs one KPJ only. Ask for a merge of the KPJ, or confirm with the reason.",
            saw='NIK "{value}" juga dipakai dengan KPJ lain pada baris {rows}',
            saw_en='NIK "{value}" also stands with another KPJ in row {rows}',
        ),),
    ),
    Rule(
        "NIK-17", "Satu NIK dipakai dua orang", "NIK shared by two people",
        (Case(
            "", OVERRIDE,
            "NIK hanya milik satu orang (UU 24/2013). Cocokkan kedua baris dengan KTP-el dan"
            " perbaiki; bila NIK ini benar, lampirkan KTP-el pada baris ini.",
            "A NIK belongs to one person only (UU 24/2013). Compare both rows with the KTP-el and"
            " mend them; if this NIK is right, attach the KTP-el to this row.",
            saw='NIK "{value}" juga dipakai pada baris {rows} dengan nama atau tanggal lahir lain',
            saw_en='NIK "{value}" also stands in row {rows} with another name or birth date',
        ),),
    ),
    Rule(
        "NIK-18", "NIK diganti", "NIK is replaced",
        (Case(
            "", WARNING,
            "NIK hanya diganti karena salah ketik atau NIK ganda, dan KTP-el yang berlaku (PP"
            " 40/2019). Cocokkan dengan KTP-el, lalu pastikan dengan alasannya.",
            "A NIK is replaced only for a typing error or a double NIK, and the KTP-el prevails (PP"
            " 40/2019). Compare it with the KTP-el, then confirm with the reason.",
            saw='NIK berubah dari {before} menjadi "{value}"',
            saw_en='the NIK changes from {before} to "{value}"',
        ),),
    ),
)  # fmt: skip

KK: tuple[Rule, ...] = (
    Rule(
        "KK-01", "Nomor KK bukan 16 digit", "KK number is not 16 digits",
        (Case(
            "", ERROR,
            "Nomor KK harus 16 digit angka. Ketik ulang dari Kartu Keluarga.",
            "A KK number must have 16 digits. Type it again from the family card.",
            saw=_LENGTH, saw_en=_LENGTH_EN,
        ), Case(
            "several", ERROR,
            "Isi satu nomor KK saja dalam satu sel, yaitu dari Kartu Keluarga yang terbaru.",
            "Write one KK number only in a cell, that of the latest family card.",
            title="Lebih dari satu nomor KK", title_en="More than one KK number",
        )),
    ),
    Rule(
        "KK-02", "Kode wilayah KK tidak dikenal", "Unknown region code in the KK number",
        (
            Case(
                "province", ERROR,
                "Dua digit pertama nomor KK adalah kode provinsi, dan {province} bukan kode"
                " provinsi. Ketik ulang dari Kartu Keluarga.",
                "The first two digits of a KK number are a province code, and {province} is none."
                " Type it again from the family card.",
            ),
            Case(
                "regency", OVERRIDE,
                "Empat digit pertama nomor KK adalah kode kabupaten/kota, dan {regency} tidak ada di"
                " daftar ({edition}). Ketik ulang dari Kartu Keluarga; bila memang tertulis"
                " demikian, lampirkan Kartu Keluarga pada baris ini.",
                "The first four digits of a KK number are a regency code, and {regency} is not in"
                " the list ({edition}). Type it again from the family card; if the card does say"
                " so, attach it to this row.",
            ),
            Case(
                "old", WARNING,
                "Kode {regency} adalah kode lama {name}. Cocokkan dengan Kartu Keluarga terbaru;"
                " bila masih berlaku, pastikan.",
                "Code {regency} is an old code of {name}. Compare it with the latest family card; if"
                " it still holds, confirm.",
                title="Kode wilayah KK lama", title_en="Old region code in the KK number",
            ),
            Case(
                "district", WARNING,
                "Kode kecamatan {district} tidak ada di daftar sekarang ({edition}); mungkin kode"
                " lama. Cocokkan dengan Kartu Keluarga terbaru; bila masih berlaku, pastikan.",
                "District code {district} is not in today's list ({edition}); it may be an old one."
                " Compare it with the latest family card; if it still holds, confirm.",
                title="Kode kecamatan KK tidak dikenal",
                title_en="Unknown district code in the KK number",
            ),
        ),
    ),
    Rule(
        "KK-03", "Tanggal pada nomor KK tidak mungkin", "Impossible date in the KK number",
        (Case(
            "", OVERRIDE,
            "Digit ke-7 sampai ke-12 adalah tanggal pencatatan, dan {recorded} tidak ada di"
            " kalender. Ketik ulang dari Kartu Keluarga; bila memang tertulis demikian, lampirkan"
            " Kartu Keluarga pada baris ini.",
            "Digits 7 to 12 are the date of registration, and {recorded} is no date. Type it again"
            " from the family card; if the card does say so, attach it to this row.",
        ),),
    ),
    Rule(
        "KK-04", "Tampaknya NIK perempuan", "Looks like a woman's NIK",
        (Case(
            "", ERROR,
            "Digit ke-7 dan ke-8 ({day}) hanya ada pada NIK perempuan, bukan pada nomor KK. Ketik"
            " nomor KK yang tertulis di bagian atas Kartu Keluarga.",
            "Digits 7 and 8 ({day}) occur only in a woman's NIK, not in a KK number. Type the KK"
            " number printed at the top of the family card.",
        ),),
    ),
    Rule(
        "KK-05", "Kolom KK berisi NIK", "KK column holds a NIK",
        (
            Case(
                "own", ERROR,
                "Nomor ini sama dengan NIK pada baris ini. Ketik nomor KK yang tertulis di bagian"
                " atas Kartu Keluarga.",
                "This number equals the NIK of this row. Type the KK number printed at the top of"
                " the family card.",
            ),
            Case(
                "other", ERROR,
                "Nomor ini sama dengan NIK pada baris {rows}. Ketik nomor KK yang tertulis di bagian"
                " atas Kartu Keluarga.",
                "This number equals the NIK of row {rows}. Type the KK number printed at the top of"
                " the family card.",
            ),
        ),
    ),
    Rule(
        "KK-06", "Tahun pada nomor KK tidak lazim", "Unusual year in the KK number",
        (Case(
            "", WARNING,
            "Tanggal pencatatan pada nomor KK terbaca {recorded}. Cocokkan dengan Kartu Keluarga;"
            " bila sudah sama, pastikan.",
            "The date of registration in the KK number reads {recorded}. Compare it with the family"
            " card; if they agree, confirm.",
        ),),
    ),
    Rule(
        "KK-07", "Nomor urut KK 0000", "Serial 0000 in the KK number",
        (Case(
            "", WARNING,
            "Nomor urut 0000 tidak lazim. Cocokkan dengan Kartu Keluarga; bila sudah sama, pastikan.",
            "Serial 0000 is unusual. Compare it with the family card; if they agree, confirm.",
            saw='"{value}" berakhiran 0000', saw_en='"{value}" ends in 0000',
        ),),
    ),
    Rule(
        "KK-08", "KK dan NIK tidak dibandingkan", "KK and NIK are not compared",
        note="Wilayah dan tanggal pada nomor KK tidak pernah dibandingkan dengan NIK.",
        note_en="Region and date in a KK number are never compared with the NIK.",
    ),
    Rule(
        "KK-09", "Satu nomor KK untuk banyak karyawan", "One KK number for many employees",
        (Case(
            "", WARNING,
            "Satu keluarga jarang sebesar itu. Cocokkan dengan Kartu Keluarga masing-masing; bila"
            " sudah benar, pastikan.",
            "A family is seldom that large. Compare it with each family card; if it is right,"
            " confirm.",
            saw='nomor KK "{value}" dipakai oleh {count} karyawan',
            saw_en='KK number "{value}" is used by {count} employees',
        ),),
    ),
)  # fmt: skip

KPJ: tuple[Rule, ...] = (
    Rule(
        "KPJ-01", "KPJ bukan 11 digit", "KPJ is not 11 digits",
        (Case(
            "", ERROR,
            "KPJ harus 11 digit angka. Ketik ulang dari kartu BPJS Ketenagakerjaan atau SIPP.",
            "A KPJ must have 11 digits. Type it again from the BPJS Ketenagakerjaan card or SIPP.",
            saw=_LENGTH, saw_en=_LENGTH_EN,
        ), Case(
            "several", ERROR,
            "Isi satu KPJ saja dalam satu sel. Bila beberapa KPJ digabung, tulis satu baris untuk setiap"
            " KPJ yang digabung.",
            "Write one KPJ only in a cell. Where several KPJ are merged, write one row for each KPJ to merge.",
            title="Lebih dari satu KPJ", title_en="More than one KPJ",
        )),
    ),
    Rule(
        "KPJ-02", "KPJ berisi huruf", "KPJ contains letters",
        (
            Case(
                "lookalike", OVERRIDE,
                "KPJ terdiri atas 11 digit; huruf O, I, L, S, dan B mungkin angka 0, 1, 1, 5, dan 8."
                " Cocokkan dengan kartu, lalu terima usulan {suggestion}; bila kartu memang memuat"
                " huruf, lampirkan kartu pada baris ini.",
                "A KPJ has 11 digits; the letters O, I, L, S and B may be 0, 1, 1, 5 and 8. Compare"
                " it with the card, then take the proposal {suggestion}; if the card does show"
                " letters, attach it to this row.",
            ),
            Case(
                "old-card", WARNING,
                "KPJ biasanya 11 digit angka. Bila kartu lama memang memuat huruf, pastikan; KPJ"
                " ini akan diperiksa manual.",
                "A KPJ normally has 11 digits. If an old card does show letters, confirm; this KPJ"
                " will be checked by hand.",
                title="KPJ kartu lama?", title_en="KPJ of an old card?",
            ),
        ),
    ),
    Rule(
        "KPJ-03", "Angka 0 di depan hilang", "Leading 0 is missing",
        (Case(
            "", ERROR,
            "KPJ harus 11 digit. Cocokkan usulan {suggestion} dengan kartu lalu terapkan, atau ubah"
            " format kolom ke Teks dan ketik ulang.",
            "A KPJ must have 11 digits. Compare the proposal {suggestion} with the card and apply"
            " it, or format the column as Text and type it again.",
            saw='tertulis "{value}" (10 digit) sebagai angka, sehingga 0 di depan hilang',
            saw_en='it says "{value}" (10 digits) as a number, so a leading 0 is missing',
        ),),
    ),
    Rule(
        "KPJ-04", "KPJ kurang digit", "KPJ is too short",
        (Case(
            "", ERROR,
            "KPJ harus 11 digit, dan digit yang kurang tidak dapat ditebak. Ketik ulang dari kartu"
            " BPJS Ketenagakerjaan atau SIPP.",
            "A KPJ must have 11 digits, and missing digits can't be guessed. Type it again from the"
            " BPJS Ketenagakerjaan card or SIPP.",
            saw='tertulis "{value}" ({length} digit)', saw_en='it says "{value}" ({length} digits)',
        ),),
    ),
    Rule(
        "KPJ-05", "Nomor BPJS Kesehatan", "BPJS Kesehatan number",
        (Case(
            "", ERROR,
            "Nomor 13 digit berawalan 000 adalah nomor BPJS Kesehatan. Isi KPJ, 11 digit, dari kartu"
            " BPJS Ketenagakerjaan.",
            "A number of 13 digits starting with 000 belongs to BPJS Kesehatan. Fill in the KPJ, 11"
            " digits, from the BPJS Ketenagakerjaan card.",
        ),),
    ),
    Rule(
        "KPJ-06", "Tampaknya NIK", "Looks like a NIK",
        (Case(
            "", ERROR,
            "Nomor 16 digit adalah NIK atau nomor KK. Isi KPJ, 11 digit, dari kartu BPJS"
            " Ketenagakerjaan.",
            "A number of 16 digits is a NIK or a KK number. Fill in the KPJ, 11 digits, from the BPJS"
            " Ketenagakerjaan card.",
        ),),
    ),
    Rule(
        "KPJ-07", "KPJ ganda dengan isi berbeda", "Conflicting rows of one KPJ",
        (
        Case(
            "", ERROR,
            "Satu KPJ hanya milik satu orang, jadi NIK, nama, dan tanggal lahirnya harus sama di"
            " semua baris. Perbaiki KPJ atau {which} pada baris-baris ini.",
            "A KPJ belongs to one person, so NIK, name and birth date must agree in all its rows."
            " Mend the KPJ or the {which_en} in these rows.",
            saw='KPJ "{value}" juga ada pada baris {rows} dengan {which} yang berbeda',
            saw_en='KPJ "{value}" also stands in row {rows} with another {which_en}',
        ),
        Case(
            "chain", ERROR,
            "KPJ yang digabung tidak berlaku lagi, jadi tidak dapat sekaligus dipertahankan. Pilih satu KPJ"
            " yang dipertahankan, lalu gabungkan semua KPJ lain ke KPJ itu.",
            "A merged KPJ is no longer valid, so it can't be kept as well. Choose the one KPJ that is kept and"
            " merge all others into it.",
            saw='KPJ "{value}" digabung di sini, tetapi dipertahankan pada baris {rows}',
            saw_en='KPJ "{value}" is merged here, but kept in row {rows}',
            title="KPJ digabung sekaligus dipertahankan", title_en="A merged KPJ is kept as well",
        ),
        Case(
            "twice", ERROR,
            "Satu KPJ hanya dapat digabung ke satu KPJ. Cocokkan dengan kartu kedua peserta, lalu hapus"
            " penggabungan yang keliru.",
            "A KPJ can be merged into one KPJ only. Compare with the cards of both members and delete the merge"
            " that is wrong.",
            saw='KPJ "{value}" juga digabung ke KPJ lain pada baris {rows}',
            saw_en='KPJ "{value}" is also merged into another KPJ in row {rows}',
            title="KPJ digabung dua kali", title_en="A KPJ merged twice",
        ),
        Case(
            "other", OVERRIDE,
            "Penggabungan hanya untuk KPJ milik orang yang sama. Cocokkan dengan kartu dan perbaiki; bila NIK"
            " pada salah satu baris memang keliru, lampirkan {source} pada baris ini.",
            "Only KPJ of the same person are merged. Compare with the card and mend it; if the NIK of either row"
            " is wrong, attach the {source_en} to this row.",
            saw='KPJ "{value}" pada baris {rows} milik orang dengan NIK lain',
            saw_en='KPJ "{value}" in row {rows} belongs to somebody with another NIK',
            title="KPJ orang lain digabung", title_en="Merging somebody else's KPJ",
        )),
    ),
    Rule(
        "KPJ-08", "Lebih dari satu KPJ", "Several KPJ",
        (Case(
            "", WARNING,
            "Ajukan penggabungan (data KPJ Digabung, atau lewat JMO atau kantor cabang), atau"
            " pastikan dengan alasannya.",
            "Ask for a merge (the datum KPJ Digabung, or through JMO or a branch office), or confirm"
            " with the reason.",
            saw="orang ini juga memakai KPJ lain pada baris {rows}",
            saw_en="this person also has another KPJ in row {rows}",
        ),),
    ),
)  # fmt: skip

NPP: tuple[Rule, ...] = (
    Rule(
        "NPP-01", "NPP bukan 8 digit", "NPP is not 8 digits",
        (
            Case(
                "form", WARNING,
                "NPP biasanya 8 digit. Cocokkan dengan sertifikat kepesertaan; bila sudah sama,"
                " pastikan.",
                "An NPP normally has 8 digits. Compare it with the membership certificate; if they"
                " agree, confirm.",
            ),
            Case(
                "foreign", ERROR,
                "NPP biasanya 8 digit dan NPP perusahaan Anda adalah {npp}. Perbaiki NPP, atau"
                " kosongkan sel ini.",
                "An NPP normally has 8 digits and that of your company is {npp}. Mend the NPP, or"
                " leave the cell empty.",
            ),
        ),
    ),
    Rule(
        "NPP-02", "NPP bentuk lama?", "Old NPP?",
        (Case(
            "", WARNING,
            "NPP biasanya angka saja. Cocokkan dengan sertifikat kepesertaan; bila memang berhuruf,"
            " pastikan.",
            "An NPP normally has digits only. Compare it with the membership certificate; if it does"
            " have letters, confirm.",
        ),),
    ),
    Rule(
        "NPP-03", "NPP bukan milik perusahaan Anda", "Not your NPP",
        (Case(
            "", ERROR,
            "NPP perusahaan Anda adalah {npp}. Perbaiki NPP, atau pindahkan baris ini ke pengajuan"
            " perusahaan yang benar.",
            "The NPP of your company is {npp}. Mend the NPP, or move this row to the batch of the right"
            " company.",
        ),),
    ),
    Rule(
        "DIV-01", "Kode divisi tidak lazim", "Odd division code",
        (Case(
            "", WARNING,
            "Kode divisi terdiri atas 1 sampai 3 digit. Cocokkan dengan SIPP; bila sudah sama,"
            " pastikan.",
            "A division code has 1 to 3 digits. Compare it with SIPP; if they agree, confirm.",
        ),),
        note="Kode divisi dilengkapi nol menjadi 3 digit.",
        note_en="A division code is padded with zeros to 3 digits.",
    ),
)  # fmt: skip
