"""The rules of passwords and their hashing, without a table."""

import bcrypt
import pytest
from core.passwords.rules import hash_password, problems_with, verify
from hypothesis import given, settings
from hypothesis import strategies as st

PERSON = ("Fauzan Gifari", "00001@sekolah.sch.id")


def codes(password, for_staff=False):
    found = problems_with(password, person=PERSON, school="SMA Negeri 1 Contoh", for_staff=for_staff)
    return [problem.code for problem in found]


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=128), st.text(min_size=1, max_size=128))
def test_only_the_very_same_password_verifies(password, other):
    hashed = hash_password(password)
    assert verify(password, hashed)
    assert verify(other, hashed) == (password == other)


@pytest.mark.parametrize("length", [71, 72, 73, 128])
def test_nothing_is_cut_at_72_bytes(length):
    password = "x" * length
    hashed = hash_password(password)
    assert verify(password, hashed)
    assert not verify(password[:-1] + "y", hashed)
    assert not verify(password + "x", hashed)


@pytest.mark.parametrize(
    ("one", "other"), [("a\0b-abcdefg", "a\0c-abcdefg"), ("é-abcdefgh", "e\u0301-abcdefgh"), ("😀abcdefg", "😁abcdefg")]
)
def test_nul_emoji_and_combining_characters_do_not_match_falsely(one, other):
    assert not verify(other, hash_password(one))


@given(st.text(max_size=140), st.booleans())
def test_the_rules_answer_for_any_text(password, for_staff):
    found = codes(password, for_staff)
    shortest = 12 if for_staff else 8
    assert ("password_too_short" in found) == (0 < len(password) < shortest)
    assert ("password_too_long" in found) == (len(password) > 128)
    assert ("required" in found) == (password == "")


@pytest.mark.parametrize("password", ["password1", "PASSWORD1", "12345678", "iloveyou"])
def test_common_passwords_are_refused_whatever_their_case(password):
    assert "password_too_common" in codes(password)


@pytest.mark.parametrize(
    "password", ["fauzan-2010", "GIFARI-2010", "sma negeri 1 contoh!", "SMANegeri1Contoh", "x00001@sekolah.sch.id"]
)
def test_a_password_with_the_persons_or_schools_name_is_refused(password):
    assert "password_contains_identity" in codes(password)


@pytest.mark.parametrize("password", ["tujuh ekor kucing", "k!5As3HquUrQ", "пароль-школы", "学校的秘密密码很长"])
def test_any_unicode_without_composition_rules_is_fine(password):
    assert codes(password) == []


def test_a_cheap_hash_takes_as_many_rounds_to_verify_as_any_other(monkeypatch):
    rounds = []
    hashpw, checkpw = bcrypt.hashpw, bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "hashpw", lambda text, salt: (rounds.append(cost_of(salt)), hashpw(text, salt))[1])
    monkeypatch.setattr(bcrypt, "checkpw", lambda text, kept: (rounds.append(cost_of(kept)), checkpw(text, kept))[1])
    monkeypatch.setenv("HASH_COST", "8")
    for cost in (4, 5, 7, 8):
        hashed = hash_password("tujuh ekor kucing", cost)
        rounds.clear()
        assert verify("tujuh ekor kucing", hashed)
        assert sum(2**each for each in rounds) == 2**8


def cost_of(text):
    return int(text.split(b"$")[2])


@pytest.mark.parametrize(("name", "refused"), [("Sri", False), ("Budi", True), ("Sri Budi", True), ("Sri-Ani", True)])
def test_a_word_of_a_name_counts_from_four_letters_on(name, refused):
    password = f"9-{name.split()[-1].lower()}-kucing-88"
    found = [each.code for each in problems_with(password, person=(name,), school="", for_staff=False)]
    assert found == (["password_contains_identity"] if refused else [])
