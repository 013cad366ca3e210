"""Benchmark of the production server (`make bench`).

docs/measurements.md explains the figures.
"""

FLOOR = "/bench/floor/"
