"""QR codes as SVG: one path, drawn in the text's colour, with a title for those who cannot see it."""

from xml.sax.saxutils import escape

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""Light modules around the code; readers need four (ISO/IEC 18004)."""


def qr_svg(text: str, title: str) -> str:
    """An `<svg>` of the text, error correction level M, one unit a module; black on white whatever is around it."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    matrix = code.get_matrix()
    size = len(matrix)
    path = "".join(_runs(row, number) for number, row in enumerate(matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" shape-rendering="crispEdges">'
        f'<title>{escape(title)}</title><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def _runs(row: list[bool], number: int) -> str:
    """The dark runs of one row as path commands."""
    commands, start = [], None
    for place, dark in enumerate([*row, False]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            commands.append(f"M{start} {number}h{place - start}v1H{start}z")
            start = None
    return "".join(commands)
