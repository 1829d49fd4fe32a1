"""What a page should be against what is known of it, and the requests that make them equal."""
