"""How the daemon is: heartbeat, log, metrics and extraction health."""
