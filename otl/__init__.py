"""The program: command line, roles, the loop that delivers the outbox."""
