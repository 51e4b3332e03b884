"""Measurements: each prints its figure beside its goal. Run as `python -m benchmarks.NAME`."""
