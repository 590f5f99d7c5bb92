"""What we do: one function a verb, one transaction each, the audit row inside it."""
