"""Acceptance C4: files that are made to hurt end in 413 or 422 after so many elements and bytes, and under 256 MB.

Each is read in a process of its own, whose memory is bounded by the system: without the bounds of the reader it dies.
What is read is counted where expat and the unpacking hand it over, and not where the reader counts for itself. Seconds
would be the machine's and not the reader's.
"""

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest

from tests.imports import csv_file, xlsx_file
from tests.waiting import HANGING_SECONDS
from tools.sam_template import ROOT

MEMORY = 256 * 1024 * 1024
#: The most that is unpacked of a file, and the most elements of it that are looked at; a piece of 64 KB is read whole.
BYTES, PIECE = 48 * 1024 * 1024, 64 * 1024
ELEMENTS = 1_200_000
#: The most lines of a CSV: those of its rows, and of one more that is too long.
LINES = 10_002 + 256 * 1024
_READ = """
import io, json, os, resource, sys, zipfile
from collections import Counter
from core.imports import reading, xlsx
from core.imports.rows import rows_of_file
from core.people.kinds import STUDENTS
from core.kernel.errors import CoreError

seen = Counter(elements=0, bytes=0, lines=0)

class Parser:
    def __init__(self, *arguments, **options):
        vars(self)["real"] = create(*arguments, **options)

    def __getattr__(self, name):
        return getattr(self.real, name)

    def __setattr__(self, name, handler):
        def counted(*arguments):
            seen["elements"] += 1
            return handler(*arguments)
        setattr(self.real, name, counted if name == "StartElementHandler" else handler)

create, xlsx.expat.ParserCreate = xlsx.expat.ParserCreate, Parser
unpack = zipfile.ZipExtFile.read

def read(file, *arguments):
    piece = unpack(file, *arguments)
    seen["bytes"] += len(piece)
    return piece

class Text(io.TextIOWrapper):
    def readline(self, *arguments):
        seen["lines"] += 1
        return super().readline(*arguments)

zipfile.ZipExtFile.read, reading.io.TextIOWrapper = read, Text

def outcome(path):
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2])))
    file = open(path, "rb").read()
    try:
        found = [200, len(rows_of_file(STUDENTS, reading.file_rows(file)).rows)]
    except CoreError as error:
        found = [error.status, error.problems[0].code]
    # The greatest size of getrusage counts whoever started this process, too; the peak in /proc does not.
    peak = next((int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")), 0)
    return [*found, seen | {"memory": peak}]

# A process for each file, which begins where all have been imported.
for line in sys.stdin:
    if not (child := os.fork()):
        print(json.dumps(outcome(line.strip())), flush=True)
        os._exit(0)
    if status := os.waitpid(child, 0)[1]:
        print(json.dumps([os.waitstatus_to_exitcode(status), "the reader died", {}]), flush=True)
"""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Status, code, and what reading a file took: elements, bytes unpacked, lines, and bytes of memory."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "layers/core/python")}
    # What the interpreter has mapped before it begins does not count as the file's.
    command = [sys.executable, "-c", _READ, str(2 * MEMORY), str(HANGING_SECONDS)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as process:

        def of(file):
            path = tmp_path_factory.mktemp("bomb") / "file"
            path.write_bytes(file)
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield of
        process.stdin.close()


def row(cells):
    return f"<row>{cells}</row>"


HEAD = row('<c t="inlineStr"><is><t>NISN</t></is></c>')
CELL = '<c t="inlineStr"><is><t>1</t></is></c>'


def zipped(name, head, body, times, tail):
    """A spreadsheet one of whose parts is a body many times over. It is packed once, however often it comes."""
    file = io.BytesIO(xlsx_file(HEAD, shared="", styles=""))
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        packer, info, checksum = zlib.compressobj(wbits=-zlib.MAX_WBITS), zipfile.ZipInfo(name), zlib.crc32(head)
        # After a full flush nothing refers to what came before, so what follows may stand there again and again.
        begin, again, end = (
            packer.compress(each) + packer.flush(how)
            for each, how in ((head, zlib.Z_FULL_FLUSH), (body, zlib.Z_FULL_FLUSH), (tail, zlib.Z_FINISH))
        )
        new.writestr(info, begin + again * times + end, zipfile.ZIP_STORED)
        for _ in range(times):
            checksum = zlib.crc32(body, checksum)
        info.compress_type, info.CRC = zipfile.ZIP_DEFLATED, zlib.crc32(tail, checksum)
        info.file_size = len(head) + len(body) * times + len(tail)
    return packed.getvalue()


SHEET = "xl/worksheets/s.xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OPEN, CLOSE = b"<worksheet %s><sheetData>" % MAIN, b"</sheetData></worksheet>"
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def with_sheet(text):
    return xlsx_file("", **{SHEET: text})


def directory_bomb():
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    entries = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(entries), 4, 0)
    return b"PK\x03\x04" + entries + end


def lzma_packed():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


