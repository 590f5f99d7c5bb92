"""Portal Koreksi Data: corrections of employee data, right the first time."""

__version__ = "0.1.0"
