"""What Bolt listens for, a file a kind of Slack."""
