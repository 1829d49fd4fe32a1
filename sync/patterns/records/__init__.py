"""What logs say went wrong: one record for each issue, gap and exception."""
