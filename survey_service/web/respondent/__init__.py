"""The respondent application: opening a form with a code, sending it, and nothing else."""
