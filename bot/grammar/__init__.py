"""What was typed, as a value. Pure."""
