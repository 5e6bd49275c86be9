"""One verb a file, declared there as VERB: how it is read, what it does, what is said of it."""
