"""What we talk to: one technology behind one door; adapters don't know each other."""
