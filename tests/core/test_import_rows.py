"""Reading rows: headers, values by word, code and Indonesian word, spreadsheets; and that nothing breaks the reader."""

import csv
import io
from contextlib import suppress

import pytest
from core.imports.columns import column_named, template_headers
from core.imports.reading import file_rows
from core.imports.rows import from_document, rows_of_file, rows_of_json
from core.imports.template import csv_template, xlsx_template
from core.kernel.errors import BadRequest, CoreError
from core.people import enumerations
from core.people.kinds import KINDS, STUDENTS, TEACHERS
from core.people.service import validated
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports import csv_file, xlsx_file


def read(headers, *rows, kind=STUDENTS):
    """The rows of a CSV file."""
    return rows_of_file(kind, file_rows(csv_file(headers, rows))).rows


def patch_of(**cells):
    (row,) = read([*cells], [*cells.values()])
    assert row.problems == []
    return row.patch


def test_separators_inside_quotes_do_not_say_which_one_the_file_has():
    file = b'NISN;Nama;"Catatan, satu, dua, tiga"\n0012345678;Ani;x\n'
    (row,) = rows_of_file(STUDENTS, file_rows(file)).rows
    assert row.patch == {"nisn": "0012345678", "name": "Ani"}


@pytest.mark.parametrize(
    ("header", "path"),
    [
        ("Nama Lengkap", "name"),
        ("NAMA", "name"),
        ("Email Sekolah", "email"),
        ("JK", "gender"),
        ("Jml. Saudara\nKandung", "numberOfSiblings"),
        ("Anak ke-berapa", "birthOrder"),
        ("No KK", "familyCardNumber"),
        ("Kode Pos", "address.postalCode"),
        ("Kelurahan", "address.subDistrict"),
        ("HP", "phoneNumber"),
        ("Jenis Tinggal", "residenceType"),
        ("Alat Transportasi", "transportationMode"),
        ("Lingkar Kepala", "headCircumference"),
        ("SKHUN", "skhun"),
        ("Nama Ayah", "father.name"),
        ("Penghasilan Ibu", "mother.income"),
        ("Pendidikan Wali", "guardian.education"),
        ("birthDate", "birthDate"),
        ("father.name", "father.name"),
        ("address.rt", "address.rt"),
    ],
)
def test_a_header_is_known_by_cores_name_dapodiks_and_the_members(header, path):
    assert column_named(STUDENTS, header).path == path


@pytest.mark.parametrize("header", ["", "-", "id", "active", "classId", "roles", "No", "educationHistory", "userId"])
def test_what_a_body_cannot_set_is_no_column(header):
    assert column_named(STUDENTS, header) is None


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_member_that_fits_a_cell_has_a_place_in_the_template(kind):
    paths = [column_named(kind, header).path for header in template_headers(kind)]
    assert len(paths) == len(set(paths))
    named = {path.partition(".")[0] for path in paths} - {"password"}
    assert named == set(kind.schema.model_fields) - {"educationHistory"}
    for file in (csv_template(kind).encode(), xlsx_template(kind)):
        (row,) = list(file_rows(file))
        assert list(row[1]) == template_headers(kind)


ENUMERATIONS = {
    "gender": enumerations.GENDER,
    "religion": enumerations.RELIGION,
    "bloodType": enumerations.BLOOD_TYPE,
    "residenceType": enumerations.RESIDENCE,
    "transportationMode": enumerations.TRANSPORTATION,
    "father.income": enumerations.INCOME,
    "father.education": enumerations.EDUCATION,
}


#: Dapodik's codes as contract section 3 lists them, in the order of the words.
CODES = {
    "gender": "L P",
    "religion": "1 2 3 4 5 6 7 99",
    "bloodType": "A A+ A- B B+ B- AB AB+ AB- O O+ O-",
    "residenceType": "1 2 3 4 5 10 99",
    "transportationMode": "1 3 4 5 6 7 8 11 12 13 14 99",
    "father.income": "11 12 13 14 15 16 99",
    "father.education": "0 1 2 4 5 6 7 8 9 20 21 22 23 30 31 32 35 37 40 99",
}


def test_words_have_dapodiks_codes():
    assert {path: " ".join(words.values()) for path, words in ENUMERATIONS.items()} == CODES


