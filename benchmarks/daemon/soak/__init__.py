"""The soak: a world that misbehaves (`world`, `server`), faults of the machine (`plan`, `faults`), and a judge (`judge`)."""
