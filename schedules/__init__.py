"""When to check, and checking: cadence, checks, replays, hosts, the daemon and the cluster."""
