"""The practice workspace: a strict local stand-in for Slack and a page to type in."""
