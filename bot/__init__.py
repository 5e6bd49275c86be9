"""Everything Slack: what people type and press, and what they read."""
