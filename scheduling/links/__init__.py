"""One-time links: issued, looked at, ended."""
