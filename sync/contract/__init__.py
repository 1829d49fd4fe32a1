"""The contract, a markdown file: its sections, which of them is meant, a change to it as a diff. Pure."""
