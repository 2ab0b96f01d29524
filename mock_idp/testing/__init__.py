"""FOR TESTS: the object that the fixture ``entra`` is, and what stands around it. No pytest in here."""
