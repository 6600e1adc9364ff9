"""The process that draws one page of a file somebody sent: `python -I page_drawing.py <type> <page>`, file in, PNG out.

Only `page_images` starts it, and nothing of the portal is imported here. Its limits hold for the whole process.
"""

import io
import resource
import sys

import pypdfium2
from PIL import Image, ImageOps

PDF = "application/pdf"
WIDTH, HEIGHT = 1100, 2200  # pixels of a picture at most: a page of A4 is 1,100 × 1,556
MEMORY, CPU_SECONDS = 1 << 30, 20
Image.MAX_IMAGE_PIXELS = 100_000_000  # an upload with more was refused


def draw(content: bytes, mime: str, number: int) -> bytes:
    """The page `number` (from 1) as a PNG of at most WIDTH × HEIGHT, written anew: nothing hidden in the file is in it."""
    picture = _pdf_page(content, number) if mime == PDF else _picture(content)
    picture.thumbnail((WIDTH, HEIGHT))
    made = io.BytesIO()
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A") if "A" in picture.getbands() else None)
    flat.save(made, "PNG")
    return made.getvalue()


def _pdf_page(content, number):
    document = pypdfium2.PdfDocument(content)
    page = document[number - 1]
    width, height = page.get_size()  # points
    return page.render(scale=min(WIDTH / width, HEIGHT / height)).to_pil()


def _picture(content):
    picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    picture.draft("RGB", (2 * WIDTH, 2 * HEIGHT))  # a large photograph is read at half its size or less
    return ImageOps.exif_transpose(picture.convert("RGBA") if picture.mode == "P" else picture)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read(), sys.argv[1], int(sys.argv[2])))
