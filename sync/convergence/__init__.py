"""One page brought to what it should be: read, write, record, until nothing is left to do."""
