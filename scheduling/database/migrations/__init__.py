"""How the schema came to be, step by step, on both databases (Alembic)."""
