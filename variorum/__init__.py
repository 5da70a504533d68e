"""What people touch: the command line, the configuration, the sqlite-utils plugin."""
