"""The log format: from any bytes to typed values and warnings."""
