"""Write a log from its fields."""
