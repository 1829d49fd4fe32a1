"""Everything that has to be right for the mirror to work, looked at one by one."""
