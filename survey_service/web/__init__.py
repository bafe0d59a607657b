"""What people meet in a browser: the respondent application and the office application."""
