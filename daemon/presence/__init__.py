"""How a running process shows itself: its lock, its pulse, and messages to the service manager."""
