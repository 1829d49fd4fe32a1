"""What a person sees: a database and a page as HTML."""
