"""Acting as people do in the browser: signing in, typing a step, uploading, scoring."""
