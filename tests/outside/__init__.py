"""What a user's own package could hold: methods, kinds of records and engines, from outside."""
