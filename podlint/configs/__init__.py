"""The configuration files of programs, as far as rules need them."""
