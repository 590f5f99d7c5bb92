"""Spreadsheets: guarding, reading, templates and exports.

Everything that opens a file from outside runs in a limited child process;
`reading.check_in_child` is the door.
"""
