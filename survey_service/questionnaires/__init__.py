"""Questionnaires as data: forms and gettext catalogs read from files into domain objects."""
