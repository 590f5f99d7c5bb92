"""Workbooks in the exact forms that Excel, WPS, Google Sheets and Numbers write.

None of these programs is at hand, so their files are written here part by part: the
namespaces, the order of elements, the parts beside the sheet. All hold the same table.
"""

# ruff: noqa: E501 - tags as the programs write them, an element a line

from html import escape

from tests.adapters.spreadsheets.building import (
    HEAD,
    MAIN,
    PACKAGE,
    RELATIONS,
    SHEET_MAIN,
    letters,
    packed,
)

STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_MICROSOFT = (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr xr2 xr3"'
    ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'
    ' xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
    ' xmlns:xr2="http://schemas.microsoft.com/office/spreadsheetml/2015/revision2"'
    ' xmlns:xr3="http://schemas.microsoft.com/office/spreadsheetml/2016/revision3"'
    ' xr:uid="{00000000-0001-0000-0000-000000000000}"'
)
HEADERS = ("No", "KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "Data", "Semula", "Menjadi")
ROWS = (
    ("1", "09999990017", "3171014508909013", "SITI CONTOHAN", "05-08-1990", "Email", "",
     "siti@contoh.example"),
    ("2", "09999990025", "3171010508909015", "BUDI & RINA UMPAMA", "05-08-1990", "No HP",
     "081200000001", "081200000002"),
    ("3", "09999990033", "317101050890901", "ANDI\nMISALNYA", "05-08-1990", "Email", "", "bukan alamat"),
)  # fmt: skip
"""The third row has a NIK of 15 digits and no e-mail address; its name has a line break."""
BORN = "33090"
"""5 August 1990 as Excel counts, in the columns of dates."""
FINDS = [("NIK-01", 2), ("EML-01", 2)]
"""What a check finds, by index of the row."""

_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_OFFICE = "application/vnd.openxmlformats-officedocument"


def _types(defaults, overrides):
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        + "".join(f'<Default Extension="{at}" ContentType="{kind}"/>' for at, kind in defaults.items())
        + "".join(f'<Override PartName="/{at}" ContentType="{kind}"/>' for at, kind in overrides.items())
        + "</Types>"
    )  # fmt: skip


def _rels(*targets, relations=RELATIONS):
    """Relations from (kind, target) or (kind, target, "External"); a kind may be a whole URI."""
    made = []
    for at, (kind, target, *mode) in enumerate(targets, 1):
        uri = kind if "://" in kind else f"{relations}/{kind}"
        outside = ' TargetMode="External"' if mode else ""
        made.append(f'<Relationship Id="rId{at}" Type="{uri}" Target="{escape(target)}"{outside}/>')
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{"".join(made)}</Relationships>'


_RELS = "application/vnd.openxmlformats-package.relationships+xml"


