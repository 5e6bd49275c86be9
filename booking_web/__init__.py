"""Everything seen in a browser."""
