"""One State a file: what a browser asked for, and what it is shown."""