@pytest.mark.parametrize("path", ENUMERATIONS)
def test_an_enumeration_is_read_by_word_and_by_dapodik_code(path):
    for word, code in ENUMERATIONS[path].items():
        for text in (word, word.lower(), code):
            value = patch_of(**{path: text})
            for part in path.split("."):
                value = value[part]
            assert value == word


@pytest.mark.parametrize(
    ("header", "text", "patch"),
    [
        ("Jenis Kelamin", "Laki-laki", {"gender": "MALE"}),
        ("Jenis Kelamin", " perempuan ", {"gender": "FEMALE"}),
        ("Agama", "Kristen", {"religion": "PROTESTANT"}),
        ("Agama", "Katolik", {"religion": "CATHOLIC"}),
        ("Agama", "Hindu", {"religion": "HINDU"}),
        ("Agama", "Budha", {"religion": "BUDDHIST"}),
        ("Agama", "KHONGHUCU", {"religion": "CONFUCIAN"}),
        ("Alat Transportasi", "Sepeda motor", {"transportationMode": "MOTORCYCLE"}),
        ("Jenis Tinggal", "Bersama orang tua", {"residenceType": "WITH_PARENTS"}),
        ("Jenis Tinggal", "Kos", {"residenceType": "BOARDING_HOUSE"}),
        ("Jenis Tinggal", "Asrama", {"residenceType": "DORMITORY"}),
        ("Penghasilan Ayah", "Rp. 2,000,000 - Rp. 4,999,999", {"father": {"income": "FROM_2M_TO_5M"}}),
        ("Pendidikan Ibu", "SMA / sederajat", {"mother": {"education": "SMA"}}),
        ("Berat Badan", "52,5", {"weight": 53}),
        ("Tinggi Badan", "165", {"height": 165}),
        ("Jarak Rumah ke Sekolah (KM)", "1,2", {"distance": 1200}),
        # In binary a little less than what was written, which is whole metres all the same.
        ("Jarak Rumah ke Sekolah (KM)", "1,001", {"distance": 1001}),
        ("RT", "5", {"address": {"rt": "005"}}),
        ("NISN", "'0012345678", {"nisn": "0012345678"}),
        ("Kebutuhan Khusus", "Tidak ada", {"specialNeeds": []}),
        ("Kebutuhan Khusus", "-", {"specialNeeds": []}),
        ("Kebutuhan Khusus", "Tuna netra, Tuna rungu", {"specialNeeds": ["Tuna netra", "Tuna rungu"]}),
        ("Nama Lengkap", "=1+1", {"name": "=1+1"}),
        ("Nama Lengkap", "'=1+1", {"name": "=1+1"}),
        ("Nama Lengkap", "A\nB", {"name": "A\nB"}),
    ],
)
def test_a_cell_is_read_as_people_write_it(header, text, patch):
    assert patch_of(**{header: text}) == patch


def test_two_columns_make_a_place_on_earth():
    location = {"type": "Point", "coordinates": [117.15, -0.5]}
    assert patch_of(Lintang="-0.5", Bujur="117.15") == {"address": {"location": location}}


def test_a_row_with_more_cells_than_headers_says_so():
    (row,) = read(["NISN", "Nama"], ["1", "Ani", "Jl. Mawar"])
    assert [each.code for each in row.problems] == ["too_many_cells"]


def test_empty_cells_behind_the_last_header_are_nothing():
    (row,) = read(["NISN", "Nama"], ["1", "Ani", "", ""])
    assert (row.problems, row.patch) == ([], {"nisn": "1", "name": "Ani"})


def test_empty_rows_are_passed_over_and_still_counted():
    assert [row.number for row in read(["NISN"], ["1"], [""], ["  "], ["2"])] == [2, 5]


def test_the_password_is_apart_and_keeps_its_blanks():
    (row,) = read(["NISN", "Password"], ["1", "  dua kata "])
    assert (row.password, "password" in row.patch) == ("  dua kata ", False)


def test_teachers_have_subjects():
    (row,) = read(["NIP", "Mata Pelajaran", "Status Kepegawaian"], ["1", "Fisika;Kimia", "GTY/PTY"], kind=TEACHERS)
    assert row.patch == {"nip": "1", "subjects": ["Fisika", "Kimia"], "employmentStatus": "GTY_PTY"}


