"""What is true: fields, rules, checks and state machines, free of frameworks."""
