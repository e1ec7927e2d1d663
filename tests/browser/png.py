"""Makes the PNG files of a browser smaller: one byte per pixel, and the best compression."""

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}  # color types: RGB, RGBA
_BITS = range(8, 3, -1)  # for each part of a color, the best first


def shrink(png: bytes, largest: int) -> bytes:
    """Return the picture with a palette, in at most `largest` bytes. Raise `ValueError` if that is impossible.

    Colors are rounded only as far as needed. Text on a plain page needs few.
    """
    width, height, pixels = _read(png)
    for bits in _BITS:
        small = _with_palette(width, height, list(_rounded(pixels, bits)))
        if small and len(small) <= largest:
            return small
    raise ValueError(f"not in {largest} bytes")


def _with_palette(width: int, height: int, pixels: list[tuple[int, int, int]]) -> bytes:
    """Return the file, or nothing if it has more colors than one byte can number."""
    colors = sorted(set(pixels))
    if len(colors) > 256:
        return b""
    depth = 4 if len(colors) <= 16 else 8
    number = {color: index for index, color in enumerate(colors)}
    indexed = bytes(number[color] for color in pixels)
    rows = b"".join(b"\0" + _packed(indexed[start : start + width], depth) for start in range(0, len(indexed), width))
    header = struct.pack(">IIBBBBB", width, height, depth, 3, 0, 0, 0)
    palette = bytes(value for color in colors for value in color)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def _packed(row: bytes, depth: int) -> bytes:
    """Return a row of indexes with two of them in each byte, if the depth is 4."""
    if depth == 8:
        return row
    row += b"\0" * (len(row) % 2)
    return bytes(first << 4 | second for first, second in zip(row[::2], row[1::2], strict=True))


def size_of(png: bytes) -> tuple[int, int]:
    """Return width and height in pixels."""
    width, height = struct.unpack(">II", png[16:24])
    return int(width), int(height)


def _rounded(pixels: list[tuple[int, int, int]], bits: int) -> Iterator[tuple[int, int, int]]:
    """Yield the colors with fewer bits for each part."""
    if bits == 8:
        yield from pixels
        return
    steps = 2**bits - 1
    part = [round(round(value * steps / 255) * 255 / steps) for value in range(256)]
    for red, green, blue in pixels:
        yield part[red], part[green], part[blue]


def _read(png: bytes) -> tuple[int, int, list[tuple[int, int, int]]]:
    """Return the width, the height and the pixels of a PNG with 8 bits for each part of a color."""
    width, height = size_of(png)
    depth, color_type, interlaced = png[24], png[25], png[28]
    if depth != 8 or color_type not in _CHANNELS or interlaced:
        raise ValueError("not a picture of a browser")
    channels = _CHANNELS[color_type]
    data = zlib.decompress(b"".join(data for name, data in _chunks(png) if name == b"IDAT"))
    stride = width * channels
    before = bytearray(stride)
    pixels: list[tuple[int, int, int]] = []
    for row in range(height):
        start = row * (stride + 1)
        line = bytearray(data[start + 1 : start + 1 + stride])
        _unfilter(data[start], line, before, channels)
        pixels += [(line[at], line[at + 1], line[at + 2]) for at in range(0, stride, channels)]
        before = line
    return width, height, pixels


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _unfilter(kind: int, line: bytearray, before: bytearray, channels: int) -> None:
    """Undo the filter of a row in place (PNG, 9.2)."""
    for at in range(len(line)):
        left = line[at - channels] if at >= channels else 0
        up = before[at]
        corner = before[at - channels] if at >= channels else 0
        match kind:
            case 0:
                return
            case 1:
                guess = left
            case 2:
                guess = up
            case 3:
                guess = (left + up) // 2
            case _:
                guess = _paeth(left, up, corner)
        line[at] = (line[at] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    estimate = left + up - corner
    return min((left, up, corner), key=lambda value: abs(estimate - value))
