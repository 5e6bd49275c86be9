"""The mails: what they say, and the invitations in them."""
