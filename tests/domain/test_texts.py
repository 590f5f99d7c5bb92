"""Texts held encoded behave as the list they stand for."""

import copy

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hr_portal.domain import texts
from hr_portal.domain.texts import BLOCK, Texts

LETTERS = st.text(st.characters(max_codepoint=0x2FF) | st.sampled_from("\0\ud83d中"), max_size=3)


@st.composite
def lists(draw):
    """Lists of several blocks that are cheap to draw: some texts, again and again."""
    some = draw(st.lists(LETTERS, min_size=1, max_size=40))
    count = draw(st.sampled_from([0, 1, 5, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5]))
    varied = draw(st.booleans())
    return [f"{some[i % len(some)]}{i if varied else ''}" for i in range(count)]


@given(lists(), st.data())
@settings(max_examples=60)
def test_texts_are_as_a_list_whatever_is_done_to_them(values, data):
    held = Texts(values)
    values = list(values)
    for _ in range(data.draw(st.integers(1, 6))):
        size = len(values)
        places = st.integers(0, max(0, size - 1))
        match data.draw(
            st.sampled_from(["put", "one", "append", "extend", "leave", "until", "copy"])
        ):
            case "put" if size:
                start, step = data.draw(places), data.draw(st.sampled_from([1, 1, 2, 700]))
                at = np.arange(start, size, step)
                new = [f"baru {place}" for place in at.tolist()]
                texts.put(held, at, new)
                texts.put(values, at, new)
            case "one" if size:
                place = data.draw(places)
                held[place] = values[place] = data.draw(LETTERS)
            case "append":
                held.append("satu")
                values.append("satu")
            case "extend":
                more = [str(i) for i in range(data.draw(st.integers(0, 2 * BLOCK)))]
                held.extend(more)
                values.extend(more)
            case "leave":
                count = data.draw(st.integers(0, size))
                held.leave_out(count)
                del values[:count]
            case "until":
                count = data.draw(st.integers(0, size))
                held, values = held.until(count), values[:count]
            case "copy":
                before, held = held, held.copy()
                if size:
                    before[size - 1] = before[0] = "asing"
        assert len(held) == len(values)
    assert held == values
    assert list(held) == values
    start, stop = sorted([data.draw(st.integers(0, len(values))) for _ in "ab"])
    assert held[start:stop] == values[start:stop]
    assert held[::700] == values[::700]
    at = np.array(data.draw(st.permutations(range(0, len(values), 300))), np.intp)
    assert texts.take(held, at) == texts.take(values, at)
    assert texts.gather(held, np.append(at, -1)) == [*texts.take(values, at), ""]
    again = Texts.of_blocks(list(map(texts.sound_block, held.blocks())), held.first, len(held))
    assert again == [value.encode("utf-8", "replace").decode() for value in values]


def test_whole_blocks_and_parts_of_them_are_replaced_and_added():
    held = Texts(map(str, range(BLOCK - 1)))
    held.append("penuh")
    held.append("sisa")
    values = [*map(str, range(BLOCK - 1)), "penuh", "sisa"]
    assert held == values
    new = [f"baru {place}" for place in range(len(values))]
    held.put(np.arange(len(values)), new)
    held.put(np.arange(0), [])
    assert held == new
    assert held.at(np.arange(0)) == []


@pytest.mark.parametrize("odd", ["\0", "\ud83d"])
def test_what_stands_between_texts_may_stand_in_them(odd):
    for values in (["a", odd] * BLOCK, [f"{i}{odd}" for i in range(BLOCK)]):
        assert list(Texts(values)) == values


def test_what_comes_again_and_again_takes_a_byte_each_time():
    held = Texts(["JAKARTA", "BANDUNG"] * BLOCK)
    assert sum(map(len, held.blocks())) < 2 * BLOCK + 100
    assert list(held) == ["JAKARTA", "BANDUNG"] * BLOCK


def test_different_texts_take_little_more_than_their_letters():
    held = Texts(f"{3171014508900000 + i}" for i in range(100_000))
    assert sum(map(len, held.blocks())) < 100_000 * (16 + 1) + 200


def test_a_list_serves_where_texts_do():
    values = ["a", "b", "c"]
    assert texts.first_of(values, 3) is values
    assert texts.first_of(values, 2) == ["a", "b"]
    assert texts.first_of(Texts(values), 2) == ["a", "b"]
    assert list(texts.in_parts(values)) == [(0, values)]
    assert texts.gather(values, np.array([2, -1, 0])) == ["c", "", "a"]


def test_a_place_beyond_the_texts_is_an_error():
    held = Texts(["a", "b"])
    for place in (2, -1, 5 * BLOCK):
        with pytest.raises(IndexError):
            held[place]
    assert held != ["a"]
    assert held != "ab"
    assert repr(held) == "Texts(['a', 'b'])"
    assert copy.copy(held) == held


