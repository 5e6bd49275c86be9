"""The program: command line, roles, the worker that delivers."""
