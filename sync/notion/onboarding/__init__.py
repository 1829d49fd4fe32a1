"""What setting up and checking a database takes: which are shared, a new one, its views, its last rows."""
