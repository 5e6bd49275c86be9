"""One verb a file: a command value in, the answer out."""
