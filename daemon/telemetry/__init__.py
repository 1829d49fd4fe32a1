"""The daemon's log, where it goes, and metrics for Prometheus."""
