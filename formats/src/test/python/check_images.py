#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks images of ours with Pillow, and writes some of Pillow's own.

check_images.py check LIST    each line of LIST, separated by tabs: path of an image, path of the raw
                              grey pixels it was made of, path of the pixels we decode of it, rows,
                              columns
check_images.py write FOLDER  writes images of many kinds, and beside each, as .raw, the pixels it
                              decodes to; the lines printed are path, tolerance of a pixel, and the
                              share of pixels in percent that may differ more
"""

import io
import os
import sys
import zlib

import numpy as np
import PIL
from PIL import Image

SHAPES = [(1, 1), (1, 9), (9, 1), (8, 8), (17, 33), (224, 224), (751, 1003)]


def check(path, raw, decoded, rows, columns):
    problems = []
    pixels = np.fromfile(raw, dtype=np.uint8).reshape(rows, columns)
    ours = np.fromfile(decoded, dtype=np.uint8).reshape(rows, columns)
    with Image.open(path) as image:
        image.load()
        if image.mode != "L" or image.size != (columns, rows):
            problems.append(f"mode {image.mode}, size {image.size}")
        theirs = np.asarray(image)
    if not np.array_equal(theirs, ours):
        problems.append(f"{(theirs != ours).sum()} pixels are decoded differently")
    with open(path, "rb") as file:
        written = file.read()
    own = io.BytesIO()
    if path.endswith(".jpeg"):
        Image.fromarray(pixels).save(own, format="JPEG", bits=8)
        if own.getvalue() != written:
            problems.append("Pillow writes other bytes")
    else:
        if not np.array_equal(theirs, pixels):
            problems.append("pixels differ")
        Image.fromarray(pixels).save(own, format="PNG", bits=8)
        if abs(len(own.getvalue()) - len(written)) > 64 + len(written) // 200:
            problems.append(f"{len(written)} bytes, Pillow's file has {len(own.getvalue())}")
    return problems


def check_all(listing):
    failed = checked = 0
    with open(listing, encoding="utf-8") as lines:
        for line in lines:
            path, raw, decoded, rows, columns = line.rstrip("\n").split("\t")
            problems = check(path, raw, decoded, int(rows), int(columns))
            checked += 1
            failed += bool(problems)
            for problem in problems:
                print(f"{path}: {problem}")
    print(f"{checked} files checked, {failed} failed, Pillow {PIL.__version__}")
    return 1 if failed or not checked else 0


def smooth(rows, columns, channels):
    y, x, c = np.mgrid[0:rows, 0:columns, 0:channels]
    waves = 128 + 70 * np.sin(x / (17 + 9 * c) + c) + 50 * np.cos(y / 23 + x / 51 + 2 * c)
    return np.clip(waves, 0, 255).astype(np.uint8)


def write_all(folder):
    generator = np.random.default_rng(10)

    def keep(name, image, pixels=None, tolerance=0, percent=0, **options):
        path = os.path.join(folder, name)
        if image is not None:
            image.save(path, **options)
        if pixels is None:
            with Image.open(path) as written:
                pixels = np.asarray(written)
        with open(path + ".raw", "wb") as raw:
            raw.write(pixels.tobytes())
        print(f"{path}\t{tolerance}\t{percent}")

    for rows, columns in SHAPES:
        size = f"{rows}x{columns}"
        noise = generator.integers(0, 255, (rows, columns), dtype=np.uint8)
        keep(f"noise-{size}.jpeg", Image.fromarray(noise), format="JPEG", bits=8)
        keep(f"noise-{size}.png", Image.fromarray(noise), format="PNG", bits=8)
        grey = Image.fromarray(smooth(rows, columns, 1)[..., 0])
        colour = Image.fromarray(smooth(rows, columns, 3))
        alpha = Image.fromarray(smooth(rows, columns, 4))
        keep(f"grey-{size}.jpeg", grey)
        keep(f"fine-{size}.jpeg", Image.fromarray(noise), quality=98)
        keep(f"optimized-{size}.jpeg", grey, optimize=True)
        keep(f"progressive-{size}.jpeg", Image.fromarray(noise), progressive=True)
        keep(f"restarts-{size}.jpeg", grey, restart_marker_blocks=3)
        keep(f"colour444-{size}.jpeg", colour, subsampling=0)
        # libjpeg smooths halved colours, which is left to the decoder by the standard.
        for subsampling, name in ((1, "422"), (2, "420")):
            keep(f"colour{name}-{size}.jpeg", colour, None, 12, 2, subsampling=subsampling)
        exif = Image.Exif()
        exif[0x010E] = "a picture"
        keep(f"exif-{size}.jpeg", colour, None, 0, 0, subsampling=0, exif=exif, comment=b"no comment")
        keep(f"progressive444-{size}.jpeg", colour, None, 0, 0, progressive=True, subsampling=0)
        keep(f"progressive420-{size}.jpeg", colour, None, 12, 2, progressive=True)
        keep(f"rgb-{size}.jpeg", colour, keep_rgb=True)
        cmyk = f"cmyk-{size}.jpeg"
        Image.frombytes("CMYK", (columns, rows), alpha.tobytes()).save(os.path.join(folder, cmyk))
        with Image.open(os.path.join(folder, cmyk)) as written:
            # The file holds them inverted.
            keep(cmyk, None, 255 - np.asarray(written))
        keep(f"grey-{size}.png", grey)
        keep(f"colour-{size}.png", colour)
        keep(f"alpha-{size}.png", alpha)
        keep(f"grey+alpha-{size}.png", alpha.convert("LA"))
        keep(f"palette-{size}.png", colour.quantize(200))
        keep(f"palette16-{size}.png", colour.quantize(16))
        keep(f"bits-{size}.png", grey.convert("1"), np.asarray(grey.convert("1")).astype(np.uint8))
        deep = (np.asarray(grey).astype(np.uint16) << 8) | noise
        keep(f"deep-{size}.png", Image.fromarray(deep), deep.astype(">u2"))
        keep(f"stored-{size}.png", grey, compress_level=0)
        colours = np.asarray(colour)
        write_interlaced(os.path.join(folder, f"interlaced-{size}.png"), colours)
        keep(f"interlaced-{size}.png", None, colours)


def chunk(kind, data):
    crc = zlib.crc32(kind + data)
    return len(data).to_bytes(4, "big") + kind + data + crc.to_bytes(4, "big")


def write_interlaced(path, pixels):
    """Pillow reads interlaced images, but does not write them."""
    rows, columns, _ = pixels.shape
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4)]
    passes += [(2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    data = b""
    for row, column, row_step, column_step in passes:
        part = pixels[row::row_step, column::column_step]
        if part.size:
            data += b"".join(b"\0" + line.tobytes() for line in part)
    header = columns.to_bytes(4, "big") + rows.to_bytes(4, "big") + bytes([8, 2, 0, 0, 1])
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        file.write(chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image), pixels)


if __name__ == "__main__":
    if sys.argv[1] == "check":
        sys.exit(check_all(sys.argv[2]))
    else:
        write_all(sys.argv[2])
