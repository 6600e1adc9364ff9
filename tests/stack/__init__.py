"""The portal as it is run in production, for tests: real servers, real processes, settings of production."""
