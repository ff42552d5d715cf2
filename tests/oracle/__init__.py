"""An instrument for tests: it runs the shell containers of a pod and watches what they do to files."""
