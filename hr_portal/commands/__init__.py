"""One module a group of commands; hr_portal.cli lists them."""
