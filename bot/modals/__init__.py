"""Views that are laid over Slack: forms, and answers where no message can be sent."""