def excel(*, strict=False):  # noqa: C901 - a form of cell a branch
    """Excel for Microsoft 365: shared strings with runs, a table, comments, pictures, all parts."""
    main, relations = (STRICT_MAIN, STRICT_RELATIONS) if strict else (MAIN, RELATIONS)
    conformance = ' conformance="strict"' if strict else ""
    strings, cells = [], []

    def shared(text, item=None):
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        written = escape(text.replace("\n", "_x000D_\n"), quote=False)
        item = item or f"<si><t{space}>{written}</t></si>"
        if item not in strings:
            strings.append(item)
        return strings.index(item)

    for number, row in enumerate((HEADERS, *ROWS), 3):
        held = []
        for at, text in enumerate(row):
            place = f'r="{letters(at)}{number}"'
            if number > 3 and at == 4:
                held.append(f'<c {place} s="{number - 2}"><v>{BORN}</v></c>')
            elif number == 4 and at == 0:
                held.append(f"<c {place}><v>1</v></c>")
            elif number == 5 and at == 0:
                held.append(f"<c {place}><f>A4+1</f><v>2</v></c>")
            elif number == 4 and at == 3:  # rich text with a phonetic run
                rich = (
                    '<si><r><rPr><b/><sz val="11"/><rFont val="Calibri"/></rPr><t xml:space="preserve">SITI </t>'
                    '</r><r><rPr><sz val="11"/></rPr><t>CONTOHAN</t></r><rPh sb="0" eb="4"><t>シティ</t></rPh>'
                    '<phoneticPr fontId="1"/></si>'
                )
                held.append(f'<c {place} s="1" t="s"><v>{shared(text, rich)}</v></c>')
            elif number == 5 and at == 7:  # a text that a formula gave
                held.append(f'<c {place} t="str"><f>G5&amp;""</f><v>{text}</v></c>')
            elif not text:
                held.append(f'<c {place} s="1" t="s"><v>{shared("", "<si><t/></si>")}</v></c>')
            else:
                held.append(f'<c {place} s="1" t="s"><v>{shared(text)}</v></c>')
        cells.append(
            f'<row r="{number}" spans="1:8" s="1" customFormat="1" ht="15" customHeight="1" x14ac:dyDescent="0.25">'
            f"{''.join(held)}</row>"
        )
    title = f'<row r="1" spans="1:8" x14ac:dyDescent="0.25"><c r="A1" t="s"><v>{shared("Koreksi PT Contoh ")}</v></c></row>'
    sheet = (
        f'{HEAD}<worksheet xmlns="{main}" xmlns:r="{relations}"{_MICROSOFT}>'
        '<sheetPr codeName="Sheet1" filterMode="1"><tabColor theme="4"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<dimension ref="A1:H6"/><sheetViews><sheetView showGridLines="0" tabSelected="1" zoomScale="85" '
        'workbookViewId="0"><pane ySplit="3" topLeftCell="A4" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="D5" sqref="D5"/></sheetView></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/>'
        '<cols><col min="1" max="1" width="5.7109375" customWidth="1"/>'
        '<col min="2" max="8" width="19.28515625" style="1" bestFit="1" customWidth="1"/></cols>'
        f"<sheetData>{title}{''.join(cells)}</sheetData>"
        '<mergeCells count="1"><mergeCell ref="A1:H1"/></mergeCells><phoneticPr fontId="1"/>'
        '<conditionalFormatting sqref="C4:C6"><cfRule type="expression" dxfId="0" priority="1">'
        "<formula>LEN(C4)&lt;&gt;16</formula></cfRule></conditionalFormatting>"
        '<dataValidations count="1"><dataValidation type="list" allowBlank="1" showInputMessage="1" '
        'showErrorMessage="1" sqref="F4:F100" xr:uid="{00000000-0002-0000-0000-000000000000}">'
        '<formula1>"Email,No HP"</formula1></dataValidation></dataValidations>'
        '<hyperlinks><hyperlink ref="H4" r:id="rId2" xr:uid="{00000000-0004-0000-0000-000000000000}"/></hyperlinks>'
        '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" scale="70" orientation="landscape" r:id="rId1"/>'
        "<headerFooter><oddHeader>&amp;L&amp;G&amp;CKoreksi</oddHeader><oddFooter>&amp;P</oddFooter></headerFooter>"
        '<drawing r:id="rId3"/><legacyDrawing r:id="rId4"/><legacyDrawingHF r:id="rId5"/>'
        '<tableParts count="1"><tablePart r:id="rId6"/></tableParts>'
        '<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" xmlns:x14="http://schemas.microsoft.com/office/'
        'spreadsheetml/2009/9/main"><x14:sparklineGroups xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"/>'
        "</ext></extLst></worksheet>"
    )
    shape = "urn:schemas-microsoft-com:vml"
    vml = (
        f'<xml xmlns:v="{shape}" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel">\n <o:shapelayout v:ext="edit">\n'
        '  <o:idmap v:ext="edit" data="1"/>\n </o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" '
        'o:spt="202"\n  path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/></v:shapetype>'
        '<v:shape id="_x0000_s1025" type="#_x0000_t202" style=\'position:absolute;visibility:hidden\' '
        'fillcolor="infoBackground [80]" o:insetmode="auto"><v:textbox><div style=\'text-align:left\'></div>'
        '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        "<x:Anchor>4, 15, 3, 10, 6, 15, 7, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
        "<x:Row>3</x:Row><x:Column>3</x:Column></x:ClientData></v:shape></xml>"
    )
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301"
        "0100c9fe92ef0000000049454e44ae426082"
    )
    parts = {
        "[Content_Types].xml": _types(
            {
                "bin": f"{_OFFICE}.spreadsheetml.printerSettings", "png": "image/png", "rels": _RELS,
                "vml": f"{_OFFICE}.vmlDrawing", "xml": "application/xml",
            },
            {
                "xl/workbook.xml": SHEET_MAIN, "xl/worksheets/sheet1.xml": _WORKSHEET,
                "xl/worksheets/sheet2.xml": _WORKSHEET, "xl/theme/theme1.xml": f"{_OFFICE}.theme+xml",
                "xl/styles.xml": f"{_OFFICE}.spreadsheetml.styles+xml",
                "xl/sharedStrings.xml": f"{_OFFICE}.spreadsheetml.sharedStrings+xml",
                "xl/calcChain.xml": f"{_OFFICE}.spreadsheetml.calcChain+xml",
                "xl/comments1.xml": f"{_OFFICE}.spreadsheetml.comments+xml",
                "xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
                "xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
                "xl/tables/table1.xml": f"{_OFFICE}.spreadsheetml.table+xml",
                "xl/drawings/drawing1.xml": f"{_OFFICE}.drawing+xml",
                "xl/externalLinks/externalLink1.xml": f"{_OFFICE}.spreadsheetml.externalLink+xml",
                "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
                "docProps/app.xml": f"{_OFFICE}.extended-properties+xml",
                "customXml/itemProps1.xml": f"{_OFFICE}.customXmlProperties+xml",
            },
        ),
        "_rels/.rels": _rels(
            ("officeDocument", "xl/workbook.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("extended-properties", "docProps/app.xml"), relations=relations,
        ),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{main}" xmlns:r="{relations}"{conformance} '
            'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15 xr xr6 xr10 xr2" '
            'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" '
            'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" '
            'xmlns:xr6="http://schemas.microsoft.com/office/spreadsheetml/2016/revision6" '
            'xmlns:xr10="http://schemas.microsoft.com/office/spreadsheetml/2016/revision10" '
            'xmlns:xr2="http://schemas.microsoft.com/office/spreadsheetml/2015/revision2">'
            '<fileVersion appName="xl" lastEdited="7" lowestEdited="4" rupBuild="27328"/>'
            '<workbookPr codeName="ThisWorkbook" defaultThemeVersion="166925"/>'
            '<mc:AlternateContent><mc:Choice Requires="x15"><x15ac:absPath url="D:\\HRD\\" '
            'xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent>'
            '<xr:revisionPtr revIDLastSave="0" documentId="13_ncr:1_{0}" xr6:coauthVersionLast="47" '
            'xr6:coauthVersionMax="47" xr10:uidLastSave="{1}"/><bookViews><workbookView xWindow="-120" yWindow="-120" '
            'windowWidth="20730" windowHeight="11160" xr2:uid="{2}"/></bookViews><sheets>'
            '<sheet name="Koreksi Nov&apos;26" sheetId="3" r:id="rId1"/>'
            '<sheet name="Daftar" sheetId="7" state="veryHidden" r:id="rId2"/></sheets>'
            '<externalReferences><externalReference r:id="rId6"/></externalReferences><definedNames>'
            "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"0\" hidden=\"1\">'Koreksi Nov''26'!$A$3:$H$6</definedName>"
            "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">'Koreksi Nov''26'!$3:$3</definedName>"
            '<definedName name="Rusak">#REF!</definedName></definedNames><calcPr calcId="191029"/></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _rels(
            ("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"),
            ("theme", "theme/theme1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"),
            ("externalLink", "externalLinks/externalLink1.xml"), ("calcChain", "calcChain.xml"),
            ("http://schemas.microsoft.com/office/2017/10/relationships/person", "persons/person.xml"),
            ("customXml", "../customXml/item1.xml"), relations=relations,
        ),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/worksheets/_rels/sheet1.xml.rels": _rels(
            ("printerSettings", "../printerSettings/printerSettings1.bin"),
            ("hyperlink", "mailto:siti@contoh.example", "External"), ("drawing", "../drawings/drawing1.xml"),
            ("vmlDrawing", "../drawings/vmlDrawing1.vml"), ("vmlDrawing", "../drawings/vmlDrawing2.vml"),
            ("table", "../tables/table1.xml"), ("comments", "../comments1.xml"),
            ("http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
             "../threadedComments/threadedComment1.xml"), relations=relations,
        ),
        "xl/worksheets/sheet2.xml": (
            f'{HEAD}<worksheet xmlns="{main}" xmlns:r="{relations}"><dimension ref="A1"/><sheetData/></worksheet>'
        ),
        "xl/styles.xml": (
            f'{HEAD}<styleSheet xmlns="{main}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            'mc:Ignorable="x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
            '<numFmts count="2"><numFmt numFmtId="164" formatCode="[$-421]dd\\ mmmm\\ yyyy;@"/>'
            '<numFmt numFmtId="165" formatCode="[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy"/></numFmts>'
            '<fonts count="2" x14ac:knownFonts="1"><font><sz val="11"/><color theme="1"/><name val="Calibri"/>'
            '<family val="2"/><scheme val="minor"/></font><font><sz val="6"/><name val="Calibri"/></font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
            '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
            '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
            '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
            '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
            '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            '<dxfs count="1"><dxf><font><color rgb="FF9C0006"/></font></dxf></dxfs>'
            '<tableStyles count="0" defaultTableStyle="TableStyleMedium2" defaultPivotStyle="PivotStyleLight16"/>'
            "</styleSheet>"
        ),
        "xl/sharedStrings.xml": (
            f'{HEAD}<sst xmlns="{main}" count="40" uniqueCount="{len(strings)}">{"".join(strings)}</sst>'
        ),
        "xl/theme/theme1.xml": _theme(strict=strict),
        "xl/calcChain.xml": f'{HEAD}<calcChain xmlns="{main}"><c r="A5" i="3"/><c r="H5" i="3"/></calcChain>',
        "xl/comments1.xml": (
            f'{HEAD}<comments xmlns="{main}"><authors><author>tc={{3}}</author></authors><commentList>'
            '<comment ref="D4" authorId="0" shapeId="0"><text><t>[Threaded comment]\n\nComment: cek</t></text></comment>'
            "</commentList></comments>"
        ),
        "xl/threadedComments/threadedComment1.xml": (
            f'{HEAD}<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
            '<threadedComment ref="D4" dT="2026-11-21T02:00:00.00" personId="{4}" id="{3}"><text>cek</text>'
            "</threadedComment></ThreadedComments>"
        ),
        "xl/persons/person.xml": (
            f'{HEAD}<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
            '<person displayName="HRD" id="{4}" userId="hrd" providerId="None"/></personList>'
        ),
        "xl/tables/table1.xml": (
            f'{HEAD}<table xmlns="{main}" id="1" name="Tabel1" displayName="Tabel1" ref="A3:H6" totalsRowShown="0">'
            '<autoFilter ref="A3:H6"/><tableColumns count="8">'
            + "".join(f'<tableColumn id="{at}" name="{name}"/>' for at, name in enumerate(HEADERS, 1))
            + '</tableColumns><tableStyleInfo name="TableStyleMedium2" showRowStripes="1"/></table>'
        ),
        "xl/drawings/drawing1.xml": (
            f'{HEAD}<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main"><xdr:twoCellAnchor>'
            "<xdr:from><xdr:col>9</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>0</xdr:row><xdr:rowOff>0</xdr:rowOff>"
            "</xdr:from><xdr:to><xdr:col>10</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>2</xdr:row><xdr:rowOff>0"
            f'</xdr:rowOff></xdr:to><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Logo"/><xdr:cNvPicPr/></xdr:nvPicPr>'
            f'<xdr:blipFill><a:blip xmlns:r="{RELATIONS}" r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch>'
            '</xdr:blipFill><xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic>'
            "<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
        ),
        "xl/drawings/_rels/drawing1.xml.rels": _rels(("image", "../media/image1.png")),
        "xl/drawings/vmlDrawing1.vml": vml,
        "xl/drawings/vmlDrawing2.vml": vml.replace("1025", "2049").replace('"Note"', '"Pict"'),
        "xl/media/image1.png": picture,
        "xl/printerSettings/printerSettings1.bin": b"E\0P\0S\0O\0N\0" + bytes(200),
        "xl/externalLinks/externalLink1.xml": (
            f'{HEAD}<externalLink xmlns="{main}"><externalBook xmlns:r="{relations}" r:id="rId1"><sheetNames>'
            '<sheetName val="Induk"/></sheetNames></externalBook></externalLink>'
        ),
        "xl/externalLinks/_rels/externalLink1.xml.rels": _rels(
            ("externalLinkPath", "file:///D:\\HRD\\induk.xlsx", "External"), relations=relations
        ),
        "customXml/item1.xml": '<b:Sources xmlns:b="http://schemas.openxmlformats.org/officeDocument/2006/bibliography"/>',
        "customXml/itemProps1.xml": (
            f'{HEAD}<ds:datastoreItem ds:itemID="{{5}}" '
            'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"/>'
        ),
        "customXml/_rels/item1.xml.rels": _rels(("customXmlProps", "itemProps1.xml")),
        "docProps/core.xml": (
            f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>HRD</dc:creator></cp:coreProperties>'
        ),
        "docProps/app.xml": (
            f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            "<Application>Microsoft Excel</Application></Properties>"
        ),
    }  # fmt: skip
    return packed(parts)


