"""How others see that a process is at work: its lock, its pulse, and what the service manager hears."""
