"""H.264 as bytes: splitting start-code streams into units, and the parameter sets of an MP4 (`avcC`).

ISO/IEC 14496-10 Annex B and 14496-15 §5.3.3.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SLICE, IDR, SEI, SPS, PPS = 1, 5, 6, 7, 8


@dataclass(frozen=True)
class ParameterSets:
    """The sequence and picture parameter sets a decoder is given before the first picture."""

    sps: tuple[bytes, ...]
    pps: tuple[bytes, ...]

    @property
    def level(self) -> str:
        """The level of the first sequence set as x264 spells it: "3.1", "4.0"."""
        return f"{self.sps[0][3] // 10}.{self.sps[0][3] % 10}"


def kind(unit: bytes) -> int:
    """Return the type of a unit."""
    return unit[0] & 31


def units(stream: bytes) -> list[bytes]:
    """Split a start-code (Annex B) stream into its units, without start codes and trailing zeros."""
    found = []
    begin = stream.find(b"\0\0\1")
    while begin >= 0:
        after = stream.find(b"\0\0\1", begin + 3)
        unit = stream[begin + 3 : after if after >= 0 else len(stream)].rstrip(b"\0")
        if unit:
            found.append(unit)
        begin = after
    return found


def prefixed(stream: bytes, *kinds: int) -> bytes:
    """Return the units of `kinds` of a start-code stream, each with its length in front, as MP4 wants them."""
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units(stream) if kind(unit) in kinds)


def kinds_in(sample: bytes) -> list[int]:
    """Return the types of the units in an MP4 sample (four-byte lengths). Raises ValueError when it is torn."""
    found, at = [], 0
    while at < len(sample):
        size = int.from_bytes(sample[at : at + 4], "big")
        if size < 1 or at + 4 + size > len(sample):
            raise ValueError("the sample's units do not fill it")
        found.append(sample[at + 4] & 31)
        at += 4 + size
    return found


def from_stream(stream: bytes) -> ParameterSets:
    """Return the parameter sets of a start-code stream (an encoder's extradata)."""
    found = units(stream)
    return ParameterSets(
        tuple(unit for unit in found if kind(unit) == SPS), tuple(unit for unit in found if kind(unit) == PPS)
    )


def from_avcc(record: bytes) -> ParameterSets:
    """Return the parameter sets of an `avcC` record. Raises ValueError when it is not one."""
    try:
        sps, at = _sets(record, 5, 31)
        pps, _ = _sets(record, at, 255)
    except (IndexError, struct.error) as error:
        raise ValueError("not an avcC record") from error
    if record[0] != 1 or not sps or not pps:
        raise ValueError("not an avcC record")
    return ParameterSets(tuple(sps), tuple(pps))


def _sets(record: bytes, at: int, mask: int) -> tuple[list[bytes], int]:
    count, at, found = record[at] & mask, at + 1, []
    for _ in range(count):
        (size,) = struct.unpack_from(">H", record, at)
        found.append(record[at + 2 : at + 2 + size])
        at += 2 + size
    return found, at


def to_avcc(sets: ParameterSets) -> bytes:
    """Return the `avcC` record for these parameter sets (8-bit 4:2:0, four-byte lengths)."""
    profile = sets.sps[0][1]
    record = bytes([1]) + sets.sps[0][1:4] + bytes([0xFF, 0xE0 | len(sets.sps)])
    record += b"".join(struct.pack(">H", len(unit)) + unit for unit in sets.sps)
    record += bytes([len(sets.pps)]) + b"".join(struct.pack(">H", len(unit)) + unit for unit in sets.pps)
    return record + (bytes([0xFD, 0xF8, 0xF8, 0]) if profile >= 100 else b"")


class _Bits:
    """Reads a unit bit by bit (§9.1: Exp-Golomb codes), without its emulation prevention bytes."""

    def __init__(self, unit: bytes) -> None:
        raw = unit[1:65].replace(b"\0\0\3", b"\0\0")
        self._value, self._left = int.from_bytes(raw, "big"), len(raw) * 8

    def take(self, count: int) -> int:
        if count > self._left:
            raise ValueError("the unit is too short")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1

    def golomb(self) -> int:
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)


def picture_number(sample: bytes, sps: bytes) -> int:
    """Return the `idr_pic_id` of a key frame's MP4 sample, as our encoder writes it (progressive, 4:2:0).

    §7.3.2.1.1 and §7.3.3. Raises ValueError when the sample does not begin with a key frame's slice.
    """
    if kinds_in(sample)[0] != IDR:
        raise ValueError("not a key frame")
    head = _Bits(sps)
    profile = head.take(8)
    head.take(16)
    head.golomb()
    if profile >= 100:
        for _ in range(3):
            head.golomb()
        if head.take(2):
            raise ValueError("a parameter set that is not our encoder's")
    frame_number_bits = head.golomb() + 4
    size = int.from_bytes(sample[:4], "big")
    piece = _Bits(sample[4 : 4 + size])
    for _ in range(3):
        piece.golomb()
    piece.take(frame_number_bits)
    return piece.golomb()
