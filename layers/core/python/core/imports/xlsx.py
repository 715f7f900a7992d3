"""Reading the first sheet of an XLSX file (ECMA-376, part 1) as a stream, by what may be in it and how much.

The libraries that read such files unpack them whole, or the whole table of texts, before they can be stopped; a zip
bomb of 50 KB then takes gigabytes. Here every part is unpacked 64 KB at a time into expat, and the first limit that is
passed ends it. A document type is refused, so that there are no entities to expand nor files to include.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from core.imports import limits
from core.imports.dates import date_styles, from_serial

MAGIC = b"PK\x03\x04"
_PIECE = 64 * 1024
_MOST_UNPACKED = 48 * 1024 * 1024
_MOST_ELEMENTS = 1_200_000
_LARGEST_DIRECTORY = 256 * 1024
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _Part:
    """The parser of one part of the file: what goes through it is counted."""

    def __init__(self, book: "_Book") -> None:
        self._book = book
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.buffer_size = _PIECE
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_: Any) -> None:
        raise limits.unreadable("The file declares a document type, which no spreadsheet does.", "forbidden_xml")

    def element(self) -> None:
        """Counts one element against the file's budget."""
        self._book.elements += 1
        if self._book.elements > _MOST_ELEMENTS:
            raise limits.too_many_cells()


