"""Calendars: found, made and changed."""