#: Each bomb with the status and code that it ends in.
BOMBS = {
    "a zip of a gigabyte of blanks": (lambda: zipped(SHEET, OPEN, b" " * 1_000_000, 1000, CLOSE), 413, "too_large"),
    "a sheet of ten million empty cells": (
        lambda: zipped(SHEET, OPEN + b"<row>", b"<c/>" * 100_000, 100, b"</row>" + CLOSE),
        413,
        "too_many_cells",
    ),
    "a hundred million line breaks": (
        lambda: zipped(SHEET, OPEN + b"<row><c><v>", b"\n" * 1_000_000, 100, b"</v></c></row>" + CLOSE),
        413,
        "cell_too_large",
    ),
    "line breaks between elements": (
        lambda: zipped(SHEET, OPEN, b"\n<x/>" * 100_000, 100, CLOSE),
        413,
        "too_many_cells",
    ),
    "a shared text of half a gigabyte": (
        lambda: zipped("xl/sharedStrings.xml", b"<sst %s><si><t>" % MAIN, b"a" * 1_000_000, 500, b"</t></si></sst>"),
        413,
        "cell_too_large",
    ),
    "ten million shared texts": (
        lambda: zipped("xl/sharedStrings.xml", b"<sst %s>" % MAIN, b"<si><t>a</t></si>" * 100_000, 100, b"</sst>"),
        413,
        "too_many_cells",
    ),
    "a million styles": (
        lambda: zipped(
            "xl/styles.xml", b"<s %s><cellXfs>" % MAIN, b'<xf numFmtId="1"/>' * 10_000, 200, b"</cellXfs></s>"
        ),
        413,
        "too_many_cells",
    ),
    "a deep sheet": (lambda: zipped(SHEET, OPEN, b"<x>" * 10_000, 1000, CLOSE), 413, "too_many_cells"),
    "an attribute of forty megabytes": (
        lambda: zipped(SHEET, OPEN + b'<row a="', b"a" * 1_000_000, 40, b'"/>' + CLOSE),
        422,
        "empty_file",
    ),
    "a spreadsheet of 100,000 rows": (lambda: xlsx_file(HEAD + row(CELL) * 100_000), 413, "too_many_rows"),
    "a cell in column ZZZ": (lambda: xlsx_file(HEAD + '<row><c r="ZZZ2"><v>1</v></c></row>'), 413, "too_many_columns"),
    "a billion laughs": (lambda: with_sheet(f"{DOCTYPE}]><worksheet>&i;</worksheet>"), 422, "forbidden_xml"),
    "an external entity": (
        lambda: with_sheet('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'),
        422,
        "forbidden_xml",
    ),
    "an external document type": (
        lambda: with_sheet('<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><worksheet/>'),
        422,
        "forbidden_xml",
    ),
    "200,000 parts": (directory_bomb, 422, "unreadable_file"),
    "parts packed with LZMA": (lzma_packed, 422, "unreadable_file"),
    "a CSV of 100,000 rows": (lambda: csv_file(["NISN"], [["1"]] * 100_000), 413, "too_many_rows"),
    "a CSV cell of a megabyte": (lambda: csv_file(["NISN", "Nama"], [["1", "a" * 1_000_000]]), 413, "cell_too_large"),
    "a CSV cell of a megabyte of lines": (
        lambda: csv_file(["NISN", "Nama"], [["1", "a\n" * 500_000]]),
        413,
        "cell_too_large",
    ),
    "a CSV row of ten million cells": (lambda: b"NISN\n" + b"," * 9_000_000, 413, "cell_too_large"),
    "a CSV row of many lines of cells": (
        lambda: b"NISN\n" + (b'"a\n",' + b"," * 200_000) * 40,
        413,
        "cell_too_large",
    ),
    "a CSV of nothing but delimiters": (lambda: b"NISN,Nama\n" + (b"," * 250_000 + b"\n") * 38, 422, "no_rows"),
    "a CSV of 101,000 cells": (
        lambda: csv_file([f"x{n}" for n in range(100)] + ["NISN"], [["1"] * 101] * 1000),
        413,
        "too_many_cells",
    ),
    "an open quote": (lambda: b'NISN\n"' + b"a,\n" * 3_000_000, 413, "cell_too_large"),
    "eleven megabytes": (lambda: b"NISN\n" + b"1\n" * 5_600_000, 413, "too_large"),
}


def require_little(took):
    assert took["elements"] <= ELEMENTS + 1
    assert took["bytes"] <= BYTES + PIECE
    assert took["lines"] <= LINES
    assert took["memory"] < MEMORY


@pytest.mark.parametrize("name", BOMBS)
def test_c4_a_bomb_is_refused_after_so_many_elements_and_bytes(outcome, name):
    make, status, code = BOMBS[name]
    answered, reason, took = outcome(make())
    assert (answered, reason) == (status, code)
    require_little(took)


def test_the_largest_file_that_is_taken_stays_below_the_same_bounds(outcome):
    rows = [[f"{n:010d}", f"Murid Nomor {n}", *(["isi sel"] * 8)] for n in range(10_000 - 1)]
    headers = ["NISN", "Nama", "Alamat", "Hobi", "Kelurahan", "Kecamatan", "Provinsi", "Negara", "Kota", "Cita-cita"]
    answered, count, took = outcome(csv_file(headers, rows))
    assert (answered, count) == (200, 9_999)
    assert took["lines"] == 10_001
    require_little(took)
