"""The rules of the survey in plain Python: no database, no network, no framework."""
