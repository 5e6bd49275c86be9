"""How Slack comes in: over HTTP or its socket, as one payload."""
