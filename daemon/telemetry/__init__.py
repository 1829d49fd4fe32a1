"""What the daemon tells of its work: its log, where that goes, and figures for Prometheus."""
