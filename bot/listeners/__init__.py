"""What Slack sends, a file a kind; each registers its own, and one handler answers every error.

A listener has an ack part, which Slack waits for, and a lazy part, which answers beside it.
"""
