"""A file for each page: read the request, call the use case, answer."""
