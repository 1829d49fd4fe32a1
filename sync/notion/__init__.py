"""Everything that speaks to Notion: the gateway, its budget, its errors, and a Notion to test with."""
