"""Bookings: made, and read again."""
