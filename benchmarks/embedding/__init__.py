"""Embedders: what they find, what they cost, and that they give the same bytes."""
