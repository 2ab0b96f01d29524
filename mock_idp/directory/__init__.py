"""WHO IS DECLARED: tenants, users, app registrations, consents. Frozen models; nothing here changes while running."""
