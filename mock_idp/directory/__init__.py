"""WHO IS DECLARED: tenants, users, app registrations, consents. Frozen models, and the files they are read from."""
