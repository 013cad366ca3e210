"""Removal of each access check in turn, to see a test fail; `make walls` calls it."""
