"""Counter of the calls and changes of file of one request: `python -m tools.trace`."""
