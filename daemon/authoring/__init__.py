"""Write and correct log files for a person or Claude; the daemon itself only reads them."""
