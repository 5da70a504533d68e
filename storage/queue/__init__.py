"""What is to be done: watches, leases of hosts, notifications to deliver."""