@pytest.mark.parametrize(
    "block",
    [
        b"Jsatu", b"Jsatu\0dua\0tiga", b"J\xff\0", b"L\1\0\0satu", b"L\2\0\0\1satu", b"N[1,2]",
        b'N["satu"]', b'N["\\ud83d","dua"]', b"Xsatu\0dua", b"", b"N{",
    ],
)  # fmt: skip
def test_blocks_of_a_stranger_are_looked_at_before_they_are_taken(block):
    with pytest.raises(ValueError):
        Texts.of_blocks([block], 0, 2)
    assert Texts.of_blocks([b"Jsatu\0dua"], 0, 2) == ["satu", "dua"]
    with pytest.raises(ValueError):
        Texts.of_blocks([b"Jsatu\0dua"], 0, BLOCK + 1)


def test_half_characters_are_kept_here_and_replaced_for_the_pipe():
    held = Texts(["SI\ud83dTI", "a"])
    (block,) = held.blocks()
    assert list(held) == ["SI\ud83dTI", "a"]
    assert texts.unpack(texts.sound_block(block)) == ["SI?TI", "a"]
    assert texts.sound_block(b"Jsatu") == b"Jsatu"


def test_what_may_be_missing_is_held_as_text_too():
    held = texts.Told(lambda value: value or "", lambda text: text or None)
    held.extend(["a", None, "b"])
    held[1] = "c"
    assert held == ["a", "c", "b"]
    assert held[1:] == ["c", "b"]
    assert held != "acb"
    assert len(held) == len(held.texts) == 3
    assert held.chosen(np.array([2, 0])) == ["b", "a"]


@example([str(place) for place in range(BLOCK + 1)], 0)
@given(lists(), st.integers(0, 2 * BLOCK))
@settings(max_examples=30)
def test_texts_are_joined_as_they_lie(values, left_out):
    held = Texts(values)
    held.leave_out(min(left_out, len(values)))
    wanted = "".join(["|" + value for value in held]).encode("utf-8", "surrogatepass")
    assert b"".join(texts.joined(held, "|")) == wanted
    assert b"".join(texts.joined(list(held), "|")) == wanted


def test_places_in_a_row_in_one_block_and_scattered_ones_in_the_next_are_found():
    values = [str(place) for place in range(2 * BLOCK)]
    held = Texts(values)
    places = np.array([3, 4, 5, BLOCK + 1, BLOCK + 7, BLOCK + 2])
    assert held.at(places) == [values[place] for place in places.tolist()]


@pytest.mark.parametrize("some", [BLOCK, 3])
def test_an_encoded_block_is_held_as_if_its_texts_were_added(some):
    values = [f"é{n % some}" for n in range(BLOCK)]
    added, encoded = Texts(values), Texts(values)
    added.extend([*values, "akhir"])
    encoded.extend_block("\0".join(values).encode())
    encoded.append("akhir")
    assert list(encoded.blocks()) == list(added.blocks())


NUMBERS = st.sampled_from(["", "12345678", "1234567", "x1234567", "١٢٣٤٥٦٧٨", "12345678é", "\0"])


@given(st.lists(NUMBERS, max_size=3 * BLOCK // 64), st.integers(0, 40))
@settings(max_examples=30)
def test_plain_numbers_are_told_only_where_they_are(some, left_out):
    values = ["00000000123"] * (BLOCK - 40) + some + [str(10_000_000 + n) for n in range(BLOCK)]
    texts = Texts(values)
    texts.leave_out(left_out)
    told = texts.plain_numbers(8).tolist()
    for text, is_told in zip(values[left_out:], told, strict=True):
        assert not is_told or (text[:1].isascii() and text[:1].isdigit() and len(text) >= 8)
    if "".join(some).isascii() and "\0" not in some:
        assert all(told[-BLOCK + 100 :])


MIXED = st.sampled_from(["", "7", "123", "12x", "١٢٣", "12\0", "é", " 12", "0" * 40])


@given(st.lists(MIXED, max_size=BLOCK // 16), st.integers(0, 40), st.booleans())
@settings(max_examples=40)
def test_lengths_of_digits_are_told_as_of_each_text_alone(some, left_out, varied):
    rest = [str(n if varied else n % 3) for n in range(2 * BLOCK)]
    values = [*rest[: BLOCK - 40], *some, *rest]
    held = Texts(values)
    held.leave_out(left_out)
    alone = [
        len(value) if not value or (value.isascii() and value.isdigit()) else -1
        for value in values[left_out:]
    ]
    assert texts.digit_lengths(held).tolist() == alone
    assert texts.digit_lengths(values[left_out:]).tolist() == alone


@given(st.lists(MIXED, max_size=BLOCK // 16), st.integers(0, 40), st.booleans(), st.data())
@settings(max_examples=40)
def test_signs_of_texts_of_one_length_come_row_by_row(some, left_out, varied, data):
    rest = [f"{n if varied else n % 3:05}" for n in range(2 * BLOCK)]
    values = [*rest[: BLOCK - 40], *some, *rest]
    held = Texts(values)
    held.leave_out(left_out)
    values = values[left_out:]
    step = data.draw(st.sampled_from([1, 3, 900, 5000]))
    fitting = [at for at, value in enumerate(values) if len(value) == 5 and value.isascii()][::step]
    at = np.array(fitting, np.intp)
    for column in (held, values):
        assert [bytes(row).decode() for row in texts.signs_at(column, at, 5)] == [
            values[place] for place in fitting
        ]
