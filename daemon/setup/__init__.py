"""Set everything up: token, database, schema, views, settings."""
