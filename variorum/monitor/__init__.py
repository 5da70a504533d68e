"""How the daemon reports its own health: log, heartbeat, metrics and extraction quality."""
