# Makes tests/data/image/formats/: tiny pictures in every variant that ccx reads, and formats.json with what PIL makes of
# them: size and FNV-1a hash of `Image.open(f).convert("RGB")`, or its raw bytes where a codec may differ in the last bit.
#   python tests/data/image/make_formats.py    (Pillow 13, numpy, tifffile)
import io
import json
import pathlib
import struct
import zlib

import numpy
import PIL
import tifffile
from PIL import Image

random = numpy.random.RandomState(7)
W, H = 21, 13
folder = pathlib.Path(__file__).parent / "formats"
folder.mkdir(exist_ok=True)
entries = []


def fnv1a(data):
    value = 14695981039346656037
    for byte in data:
        value = ((value ^ byte) * 1099511628211) & (2**64 - 1)
    return f"{value:016x}"


def add(name, data, tolerance=0):
    (folder / name).write_bytes(data)
    rgb = Image.open(io.BytesIO(data)).convert("RGB")
    entry = {"file": name, "size": list(rgb.size), "fnv1a": fnv1a(rgb.tobytes())}
    if tolerance:
        (folder / (name + ".rgb")).write_bytes(rgb.tobytes())
        entry["tolerance"] = tolerance
    entries.append(entry)


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def noise(*shape, top=256, dtype=numpy.uint8):
    return random.randint(0, top, shape).astype(dtype)


# A smooth picture with some noise, so that the lossy codecs have something to do.
y, x = numpy.mgrid[0:H, 0:W]
smooth = numpy.stack([x * 12, y * 19, (x + y) * 7], -1) + noise(H, W, 3, top=20)
rgb = Image.fromarray(numpy.clip(smooth, 0, 255).astype(numpy.uint8))
grey = rgb.convert("L")
alpha = Image.fromarray(noise(H, W))
rgba, grey_alpha = rgb.copy(), grey.copy()
rgba.putalpha(alpha)
grey_alpha.putalpha(alpha)
grey16 = Image.fromarray(noise(H, W, top=700, dtype=numpy.uint16))
turned = Image.Exif()
turned[0x0112] = 6

# PNG
for name, picture in {"rgb": rgb, "grey": grey, "rgba": rgba, "grey_alpha": grey_alpha, "palette": rgb.quantize(60),
                      "palette4": rgb.quantize(11), "one_bit": grey.convert("1"), "grey16": grey16}.items():
    add(f"{name}.png", saved(picture, "PNG"))
add("palette_transparent.png", saved(rgb.quantize(60), "PNG", transparency=bytes(noise(60))))
add("grey_transparent.png", saved(grey, "PNG", transparency=90))
add("rgb_transparent.png", saved(rgb, "PNG", transparency=rgb.getpixel((3, 3))))
add("exif_turned.png", saved(rgb, "PNG", exif=turned))
add("one_pixel.png", saved(rgb.crop((4, 4, 5, 5)), "PNG"))