def _theme(*, strict=False):
    names = ("dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink",
             "folHlink")  # fmt: skip
    colours = "".join(f'<a:{name}><a:srgbClr val="1F497D"/></a:{name}>' for name in names)
    drawing = "http://purl.oclc.org/ooxml/drawingml/main" if strict else f"{DRAWING}/main"
    font = '<a:latin typeface="Calibri"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    line = '<a:ln w="6350"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>' * 3
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'{HEAD}<a:theme xmlns:a="{drawing}" name="Office Theme"><a:themeElements><a:clrScheme name="Office">{colours}'
        f'</a:clrScheme><a:fontScheme name="Office"><a:majorFont>{font}</a:majorFont><a:minorFont>{font}</a:minorFont>'
        f'</a:fontScheme><a:fmtScheme name="Office"><a:fillStyleLst>{fill}</a:fillStyleLst><a:lnStyleLst>{line}'
        f"</a:lnStyleLst><a:effectStyleLst>{effect}</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst>"
        "</a:fmtScheme></a:themeElements></a:theme>"
    )


def google():
    """Google Sheets: no docProps, a drawing in every sheet, numbers with ".0", dates as 33090.0."""
    strings = sorted({text for row in (HEADERS, *ROWS) for text in row if text})
    rows = []
    for number, row in enumerate((HEADERS, *ROWS), 1):
        cells = []
        for at, text in enumerate(row):
            place = f'r="{letters(at)}{number}"'
            if number > 1 and at == 4:
                cells.append(f'<c {place} s="3"><v>{BORN}.0</v></c>')
            elif number > 1 and at == 0:
                cells.append(f'<c {place} s="2"><v>{text}.0</v></c>')
            elif number == 2 and at == 7:
                cells.append(
                    f'<c {place} s="1" t="str"><f>LOWER("SITI@CONTOH.EXAMPLE")</f><v>{text}</v></c>'
                )
            elif text:
                cells.append(f'<c {place} s="1" t="s"><v>{strings.index(text)}</v></c>')
            else:
                cells.append(f'<c {place} s="1"/>')
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    rows += [f'<row r="{number}" ht="15.75" customHeight="1"/>' for number in range(5, 1001)]
    spaces = (
        f'xmlns="{MAIN}" xmlns:r="{RELATIONS}" xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:mv="urn:schemas-microsoft-com:mac:vml" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" '
        'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
    )
    font = '<font><sz val="10.0"/><color rgb="FF000000"/><name val="Arial"/><scheme val="minor"/></font>'
    align = '<alignment readingOrder="0" shrinkToFit="0" vertical="bottom" wrapText="0"/>'
    parts = {
        "xl/worksheets/sheet1.xml": (
            f'{HEAD}<worksheet {spaces}><sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr>'
            '<sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr customHeight="1" '
            'defaultColWidth="12.63" defaultRowHeight="15.75"/><cols><col customWidth="1" min="2" max="3" width="18.0"/></cols>'
            f'<sheetData>{"".join(rows)}</sheetData><drawing r:id="rId1"/></worksheet>'
        ),
        "xl/worksheets/_rels/sheet1.xml.rels": _rels(("drawing", "../drawings/drawing1.xml")),
        "xl/drawings/drawing1.xml": f'{HEAD}<xdr:wsDr xmlns:xdr="{DRAWING}/spreadsheetDrawing"/>',
        "xl/sharedStrings.xml": (
            f'{HEAD}<sst xmlns="{MAIN}" count="99" uniqueCount="{len(strings)}">'
            + "".join(f"<si><t>{escape(text, quote=False)}</t></si>" for text in strings) + "</sst>"
        ),
        "xl/styles.xml": (
            f'{HEAD}<styleSheet {spaces}><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/MM/yyyy"/></numFmts>'
            f'<fonts count="1">{font}</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
            '<patternFill patternType="lightGray"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs '
            'count="1"><xf borderId="0" fillId="0" fontId="0" numFmtId="0" applyAlignment="1" applyFont="1"/></cellStyleXfs>'
            f'<cellXfs count="4"><xf borderId="0" fillId="0" fontId="0" numFmtId="0" xfId="0">{align}</xf>'
            f'<xf borderId="0" fillId="0" fontId="0" numFmtId="49" xfId="0" quotePrefix="1">{align}</xf>'
            f'<xf borderId="0" fillId="0" fontId="0" numFmtId="0" xfId="0">{align}</xf>'
            f'<xf borderId="0" fillId="0" fontId="0" numFmtId="164" xfId="0">{align}</xf></cellXfs><cellStyles count="1">'
            '<cellStyle xfId="0" name="Normal" builtinId="0"/></cellStyles><dxfs count="0"/></styleSheet>'
        ),
        "xl/theme/theme1.xml": _theme(),
        "xl/workbook.xml": (
            f"{HEAD}<workbook {spaces}><workbookPr/><sheets>"
            '<sheet state="visible" name="Formulir &amp; Koreksi" sheetId="1" r:id="rId4"/></sheets><definedNames/>'
            "<calcPr/></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _rels(
            ("theme", "theme/theme1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml"),
            ("worksheet", "worksheets/sheet1.xml"),
        ),
        "_rels/.rels": _rels(("officeDocument", "xl/workbook.xml")),
        "[Content_Types].xml": _types(
            {"xml": "application/xml", "rels": _RELS},
            {
                "xl/worksheets/sheet1.xml": _WORKSHEET,
                "xl/sharedStrings.xml": f"{_OFFICE}.spreadsheetml.sharedStrings+xml",
                "xl/drawings/drawing1.xml": f"{_OFFICE}.drawing+xml",
                "xl/styles.xml": f"{_OFFICE}.spreadsheetml.styles+xml", "xl/workbook.xml": SHEET_MAIN,
                "xl/theme/theme1.xml": f"{_OFFICE}.theme+xml",
            },
        ),
    }  # fmt: skip
    return packed(parts)


