"""What leaves the service: files and pictures as bytes, made without the database."""
