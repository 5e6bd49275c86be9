"""What happened, and what the world must still be told of it."""