def wps():
    """WPS Office: pictures in cells (DISPIMG), parts of its own, hidden columns up to XFD."""
    strings = ["", *sorted({text for row in (HEADERS, *ROWS) for text in row if text}), "Foto"]
    rows = []
    for number, row in enumerate(((*HEADERS, "Foto"), *ROWS), 1):
        cells = []
        for at, text in enumerate(row):
            place = f'r="{letters(at)}{number}"'
            if number > 1 and at == 4:
                cells.append(f'<c {place} s="2"><v>{BORN}</v></c>')
            elif text:
                cells.append(f'<c {place} s="1" t="s"><v>{strings.index(text)}</v></c>')
        if number > 1:
            cells.append(
                f'<c r="I{number}" t="str"><f>_xlfn.DISPIMG("ID_{number}",1)</f><v>=DISPIMG("ID_{number}",1)</v></c>'
            )
        rows.append(f'<row r="{number}" spans="1:9">{"".join(cells)}</row>')
    etc = 'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'
    parts = {
        "_rels/.rels": _rels(
            ("officeDocument", "xl/workbook.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ("extended-properties", "docProps/app.xml"), ("custom-properties", "docProps/custom.xml"),
        ),
        "docProps/app.xml": (
            f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
            "<Application>WPS Office</Application></Properties>"
        ),
        "docProps/core.xml": (
            f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>admin</dc:creator></cp:coreProperties>'
        ),
        "docProps/custom.xml": (
            f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
            'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property '
            'fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer"><vt:lpwstr>1033-12.2.0</vt:lpwstr>'
            "</property></Properties>"
        ),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><fileVersion appName="xl" lastEdited="3" '
            'lowestEdited="5" rupBuild="9302"/><workbookPr/><bookViews><workbookView windowWidth="22188" '
            'windowHeight="9060"/></bookViews><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>'
            '<calcPr calcId="144525"/></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _rels(
            ("worksheet", "worksheets/sheet1.xml"), ("theme", "theme/theme1.xml"), ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("http://www.wps.cn/officeDocument/2020/cellImage", "cellimages.xml"),
            ("http://www.wps.cn/officeDocument/2023/relationships/customStorage", "customStorage/customStorage.xml"),
        ),
        "xl/worksheets/sheet1.xml": (
            f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}" xmlns:xdr="{DRAWING}/spreadsheetDrawing" '
            'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
            f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" {etc}><sheetPr/>'
            '<dimension ref="A1:I4"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
            '<sheetFormatPr defaultColWidth="8.88888888888889" defaultRowHeight="14.4" outlineLevelRow="4"/>'
            '<cols><col min="10" max="16384" width="8.88888888888889" hidden="1"/></cols>'
            f'<sheetData>{"".join(rows)}</sheetData><pageMargins left="0.75" right="0.75" top="1" bottom="1" '
            'header="0.5" footer="0.5"/><headerFooter/></worksheet>'
        ),
        "xl/sharedStrings.xml": (
            f'{HEAD}<sst xmlns="{MAIN}" count="40" uniqueCount="{len(strings)}">'
            + "".join(f"<si><t>{escape(text, quote=False)}</t></si>" for text in strings) + "</sst>"
        ),
        "xl/styles.xml": (
            f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="176" formatCode="dd\\-mm\\-yyyy;@"/>'
            '</numFmts><fonts count="1"><font><sz val="11"/><color theme="1"/><name val="Calibri"/><charset val="134"/>'
            '<scheme val="minor"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
            '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/>'
            '<diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
            '</cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
            '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
            '<xf numFmtId="176" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        ),
        "xl/theme/theme1.xml": _theme(),
        "xl/cellimages.xml": (
            f'{HEAD}<etc:cellImages xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:r="{RELATIONS}" xmlns:a="{DRAWING}/main" '
            f"{etc}/>"
        ),
        "xl/customStorage/customStorage.xml": f'{HEAD}<s:customStorage xmlns:s="https://web.wps.cn/et/2018/main"/>',
        "[Content_Types].xml": _types(
            {"rels": _RELS, "xml": "application/xml"},
            {
                "docProps/app.xml": f"{_OFFICE}.extended-properties+xml",
                "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
                "docProps/custom.xml": f"{_OFFICE}.custom-properties+xml",
                "xl/cellimages.xml": "application/vnd.wps-officedocument.cellimage+xml",
                "xl/customStorage/customStorage.xml": "application/vnd.wps-officedocument.customStorage+xml",
                "xl/sharedStrings.xml": f"{_OFFICE}.spreadsheetml.sharedStrings+xml",
                "xl/styles.xml": f"{_OFFICE}.spreadsheetml.styles+xml", "xl/theme/theme1.xml": f"{_OFFICE}.theme+xml",
                "xl/workbook.xml": SHEET_MAIN, "xl/worksheets/sheet1.xml": _WORKSHEET,
            },
        ),
    }  # fmt: skip
    return packed(parts)


