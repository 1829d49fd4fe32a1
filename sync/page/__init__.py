"""What a log looks like in Notion: blocks, properties, limits, and their JSON."""
