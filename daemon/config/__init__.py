"""What a person can set: settings and the token, from wherever they come."""
