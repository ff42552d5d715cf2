"""What external commands do to files: a table of data, and the few ways of reading it."""
