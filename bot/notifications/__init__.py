"""Delivers events to Slack."""
