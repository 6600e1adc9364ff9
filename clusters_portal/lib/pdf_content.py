"""Find what makes a PDF more than paper: programs, attached files, actions that start by themselves."""

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

# Actions that run something or send something. /URI and /GoTo are plain links and stay allowed.
DANGEROUS_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE", "/GoToR"}
DANGEROUS_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"}
DANGEROUS_SUBTYPES = {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/3D"}
MAX_OBJECTS = 200_000


class TooManyObjects(Exception):
    """The document holds more objects than a scanned or printed file ever does."""


def active_content(reader):
    """The first dangerous name found in the document tree of a pypdf reader, "" when there is none.

    Walks every object reachable from the catalogue, so that an action hidden on a page, a bookmark or a form field
    is seen too. Raises TooManyObjects on a document built to exhaust the walk.
    """
    stack, seen, count = [reader.trailer.get("/Root")], set(), 0
    while stack:
        item = stack.pop()
        count += 1
        if count > MAX_OBJECTS:
            raise TooManyObjects
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in seen:
                continue
            seen.add((item.idnum, item.generation))
            item = item.get_object()
        if isinstance(item, (DictionaryObject, StreamObject)):
            if found := _dangerous(item):
                return found
            stack.extend(item.raw_get(key) for key in item)
        elif isinstance(item, ArrayObject):
            stack.extend(list.__iter__(item))
    return ""


def _dangerous(item):
    for key in item:
        # An empty /EmbeddedFiles or name tree is what some office suites leave behind: judged by its content below.
        if key in DANGEROUS_KEYS and _filled(item.get(key)):
            return key
    if item.get("/S") in DANGEROUS_ACTIONS:
        return item["/S"]
    return item["/Subtype"] if item.get("/Subtype") in DANGEROUS_SUBTYPES else ""


def _filled(value):
    if isinstance(value, DictionaryObject) and not isinstance(value, StreamObject):
        names = value.get("/Names")
        return bool(names) or bool(value.get("/Kids")) or bool(set(value) - {"/Names", "/Kids", "/Limits"})
    return value is not None and value != ""
