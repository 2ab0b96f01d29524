"""FROM PROOF TO JWT: the waist, the claims table, keys, issuing, and verification of what is presented to us."""
