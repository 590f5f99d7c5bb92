"""Invented people, the same ones at every build.

Nobody exists: surnames are words for "made up", and the last four digits of
every NIK and KK are 9000 or more.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DISTRICTS = (
    "317101", "317406", "327305", "337401", "340404", "351514", "357801", "367101",
    "127101", "147106", "167101", "187101", "517101", "637101", "647201", "737101",
)  # fmt: skip
WOMEN = ("SITI", "DEWI", "RINA", "MAYA", "NINA", "LESTARI", "WULAN", "INDAH", "YULIA", "TUTI",
         "RATNA", "KARTIKA")  # fmt: skip
MEN = ("BUDI", "ANDI", "AGUS", "JOKO", "RUDI", "HENDRA", "TONO", "EKO", "BAYU", "DIMAS", "FAJAR",
       "SLAMET")  # fmt: skip
MIDDLE = ("PUSPA", "CAHYA", "BINTANG", "SURYA", "KENCANA", "WIJAYA", "PERTIWI", "SAMUDRA")
SURNAMES = ("CONTOHAN", "UMPAMA", "MISALNYA", "ANDAIAN", "REKAAN", "KARANGAN", "CERITAWAN",
            "PERMISALAN", "KHAYALI", "DONGENGAN")  # fmt: skip
STREETS = ("Jalan Misal", "Jalan Umpama", "Jalan Andaian", "Jalan Contoh", "Gang Rekaan")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented employee with data that agree with each other."""

    kpj: str
    nik: str
    kk: str
    name: str
    born: date
    sex: str
    mother: str
    phone: str
    email: str
    address: str
    account: str

    @property
    def birth(self) -> str:
        """The date of birth as SIPP wants it."""
        return f"{self.born:%d-%m-%Y}"


def person(number: int) -> Person:
    """Return the invented person with this number; each number is another person."""
    is_woman = number % 2 == 0
    given = (WOMEN if is_woman else MEN)[number // 2 % 12]
    middle = MIDDLE[number // 24 % 8]
    surname = SURNAMES[number * 7 % 10]
    born = date(1966, 3, 1) + timedelta(days=number * 137 % 13_000)
    registered = date(2009, 1, 5) + timedelta(days=number * 89 % 5_500)
    district = DISTRICTS[number * 5 % len(DISTRICTS)]
    # 1 and 3, never 0 and even alone: a column of such ends would look damaged by Excel.
    serial = 9001 + number * 3 % 990
    if serial % 10 == 0:
        serial += 1
    return Person(
        kpj=f"0{9_999_000_000 + number * 13:010d}",
        nik=f"{district}{born.day + 40 * is_woman:02d}{born:%m%y}{serial}",
        kk=f"{district}{registered:%d%m%y}{9003 + number * 7 % 990}",
        name=f"{given} {middle} {surname}",
        born=born,
        sex="P" if is_woman else "L",
        mother=f"{WOMEN[(number + 5) % 12]} {MIDDLE[(number + 3) % 8]}",
        phone=f"0812{70_000_000 + number * 1_117 % 20_000_000:08d}",
        email=f"{given}.{surname}{number}@contoh.example".lower(),
        address=f"{STREETS[number % 5]} Nomor {number % 97 + 1}, RT 00{number % 9 + 1}/RW 002",
        account=f"{9_000_000_000 + number * 7_919:010d}",
    )
