"""The endpoints: what each takes, does and answers."""
