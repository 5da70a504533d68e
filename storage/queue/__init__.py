"""Queues: sources, leases of hosts, due times, notifications to deliver, the check rate."""
