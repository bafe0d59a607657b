"""What all web areas share: application pieces, headers, language, error pages, templates and static files."""
