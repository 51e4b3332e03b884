"""Engines: what answers a request. One file an engine; all speak the two protocols in `base`."""
