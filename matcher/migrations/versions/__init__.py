"""One file a step, numbered in order; ``script.py.mako`` is the shape of a new one."""
