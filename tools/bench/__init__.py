"""`make bench`: what the portal costs, measured on the server that production runs. docs/measurements.md explains the figures."""

FLOOR = "/bench/floor/"
