"""The pages of documentation that are made from the code, so that they cannot say anything else."""
