"""Every sentence that the bot says, as mrkdwn: its own, and its words for refusals."""