def numbers():
    """Numbers: a sheet that lists what was exported, then a title row above each table."""
    strings = ["This document was exported from Numbers.", "Numbers Sheet Name", "Numbers Table Name",
               "Excel Worksheet Name", "Sheet 1", "Table 1"]  # fmt: skip
    rows = []
    for number, row in enumerate((HEADERS, *ROWS), 2):
        cells = []
        for at, text in enumerate(row):
            place = f'r="{letters(at)}{number}"'
            if number > 2 and at == 4:
                cells.append(f'<c {place} s="2"><v>{BORN}</v></c>')
            elif number > 2 and at == 0:
                cells.append(f'<c {place} s="1"><v>{text}</v></c>')
            elif text:
                strings.append(text)
                cells.append(f'<c {place} t="s" s="1"><v>{len(strings) - 1}</v></c>')
            else:
                cells.append(f'<c {place} s="1"/>')
        rows.append(f'<row r="{number}" ht="20.35" customHeight="1">{"".join(cells)}</row>')
    summary = (
        '<row r="3"><c r="B3" t="s" s="1"><v>0</v></c><c r="C3"/></row>'
        '<row r="7"><c r="B7" t="s"><v>1</v></c><c r="C7" t="s"><v>2</v></c><c r="D7" t="s"><v>3</v></c></row>'
        '<row r="9"><c r="B9" t="s"><v>4</v></c></row><row r="10"><c r="C10" t="s"><v>5</v></c>'
        '<c r="D10" t="s"><v>4</v></c></row>'
    )
    title = '<row r="1" ht="27.65" customHeight="1"><c r="A1" t="s" s="1"><v>5</v></c><c r="B1" s="1"/></row>'

    def sheet(rows):
        return (
            f'{HEAD}<worksheet xmlns:r="{RELATIONS}" xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            '<sheetViews><sheetView workbookViewId="0" showGridLines="0" defaultGridColor="1"/></sheetViews>'
            '<sheetFormatPr defaultColWidth="16.3333" defaultRowHeight="19.9" customHeight="1" outlineLevelRow="0" '
            f'outlineLevelCol="0"/><sheetData>{rows}</sheetData></worksheet>'
        )

    parts = {
        "[Content_Types].xml": _types(
            {"rels": _RELS, "xml": "application/xml"},
            {
                "xl/workbook.xml": SHEET_MAIN, "xl/worksheets/sheet1.xml": _WORKSHEET,
                "xl/worksheets/sheet2.xml": _WORKSHEET, "xl/styles.xml": f"{_OFFICE}.spreadsheetml.styles+xml",
                "xl/sharedStrings.xml": f"{_OFFICE}.spreadsheetml.sharedStrings+xml",
            },
        ),
        "_rels/.rels": _rels(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns:r="{RELATIONS}" xmlns="{MAIN}"><workbookPr date1904="0"/><sheets>'
            '<sheet name="Export Summary" sheetId="1" r:id="rId3"/><sheet name="Sheet 1" sheetId="2" r:id="rId4"/>'
            "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _rels(
            ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml"),
            ("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"),
        ),
        "xl/worksheets/sheet1.xml": sheet(summary),
        "xl/worksheets/sheet2.xml": sheet(title + "".join(rows)),
        "xl/sharedStrings.xml": (
            f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(strings)}">'
            + "".join(f"<si><t>{escape(text, quote=False)}</t></si>" for text in strings) + "</sst>"
        ),
        "xl/styles.xml": (
            f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="0" formatCode="General"/>'
            '<numFmt numFmtId="59" formatCode="dd/mm/yyyy"/></numFmts><fonts count="1"><font><sz val="10"/>'
            '<name val="Helvetica Neue"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0"/></cellStyleXfs><cellXfs count="3">'
            '<xf numFmtId="0" fontId="0"/><xf numFmtId="49" fontId="0"/><xf numFmtId="59" fontId="0"/></cellXfs>'
            "</styleSheet>"
        ),
    }  # fmt: skip
    return packed(parts)


PROGRAMS = {
    "excel": excel,
    "excel-strict": lambda: excel(strict=True),
    "google": google,
    "wps": wps,
    "numbers": numbers,
}
