"""The edge-case matrix of the domain (§5), one file per subject: each case where a person meets it, in the words and figures shown."""