class TestSpreadsheets:
    def cells(self, sheet, **parts):
        return [list(cells) for _, cells in file_rows(xlsx_file(sheet, **parts))]

    def test_texts_are_found_in_the_cell_and_in_the_shared_table(self):
        shared = "<si><t>satu</t></si><si><r><t>du</t></r><r><t>a</t></r><rPh><t>x</t></rPh></si>"
        sheet = '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1" t="s"><v>0</v></c><c t="str"><v>x</v></c></row>'
        assert self.cells(sheet, shared=shared) == [["dua", "", "satu", "x"]]

    def test_a_formula_stays_a_formula(self):
        assert self.cells('<row><c t="str"><f>1+1</f><v>2</v></c></row>') == [["=1+1"]]

    def test_a_date_is_a_date_by_its_style(self):
        styles = (
            '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="0.0"/>'
            '<numFmt numFmtId="166" formatCode="d mmm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/><xf numFmtId="166"/>'
            "</cellXfs>"
        )
        sheet = "<row>" + "".join(f'<c s="{style}"><v>40315</v></c>' for style in range(5)) + "</row>"
        day = "2010-05-17"
        assert self.cells(sheet, styles=styles) == [[40315.0, day, 40315.0, day, day]]

    def rows(self, header, cell):
        sheet = f'<row><c t="inlineStr"><is><t>{header}</t></is></c></row><row><c><v>{cell}</v></c></row>'
        return rows_of_file(STUDENTS, file_rows(xlsx_file(sheet))).rows[0]

    def test_a_number_is_read_as_the_digits_that_it_kept(self):
        assert self.rows("NISN", "9912345678").patch == {"nisn": "9912345678"}
        assert self.rows("Jarak (m)", "165.5").patch == {"distance": 165.5}

    def test_a_measure_with_a_fraction_is_rounded_and_told_also_when_a_worker_takes_the_row(self):
        for cell, height in (("161.3", 161), ("161.5", 162), ("161.0", 161)):
            row = self.rows("Tinggi Badan", cell)
            assert row.patch == {"height": height}
            assert from_document(row.to_document()) == row
            told = [(each.code, each.field) for each in row.warnings]
            assert told == ([] if cell == "161.0" else [("rounded", "height")])

    def test_a_number_that_lost_digits_says_so(self):
        row = self.rows("NIK", "6.4720117051E+15")
        assert [(each.code, each.field) for each in row.problems] == [("digits_lost", "nik")]


texts = st.text(max_size=30)


def outcome_of(file):
    """The sheet in the file, or the status of its refusal."""
    try:
        return rows_of_file(STUDENTS, file_rows(file))
    except CoreError as error:
        return error.status


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(texts, max_size=8), min_size=1, max_size=6), st.sampled_from([";", ","]))
def test_no_csv_breaks_the_reader(rows, delimiter):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["NISN", "Nama", "Agama", "Lintang", "father.name"], *rows])
    sheet = outcome_of(text.getvalue().encode("utf-8", "surrogatepass"))
    assert sheet in (413, 422) or all(from_document(row.to_document()) == row for row in sheet.rows)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reader(file):
    for each in (file, b"PK\x03\x04" + file):
        assert outcome_of(each) in (413, 422) or b"N" in file.upper()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2000), st.integers(0, 255))
def test_no_damage_to_a_spreadsheet_breaks_the_reader(place, byte):
    file = bytearray(xlsx_template(STUDENTS))
    file[place % len(file)] = byte
    # The template has no rows, so it is refused even when the damage does no harm.
    assert outcome_of(bytes(file)) in (413, 422)


names = st.sampled_from([*(column for column in template_headers(STUDENTS)), "educationHistory", "address", "x", "id"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=500, deadline=None)
@given(st.lists(json_values | st.dictionaries(names, json_values, max_size=6), min_size=1, max_size=4))
def test_no_json_breaks_the_reader_nor_what_follows(data):
    for row in rows_of_json(STUDENTS, data).rows:
        row.identifiers()
        assert not {"id", "active", "classId", "userId", "password"} & row.patch.keys()
        with suppress(BadRequest):
            validated(STUDENTS, row.patch)