class _Book:
    """An open file, with what it has unpacked so far."""

    def __init__(self, file: bytes) -> None:
        _require_small_directory(file)
        self._zip = zipfile.ZipFile(io.BytesIO(file))
        self._left = _MOST_UNPACKED
        self.elements = 0

    def has(self, name: str) -> bool:
        return name in self._zip.namelist()

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part, piece by piece."""
        info = self._zip.getinfo(name)
        if info.compress_type not in _METHODS or info.flag_bits & 1:
            raise limits.unreadable("The file is packed or encrypted in a way that spreadsheets do not use.")
        with self._zip.open(info) as stream:
            while piece := stream.read(_PIECE):
                self._left -= len(piece)
                if self._left < 0:
                    raise limits.too_large()
                yield piece

    def parse(self, name: str, start: Callable[[_Part, str, dict[str, str]], None]) -> None:
        """Calls `start` for each element of a small part."""
        part = _Part(self)

        def begin(tag: str, attributes: dict[str, str]) -> None:
            part.element()
            start(part, tag.rpartition("}")[2], attributes)

        part.parser.StartElementHandler = begin
        for piece in self.pieces(name):
            part.parser.Parse(piece, False)
        part.parser.Parse(b"", True)


def _require_small_directory(file: bytes) -> None:
    """Refuses a list of contents that alone would take more memory than the sheet may."""
    at = file.rfind(b"PK\x05\x06", max(0, len(file) - 65_557))
    if at < 0 or len(file) < at + 22:
        raise zipfile.BadZipFile
    (size,) = struct.unpack_from("<I", file, at + 12)
    if size > _LARGEST_DIRECTORY:
        raise limits.unreadable("The file has more parts than a spreadsheet has.")


def sheet_rows(file: bytes) -> Iterator[tuple[int, list[str | float]]]:
    """The rows of the first sheet: text as text, numbers as numbers, dates as `YYYY-MM-DD`, formulas as `=…`.

    Raises:
        PayloadTooLarge: it unpacks to more than an import takes.
        Impossible: it is damaged, or no spreadsheet.
    """
    try:
        book = _Book(file)
        sheet = _first_sheet(book)
        texts = _shared_texts(book) if book.has("xl/sharedStrings.xml") else _Texts()
        dates = date_styles(book, "xl/styles.xml") if book.has("xl/styles.xml") else frozenset()
        yield from _Sheet(book, texts, dates).rows(sheet)
    except (zipfile.BadZipFile, KeyError, expat.ExpatError, zlib.error, EOFError, ValueError, OverflowError) as error:
        raise limits.unreadable("The file is damaged, or no XLSX spreadsheet.") from error
    except (NotImplementedError, RuntimeError) as error:
        raise limits.unreadable("The file is packed or encrypted in a way that spreadsheets do not use.") from error


def _first_sheet(book: _Book) -> str:
    """The name of the first sheet's part: the workbook names a relation, and the relations name parts."""
    sheets: list[str] = []
    targets: dict[str, str] = {}

    def sheet(_: _Part, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            sheets.append(attributes.get(_RELATION, ""))

    def relation(_: _Part, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    book.parse("xl/workbook.xml", sheet)
    book.parse("xl/_rels/workbook.xml.rels", relation)
    target = targets[sheets[0]] if sheets else ""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


class _Texts:
    """The texts that cells share, end to end: a list of a million empty ones would take more than the file."""

    def __init__(self) -> None:
        self._all = bytearray()
        self._ends = array("L", [0])

    def add(self, text: str) -> None:
        self._all += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._all))

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise ValueError("a text that does not exist")
        return self._all[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogatepass")


class _Gathering:
    """Takes the text of the elements that hold some, up to a cell's length."""

    def __init__(self, part: _Part) -> None:
        self._part = part
        self._pieces: list[str] = []
        self._length = 0
        self.row = 0

    def begin(self) -> None:
        self._part.parser.CharacterDataHandler = self._take

    def end(self) -> None:
        self._part.parser.CharacterDataHandler = None

    def take(self) -> str:
        """What was gathered; the next cell begins empty."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._length = 0
        return text

    def _take(self, text: str) -> None:
        self._length += len(text)
        if self._length > limits.LONGEST_CELL:
            raise limits.cell_too_large(self.row)
        self._pieces.append(text)


def _shared_texts(book: _Book) -> _Texts:
    texts, part = _Texts(), _Part(book)
    gathering = _Gathering(part)
    phonetic = 0

    def begin(tag: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        part.element()
        tag = tag.rpartition("}")[2]
        if tag == "rPh":
            phonetic += 1
        elif tag == "t" and not phonetic:
            gathering.begin()

    def end(tag: str) -> None:
        nonlocal phonetic
        tag = tag.rpartition("}")[2]
        if tag == "t":
            gathering.end()
        elif tag == "rPh":
            phonetic -= 1
        elif tag == "si":
            texts.add(gathering.take())

    part.parser.StartElementHandler, part.parser.EndElementHandler = begin, end
    for piece in book.pieces("xl/sharedStrings.xml"):
        part.parser.Parse(piece, False)
    part.parser.Parse(b"", True)
    return texts


def _column(reference: str) -> int:
    """The place of a cell in its row: `C7` is 2."""
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - 64
        if number > limits.MOST_COLUMNS:
            raise limits.too_many_columns()
    return number - 1


class _Sheet:
    """The parser of a sheet; hands out its rows as they come."""

    def __init__(self, book: _Book, texts: _Texts, dates: frozenset[int]) -> None:
        self._book, self._texts, self._dates = book, texts, dates
        self._part = _Part(book)
        self._gathering = _Gathering(self._part)
        self._ready: list[tuple[int, list[str | float]]] = []
        self._row: list[str | float] = []
        self._number = 0
        self._kind, self._style, self._place = "n", 0, -1
        self._formula: str | None = None

    def rows(self, name: str) -> Iterator[tuple[int, list[str | float]]]:
        parser = self._part.parser
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        for piece in self._book.pieces(name):
            parser.Parse(piece, False)
            yield from self._ready
            self._ready.clear()
        parser.Parse(b"", True)
        yield from self._ready

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._part.element()
        tag = tag.rpartition("}")[2]
        if tag == "c":
            self._kind = attributes.get("t", "n")
            self._style = int(attributes.get("s", "0"))
            self._place = _column(attributes["r"]) if "r" in attributes else self._place + 1
            self._formula = None
        elif tag in ("v", "t", "f"):
            self._gathering.begin()
        elif tag == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._gathering.row = self._number
            self._row, self._place = [], -1

    def _end(self, tag: str) -> None:
        tag = tag.rpartition("}")[2]
        if tag == "c":
            self._keep(self._gathering.take())
        elif tag == "f":
            self._formula = self._gathering.take()
        elif tag == "row" and self._row:
            self._ready.append((self._number, self._row))
        if tag in ("v", "t", "f"):
            self._gathering.end()

    def _keep(self, text: str) -> None:
        value = self._value(text)
        if value == "":
            return
        if self._place >= limits.MOST_COLUMNS:
            raise limits.too_many_columns()
        self._row += [""] * (self._place + 1 - len(self._row))
        self._row[self._place] = value

    def _value(self, text: str) -> str | float:
        # The formula itself and not what a spreadsheet once made of it, which nobody can check.
        if self._formula is not None:
            return f"={self._formula}"
        if self._kind == "s":
            return self._texts[int(text)]
        if self._kind != "n" or not text:
            return text
        number = float(text)
        return from_serial(number) if self._style in self._dates else number
