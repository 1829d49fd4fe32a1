"""How things stand, for a person and for programs, whether or not the daemon runs."""
