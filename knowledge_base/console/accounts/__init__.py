"""Staff: roles, rights by administration and language, first password, sign-in."""
