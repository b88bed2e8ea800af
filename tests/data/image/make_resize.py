# Makes resize.json: hashes of what Pillow makes of pictures that the test can draw itself.
#   python tests/data/image/make_resize.py    (Pillow 13, numpy)
import json
import pathlib

import numpy
import PIL
from PIL import Image

SIZES = [  # from width, height to width, height
    (1, 1, 7, 5), (1, 1, 1, 1), (2, 3, 1, 1), (3, 1000, 384, 384), (1000, 3, 384, 384), (255, 257, 60, 60),
    (16, 16, 17, 15), (15, 17, 384, 384), (97, 150, 60, 60), (97, 150, 384, 384), (256, 256, 384, 384),
    (1024, 1024, 384, 384), (640, 480, 384, 384), (480, 640, 384, 384), (383, 385, 384, 384), (500, 600, 384, 384),
    (500, 616, 384, 384), (500, 617, 384, 384), (384, 200, 384, 384), (200, 384, 384, 384), (1300, 900, 64, 37),
    (37, 64, 900, 700), (2000, 5, 3, 50), (7, 4001, 5, 11),
]


def drawn(width, height):
    """Noise, hard edges and flat areas by integer arithmetic that is easy to repeat in any language."""
    y, x, c = numpy.meshgrid(numpy.arange(height), numpy.arange(width), numpy.arange(3), indexing="ij")
    i = ((y * width + x) * 3 + c).astype(numpy.uint32)
    noise = ((i * numpy.uint32(2654435761)) >> numpy.uint32(24)).astype(numpy.uint8)
    edges = (((x // 5 + y // 3 + c) % 2) * 255).astype(numpy.uint8)
    flat = ((x // 16) * 40 + c * 90).astype(numpy.uint8)
    return numpy.ascontiguousarray(numpy.choose((y // 8) % 3, [noise, edges, flat]).astype(numpy.uint8))


cases = []
for w, h, to_w, to_h in SIZES:
    out = numpy.asarray(Image.fromarray(drawn(w, h)).resize((to_w, to_h), Image.BICUBIC))
    cases.append({"from": [w, h], "to": [to_w, to_h], "fnv1a": None, "first": out.reshape(-1)[:6].tolist()})
    value = 14695981039346656037
    for byte in out.tobytes():
        value = ((value ^ byte) * 1099511628211) & (2**64 - 1)
    cases[-1]["fnv1a"] = f"{value:016x}"
lines = ",\n".join("  " + json.dumps(case) for case in cases)
target = pathlib.Path(__file__).parent / "resize.json"
target.write_text('{"pillow": "%s", "cases": [\n%s\n]}\n' % (PIL.__version__, lines))
