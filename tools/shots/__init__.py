"""Pictures and HTML of every screen, taken from a portal with a fixed clock."""
