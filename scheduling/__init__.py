"""The business: calendars, one-time links, bookings. No Slack, no web server."""
