"""From nothing to a mirror that works: token, database, schema, views, settings."""
