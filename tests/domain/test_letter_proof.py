import pytest

from hr_portal.domain.letter_proof import (
    ALPHABET,
    CODE_SIGNS,
    LONGEST_QR_TEXT,
    TOKEN_SIGNS,
    as_written,
    grouped_code,
    qr_address,
    spelled,
)

TOKEN = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
CODE = "7K4M2QPX9T3D"


def test_128_bits_fit_a_token_and_each_number_has_its_own():
    assert spelled(2**128 - 1, TOKEN_SIGNS) == TOKEN
    assert spelled(0, TOKEN_SIGNS) == "0" * 26
    assert len({spelled(number, 2) for number in range(len(ALPHABET) ** 2)}) == 1024


def test_a_code_is_printed_in_groups():
    assert grouped_code(CODE) == "7K4M-2QPX-9T3D"


@pytest.mark.parametrize(
    "typed", [CODE, "7k4m-2qpx-9t3d", " 7K4M 2QPX 9T3D ", "7K4M.2QPX.9T3D", "7K4M–2QPX-9T3D".replace("–", "-")]
)  # fmt: skip
def test_a_code_is_understood_however_it_is_typed(typed):
    assert as_written(typed) == CODE


def test_letters_that_look_like_digits_are_read_as_digits():
    assert as_written("oO0i-IlL1-2345") == "000111112345"


@pytest.mark.parametrize(
    "typed", ["", "7K4M", CODE + "0", "7K4M2QPX9T3U", "7K4M2QPX9T3?", "é" * 12, "0" * 5000]
)
def test_what_can_be_no_code_is_nothing(typed):  # fmt: skip
    assert as_written(typed) == ""


def test_the_qr_holds_the_token_and_where_that_is_too_long_the_code():
    short, longer, longest = (f"https://{'h' * n}.example" for n in (16, 29, 40))
    assert qr_address(short, TOKEN, CODE) == f"{short}/V/{TOKEN}".upper()
    assert len(qr_address(short, TOKEN, CODE)) == LONGEST_QR_TEXT
    assert qr_address(longer, TOKEN, CODE) == f"{longer}/V/{CODE}".upper()
    assert qr_address(longest, TOKEN, CODE) is None
    assert len(CODE) == CODE_SIGNS


def test_an_address_with_signs_that_would_enlarge_the_qr_has_none():
    assert qr_address("https://portal.example/a_b", TOKEN, CODE) is None
