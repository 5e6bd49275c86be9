"""When: opening hours, zones, what is open, who is assigned, and how times are worded."""
