"""What Notion accepts: blocks, properties, schemas, rich text."""
