"""What a file may cost before it is refused."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Limits of one reading; the defaults are those of a first installation.

    Sizes are bytes, times are seconds. What is over a limit is refused with
    FILE-06 and a sentence that names the limit.
    """

    max_bytes: int = 250 * MIB
    max_rows: int = 1_048_575
    max_columns: int = 512
    max_cell_characters: int = 32_767
    max_unpacked: int = 2048 * MIB
    max_ratio: int = 150
    """Unpacked by packed size, of a part and of the whole, once above `ratio_from`."""
    ratio_from: int = 4 * MIB
    max_entries: int = 3_000
    max_sheets: int = 256
    max_cell_formats: int = 65_490
    max_defined_names: int = 100_000
    max_cells: int = 30_000_000
    """Rows x columns of the grid from the first to the last used column."""
    max_repeated_cells: int = 1_000_000
    """Cells that an .ods only says to repeat: a few bytes there are as many cells here."""
    max_depth: int = 64
    max_attributes: int = 256
    max_tag_bytes: int = 65_536
    child_memory: int = 1024 * MIB
    """Of the process that reads a small file."""
    child_memory_most: int = 6144 * MIB
    """Of the process that reads the largest."""
    child_seconds: float = 20.0
    child_seconds_per_100k_rows: float = 20.0

    def memory(self, declared: int) -> int:
        """Return how much memory the child may take for content that unpacks to so much.

        Six bytes a byte: what is made of the content takes some three, and room for
        address space, which the kernel counts too.
        """
        most = max(self.child_memory, self.child_memory_most)
        return min(most, self.child_memory + 6 * declared)

    def seconds(self, rows: int) -> float:
        """Return how long the child may take for so many rows."""
        return self.child_seconds + self.child_seconds_per_100k_rows * rows / 100_000


DEFAULT_LIMITS = ReadLimits()
