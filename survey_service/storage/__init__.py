"""The database: the only package that knows SQL, one module a concern."""
