"""What to run: shipped jobs, prompts and the sample encyclopaedia."""