def png(depth, colour, channels, before=b"", interlace=0):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    def rows(width, height):
        row = (width * depth * channels + 7) // 8
        return b"".join(bytes([i % 5]) + noise(row).tobytes() for i in range(height)) if width and height else b""

    raw = rows(W, H)
    if interlace:
        passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
        raw = b"".join(rows((W - x0 + dx - 1) // dx, (H - y0 + dy - 1) // dy) for x0, y0, dx, dy in passes)
    head = struct.pack(">IIBBBBB", W, H, depth, colour, 0, 0, interlace)
    palette = chunk(b"PLTE", before) if before else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + palette + chunk(b"IDAT", zlib.compress(raw))
            + chunk(b"IEND", b""))


add("rgb16.png", png(16, 2, 3))
add("rgba16.png", png(16, 6, 4))
add("grey_alpha16.png", png(16, 4, 2))
add("grey2.png", png(2, 0, 1))
add("grey4.png", png(4, 0, 1))
add("palette2.png", png(2, 3, 1, noise(12).tobytes()))
add("palette8_short.png", png(8, 3, 1, noise(3 * 200).tobytes()))
add("interlaced.png", png(8, 2, 3, interlace=1))
add("interlaced_grey1.png", png(1, 0, 1, interlace=1))

# JPEG. libjpeg-turbo is exact; another libjpeg may round the inverse transform otherwise.
add("rgb_444.jpg", saved(rgb, "JPEG", quality=95, subsampling=0), 2)
add("rgb_422.jpg", saved(rgb, "JPEG", subsampling=1), 2)
add("rgb_420.jpg", saved(rgb, "JPEG", subsampling=2), 2)
add("progressive.jpg", saved(rgb, "JPEG", progressive=True), 2)
add("grey.jpg", saved(grey, "JPEG"), 2)
add("restarts.jpg", saved(rgb, "JPEG", restart_marker_blocks=1), 2)
add("not_ycbcr.jpg", saved(rgb, "JPEG", keep_rgb=True), 2)
add("cmyk.jpg", saved(rgb.convert("CMYK"), "JPEG"), 2)
add("exif_turned.jpg", saved(rgb, "JPEG", exif=turned), 2)
add("one_pixel.jpg", saved(rgb.crop((4, 4, 5, 5)), "JPEG"), 2)

# WebP
add("lossy.webp", saved(rgb, "WEBP"))
add("lossless.webp", saved(rgb, "WEBP", lossless=True))
add("lossless_alpha.webp", saved(rgba, "WEBP", lossless=True, exact=True))
add("lossy_alpha.webp", saved(rgba, "WEBP", quality=70))
add("animated.webp", saved(rgb, "WEBP", save_all=True, append_images=[rgb.rotate(180)]))
add("exif_turned.webp", saved(rgb, "WEBP", exif=turned))

# TIFF
for name, picture in {"rgb": rgb, "grey": grey, "palette": rgb.quantize(60), "one_bit": grey.convert("1"),
                      "grey16": grey16, "rgba": rgba, "grey_alpha": grey_alpha, "cmyk": rgb.convert("CMYK")}.items():
    for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        add(f"{name}_{compression or 'none'}.tif", saved(picture, "TIFF", compression=compression))
add("group4.tif", saved(grey.convert("1"), "TIFF", compression="group4"))
add("jpeg.tif", saved(rgb, "TIFF", compression="jpeg"), 2)
add("float.tif", saved(Image.fromarray((noise(H, W) * 1.7 - 90).astype(numpy.float32)), "TIFF"))
add("int32.tif", saved(Image.fromarray(noise(H, W, top=700, dtype=numpy.int32) - 200), "TIFF"))
for orientation in range(2, 9):
    add(f"orientation{orientation}.tif", saved(rgb, "TIFF", tiffinfo={274: orientation}))


def tiff(array, **options):
    out = io.BytesIO()
    tifffile.imwrite(out, array, metadata=None, software=False, **options)
    return out.getvalue()


colour = numpy.asarray(rgb)
with_alpha = noise(H, W, 4)
deep = noise(H, W, 3, top=65536, dtype=numpy.uint16)
add("tiled.tif", tiff(colour, photometric="rgb", tile=(16, 16)))
add("tiled_deflate.tif", tiff(colour, photometric="rgb", tile=(16, 16), compression="zlib"))
add("predictor.tif", tiff(colour, photometric="rgb", compression="zlib", predictor=True))
add("strips.tif", tiff(colour, photometric="rgb", rowsperstrip=5))
add("big_endian.tif", tiff(colour, photometric="rgb", byteorder=">"))
add("bigtiff.tif", tiff(colour, photometric="rgb", bigtiff=True))
add("white_is_zero.tif", tiff(colour[..., 0].copy(), photometric="miniswhite"))
add("planes.tif", tiff(colour.transpose(2, 0, 1).copy(), photometric="rgb", planarconfig="separate"))
add("planes_deflate.tif", tiff(colour.transpose(2, 0, 1).copy(), photometric="rgb", planarconfig="separate",
                               tile=(16, 16), compression="zlib"))
add("rgb16.tif", tiff(deep, photometric="rgb"))
add("rgb16_big_endian.tif", tiff(deep.astype(">u2"), photometric="rgb", byteorder=">"))
add("rgb16_predictor.tif", tiff(deep, photometric="rgb", compression="zlib", predictor=True))
add("associated.tif", tiff(with_alpha, photometric="rgb", extrasamples=["assocalpha"]))
add("associated_lzw.tif", tiff(with_alpha, photometric="rgb", extrasamples=["assocalpha"], compression="lzw"))
add("unassociated_lzw.tif", tiff(with_alpha, photometric="rgb", extrasamples=["unassalpha"], compression="lzw"))

# BMP
for name, picture in {"rgb": rgb, "grey": grey, "palette": rgb.quantize(60), "one_bit": grey.convert("1"),
                      "rgba": rgba}.items():
    add(f"{name}.bmp", saved(picture, "BMP"))


def bmp(bits, data, compression=0, masks=(), colours=b"", upright=False):
    head = struct.pack("<IiiHHIIiiII", 40, W, -H if upright else H, 1, bits, compression, len(data), 0, 0, 0, 0)
    head += struct.pack(f"<{len(masks)}I", *masks)
    start = 14 + len(head) + len(colours)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + head + colours + data


def bmp_rows(bits):
    return noise((W * bits + 31) // 32 * 4 * H).tobytes()


add("bits16.bmp", bmp(16, bmp_rows(16)), tolerance=1)
add("bits565.bmp", bmp(16, bmp_rows(16), 3, (0xF800, 0x7E0, 0x1F)), tolerance=1)
add("bits32.bmp", bmp(32, bmp_rows(32)))
add("upright.bmp", bmp(24, bmp_rows(24), upright=True))
add("palette4.bmp", bmp(4, bmp_rows(4), colours=noise(64).tobytes()))
runs = b"".join(bytes([9, i, 0, 7]) + noise(7).tobytes() + b"\0" + bytes([5, 200 + i, 0, 0]) for i in range(H)) + b"\0\1"
add("runs8.bmp", bmp(8, runs, 1, colours=noise(1024).tobytes()))
runs = b"".join(bytes([11, 0x1A + i, 0, 7, 0x12, 0x34, 0x56, 0x70, 3, 0x9F, 0, 0]) for i in range(H)) + b"\0\1"
add("runs4.bmp", bmp(4, runs, 2, colours=noise(64).tobytes()))

lines = ",\n".join("  " + json.dumps(entry) for entry in entries)
(folder / "formats.json").write_text('{"pillow": "%s", "files": [\n%s\n]}\n' % (PIL.__version__, lines))
