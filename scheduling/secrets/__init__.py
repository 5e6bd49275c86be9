"""Secrets of links and bookings, and ids that follow from their nonces."""
