"""The whole dossier as one workbook: one sheet per form, table or grid, from the steps' own declarations.

`layout` says what each sheet holds, `writing` makes the file, `reading` takes it back, `comparison` says what it would
change. Nothing here writes to the dossier: `applications.services.canevas` does, through `drafts.save_step`.
"""
