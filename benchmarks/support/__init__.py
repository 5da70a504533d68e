"""Servers, processes and invented data that several benchmarks use."""
