"""Bytes of strangers, made hostile, for everything that reads them."""
