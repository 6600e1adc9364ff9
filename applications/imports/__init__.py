"""Members from a table people already have: which column is what, what each cell means, what would be written.

Nothing here writes: `applications.services.imports` does, through the same form as typing.
"""
