"""The user's own workbook given back with what the check found written into it."""
