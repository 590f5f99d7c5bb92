"""Drawn papers of invented people, as scanners and phones take them, and what goes wrong."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from hr_portal.adapters.documents import specimen

WORDS = (  # noqa: SIM905 - a sentence is read more easily
    "Yang bertanda tangan di bawah ini menerangkan bahwa nama tersebut adalah benar karyawan "
    "perusahaan kami dan bekerja sejak tanggal yang tercantum sampai dengan surat ini dibuat "
    "untuk dipergunakan sebagaimana mestinya dalam pengurusan data peserta jaminan sosial"
).split()


def card(kind="ktp", lines=8):
    """A card as a scanner takes it, 1012 x 638."""
    told = [f"Baris {n}: {' '.join(WORDS[n * 2 : n * 2 + 2 + n % 3])}" for n in range(lines)]
    return Image.open(io.BytesIO(specimen.specimen(kind, "BUDI REKAAN", told))).convert("RGB")


def letter(seed=1, width=1240, tint="white"):
    """A letter on A4 at 150 dpi: a heading, paragraphs, labelled lines, a signature."""
    height = width * 297 // 210
    page = Image.new("RGB", (width, height), tint)
    pen = ImageDraw.Draw(page)
    size = width // 52
    font, bold = specimen._font(size), specimen._font(size * 5 // 4, bold=True)
    pen.text(
        (width // 2, height // 14), "SURAT KETERANGAN KERJA", fill="#111", font=bold, anchor="mm"
    )
    luck = np.random.default_rng(seed)
    left, at = width // 9, height // 8
    for part in range(4):
        for _ in range(6):
            line = ""
            while pen.textlength(line, font=font) < width * (0.5 + 0.25 * luck.random()):
                line += str(luck.choice(WORDS)) + " "
            pen.text((left, at), line, fill="#222", font=font)
            at += size * 8 // 5
        pen.text((left, at), f"Nomor {part} : {luck.integers(1000, 9999)}", fill="#222", font=font)
        at += size * 3
    pen.line([(width * 2 // 3, at + 40), (width * 2 // 3 + 90, at), (width * 3 // 4 + 60, at + 50)],
             fill="#1d2f77", width=3)  # fmt: skip
    return page


def table(width=1754, tint="#f3f6ee"):
    """A family card on A4 across: ruled, in capitals."""
    height = width * 210 // 297
    page = Image.new("RGB", (width, height), tint)
    pen = ImageDraw.Draw(page)
    font = specimen._font(width // 75)
    pen.text(
        (width // 2, height // 12),
        "KARTU KELUARGA",
        fill="#123",
        font=specimen._font(width // 40),
        anchor="mm",
    )
    left, right, top, step = width // 20, width - width // 20, height // 6, height // 18
    for row in range(12):
        pen.line([(left, top + row * step), (right, top + row * step)], fill="#445", width=2)
        if row < 11:
            for column in range(6):
                text = WORDS[(row * 5 + column * 3) % len(WORDS)].upper()[:9]
                pen.text(
                    (left + 12 + column * (right - left) // 6, top + row * step + 12),
                    text,
                    fill="#123",
                    font=font,
                )
    for column in range(7):
        at = left + column * (right - left) // 6
        pen.line([(at, top), (at, top + 11 * step)], fill="#445", width=2)
    return page


def on_table(paper, size=(1600, 1200), colour="#5a4632", tilt=1.0):
    """A paper photographed on a table, lit a little unevenly, with the noise of a phone."""
    scene = Image.new("RGB", size, colour)
    shrunk = paper.copy()
    shrunk.thumbnail((size[0] * 85 // 100, size[1] * 85 // 100), Image.Resampling.LANCZOS)
    mask = Image.new("L", shrunk.size, 255)
    turned = shrunk.rotate(tilt, expand=True, resample=Image.Resampling.BICUBIC)
    mask = mask.rotate(tilt, expand=True, resample=Image.Resampling.BICUBIC)
    scene.paste(turned, ((size[0] - turned.width) // 2, (size[1] - turned.height) // 2), mask)
    levels = np.asarray(scene, dtype=np.float32)
    fall = np.linspace(0.95, 0.8, size[0], dtype=np.float32)[None, :, None]
    noise = np.random.default_rng(3).normal(0, 3, levels.shape)
    return Image.fromarray(np.clip(levels * fall + noise, 0, 255).astype(np.uint8))


def lit(picture, least=0.82, most=1.12):
    """A paper in more light in its middle than it can bear, and less at its corners."""
    levels = np.asarray(picture, dtype=np.float32)
    height, width = levels.shape[:2]
    y, x = np.mgrid[:height, :width]
    far = np.hypot(x / width - 0.5, y / height - 0.5)[:, :, None] / 0.7
    return Image.fromarray(np.clip(levels * (most - (most - least) * far), 0, 255).astype(np.uint8))


def shaded(picture):
    """The shadow of a hand over a third of it."""
    levels = np.asarray(picture, dtype=np.float32)
    dim = np.clip((np.linspace(0, 1, levels.shape[1]) - 0.3) * 12, 0, 1) * 0.4 + 0.6
    return Image.fromarray((levels * dim[None, :, None]).astype(np.uint8))


def jpeg(picture, quality=80):
    """The picture after a JPEG of that quality."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def blurred(picture, share=0.003):
    """Out of focus, by a share of the longer side."""
    return picture.filter(ImageFilter.GaussianBlur(share * max(picture.size)))


def shaken(picture, share=0.012):
    """Moved sideways while it was taken."""
    steps = max(3, int(share * max(picture.size)))
    levels = np.asarray(picture, dtype=np.float32)
    mean = sum(np.roll(levels, n, axis=1) for n in range(steps)) / steps
    return Image.fromarray(mean.astype(np.uint8))


def dark(picture, share=0.3):
    """Taken with too little light."""
    return ImageEnhance.Brightness(picture).enhance(share)


def glaring(picture, radius=0.16):
    """A lamp reflected on it."""
    levels = np.asarray(picture, dtype=np.float32)
    height, width = levels.shape[:2]
    y, x = np.mgrid[:height, :width]
    far = np.hypot(x - width * 0.45, y - height * 0.5) / (radius * max(width, height))
    light = np.clip(2.2 - 1.2 * far, 0, 1)[:, :, None] * 400
    return Image.fromarray(np.clip(levels + light, 0, 255).astype(np.uint8))


def tilted(picture, degrees=8):
    """Laid askew on the glass."""
    return picture.rotate(
        degrees, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC
    )


def cropped(picture, share=0.25):
    """The right part is missing."""
    return picture.crop((0, 0, int(picture.width * (1 - share)), picture.height))
