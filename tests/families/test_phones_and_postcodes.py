"""Telephone numbers, postcodes and NHS numbers: kept in one form however they are typed, refused with what to do."""

from __future__ import annotations

import nhs_number
import phonenumbers
import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from families import nhs, phones, postcodes

SPACES = some.sampled_from(["", " ", "  ", "-", "\u00a0", " – "])


# --- Telephone ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("07700 900123", "+447700900123", "07700 900123"),
        ("+44 (0)7700 900 123", "+447700900123", "07700 900123"),
        ("0044 7700-900-123", "+447700900123", "07700 900123"),
        ("(020) 7946 0123", "+442079460123", "020 7946 0123"),
        ("01632960001", "+441632960001", "01632 960001"),
        ("+48 512 345 678", "+48512345678", "+48 512 345 678"),
        ("00 48 512 345 678", "+48512345678", "+48 512 345 678"),
    ],
)
def test_a_phone_number_is_kept_in_one_form_and_shown_as_one_dials_it(typed: str, kept: str, shown: str) -> None:
    assert phones.standard(typed) == kept
    assert phones.problem_with(typed) == ""
    assert phones.shown(kept) == shown


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("Mum's mobile", "like 07700 900 123"),
        ("7946 0123", "too short"),
        ("07700 900 123 456 789", "too many"),
        ("07700 900123 ext 4", "extension"),
        ("0000 000 0000", "Enter a phone number"),
        ("512 345 678", "Check the phone number"),
    ],
)
def test_a_wrong_phone_number_is_refused_with_what_to_do(typed: str, says: str) -> None:
    assert phones.standard(typed) == ""
    assert says in phones.problem_with(typed)


@given(some.integers(min_value=7_400_000_000, max_value=7_999_999_999), some.lists(SPACES, min_size=10, max_size=10))
def test_every_mobile_number_is_the_same_whatever_stands_between_its_numbers(digits: int, gaps: list[str]) -> None:
    plain = f"0{digits}"
    assume(phonenumbers.is_valid_number(phonenumbers.parse(plain, "GB")))
    typed = plain[0] + "".join(gap + digit for gap, digit in zip(gaps, plain[1:], strict=True))
    assert phones.standard(typed) == phones.standard(plain) == f"+44{digits}"
    assert phones.standard(phones.shown(f"+44{digits}")) == f"+44{digits}"


@given(some.text(max_size=40))
def test_whatever_is_typed_as_a_phone_number_is_kept_right_or_refused_with_a_sentence(text: str) -> None:
    kept = phones.standard(text)
    assert bool(kept) != bool(phones.problem_with(text))
    assert len(kept) <= 16
    if kept:
        assert phones.standard(kept) == kept
        assert phones.standard(phones.shown(kept)) == kept


def test_a_text_is_sent_to_mobiles_only() -> None:
    assert phones.is_mobile("+447700900123")
    assert not phones.is_mobile("+441632960001")
    assert not phones.is_mobile("")


# --- Postcode -------------------------------------------------------------------------------------------------

FIRST, SECOND = "ABCDEFGHIJKLMNOPRSTUWYZ", "ABCDEFGHKLMNOPQRSTUVWXY"
outward = some.one_of(
    some.from_regex(rf"[{FIRST}]\d\d?", fullmatch=True),
    some.from_regex(rf"[{FIRST}]\d[ABCDEFGHJKPSTUW]", fullmatch=True),
    some.from_regex(rf"[{FIRST}][{SECOND}]\d\d?", fullmatch=True),
    some.from_regex(rf"[{FIRST}][{SECOND}]\d[ABEHMNPRVWXY]", fullmatch=True),
).filter(str.isascii)
inward = some.from_regex(r"[0-9][ABDEFGHJLNPQRSTUWXYZ]{2}", fullmatch=True)


@given(outward, inward, SPACES, some.booleans())
def test_every_shape_of_postcode_is_kept_in_its_standard_form(out: str, inner: str, gap: str, lower: bool) -> None:
    typed = f" {out}{gap}{inner} "
    assert postcodes.standard(typed.lower() if lower else typed) == f"{out} {inner}"
    assert postcodes.area(f"{out} {inner}") == out


@given(some.text(max_size=20))
def test_whatever_is_typed_as_a_postcode_is_kept_right_or_refused_with_a_sentence(text: str) -> None:
    kept = postcodes.standard(text)
    assert bool(kept) != bool(postcodes.problem_with(text))
    assert kept == "" or (postcodes.standard(kept) == kept and kept.isascii() and len(kept) <= 8)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sw1a1aa", "SW1A 1AA"),
        ("m1 1ae", "M1 1AE"),
        ("B33 8TH", "B33 8TH"),
        ("cr2.6xh", "CR2 6XH"),
        ("DN55 1PT", "DN55 1PT"),
        ("W1A OAX", "W1A 0AX"),
        ("gir 0aa", "GIR 0AA"),
        ("zz993vz", "ZZ99 3VZ"),
        ("EC1A lBB", "EC1A 1BB"),
    ],
)
def test_a_letter_where_only_a_number_can_stand_is_read_as_the_number(typed: str, kept: str) -> None:
    assert postcodes.standard(typed) == kept


@pytest.mark.parametrize("typed", ["SW1A", "1AA", "QW1 1AA", "SW1A 1CA", "12345", "SW1A 1AAA"])
def test_half_a_postcode_is_not_one(typed: str) -> None:
    assert postcodes.problem_with(typed) == "Enter a full UK postcode, like SW1A 1AA"


# --- NHS number -----------------------------------------------------------------------------------------------

nine = some.from_regex(r"[4-9][0-9]{8}", fullmatch=True)


@given(nine, some.lists(SPACES, min_size=10, max_size=10))
def test_a_right_nhs_number_is_read_whatever_stands_between_its_numbers(first: str, gaps: list[str]) -> None:
    check = nhs_number.calculate_checksum(first)
    assume(check is not None and check < 10)
    number = f"{first}{check}"
    assume(not any(nhs_number.is_valid(number, for_region=region) for region in nhs.NOT_GIVEN_OUT))
    typed = "".join(gap + digit for gap, digit in zip(gaps, number, strict=True))
    assert nhs.problem_with(typed) == ""
    assert nhs.bare(typed) == number
    assert nhs.bare(nhs.shown(number)) == number
    assert [len(part) for part in nhs.shown(number).split(" ")] == [3, 3, 4]


@given(nine, some.integers(0, 9), some.integers(1, 9))
def test_one_wrong_number_is_always_noticed(first: str, place: int, by: int) -> None:
    check = nhs_number.calculate_checksum(first)
    assume(check is not None and check < 10)
    right = f"{first}{check}"
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert nhs.problem_with(wrong)


@given(nine, some.integers(0, 8))
def test_two_neighbours_changed_over_are_always_noticed(first: str, place: int) -> None:
    check = nhs_number.calculate_checksum(first)
    assume(check is not None and check < 10)
    right = f"{first}{check}"
    assume(right[place] != right[place + 1])
    assert nhs.problem_with(right[:place] + right[place + 1] + right[place] + right[place + 2 :])


@given(some.text(max_size=30))
def test_nothing_that_is_typed_as_an_nhs_number_breaks_it(text: str) -> None:
    if not nhs.problem_with(text):
        assert len(nhs.bare(text)) == 10
