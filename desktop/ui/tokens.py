"""Every colour, size and font of the window, and nowhere else."""

from dataclasses import dataclass, replace
from typing import Literal

FontRole = Literal[
    "body",
    "ui",
    "ui_medium",
    "ui_strong",
    "small",
    "meta",
    "hint",
    "badge",
    "section",
    "code",
    "title",
    "hero",
    "heading1",
    "heading2",
    "heading3",
]


@dataclass(frozen=True, slots=True)
class Lettering:
    """How one kind of text is set; `line` and `spacing` are parts of the letter size."""

    px: int
    weight: int = 400
    line: float = 1.5
    mono: bool = False
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in device-independent pixels, times in milliseconds."""

    sidebar: int = 268
    sidebar_min: int = 200
    sidebar_max: int = 420
    sidebar_pad: int = 10
    row: int = 35
    heading: int = 35
    header: int = 52
    header_pad: int = 18
    chip: int = 31
    column: int = 736
    hero: int = 640
    hero_top: int = 112
    hero_share: float = 0.18
    number_field: int = 120
    composer: int = 760
    composer_share: float = 0.4
    radius_row: int = 8
    radius_button: int = 9
    radius_code: int = 10
    radius_card: int = 14
    radius_bubble: int = 16
    radius_bubble_tail: int = 4
    radius_composer: int = 18
    bubble: int = 560
    message_gap: int = 22
    bubble_side: int = 14
    bubble_pad: int = 9
    radius_chip: int = 5
    chip_code: int = 21
    code_header: int = 33
    code_header_side: int = 12
    code_side: int = 14
    code_pad: int = 10
    quote_indent: int = 16
    quote_bar: int = 3
    list_indent: int = 24
    marker_gap: int = 9
    paragraph_gap: int = 10
    item_gap: int = 4
    block_gap: int = 14
    cell_side: int = 14
    cell_pad: int = 7
    cell_min: int = 40
    rule: int = 17
    footer: int = 40
    author_gap: int = 6
    line_estimate: int = 24
    unit: int = 4
    gap: int = 8
    gap_row: int = 10
    gap_wide: int = 14
    gap_page: int = 22
    field: int = 37
    button_new: int = 39
    button_icon: int = 28
    icon: int = 16
    icon_card: int = 22
    send: int = 32
    dot: int = 7
    edit_min: int = 22
    shadow_reach: int = 9
    window_width: int = 1280
    window_height: int = 820
    window_min_width: int = 560
    window_min_height: int = 420
    settings_width: int = 860
    settings_height: int = 600
    settings_nav: int = 168
    inspector_width: int = 980
    inspector_height: int = 640
    fallbacks_width: int = 480
    fallbacks_height: int = 420
    table_row: int = 30
    table_header: int = 30
    picker_width: int = 360
    picker_height: int = 420


SIZES = Sizes()


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as QColor reads them, with the sizes that all themes share."""

    page: str
    sidebar: str
    hairline: str
    text: str
    dim: str
    faint: str
    accent: str
    on_accent: str
    accent_off: str
    bubble: str
    code_ground: str
    selection: str
    hover: str
    local: str
    cloud: str
    error: str
    shadow: str
    keyword: str
    string: str
    function: str
    number: str
    comment: str
    sizes: Sizes = SIZES

    def with_high_contrast(self) -> "Tokens":
        """The same colours with quiet text and hairlines made plain to see."""
        return replace(self, dim=self.text, faint=self.text, comment=self.text, hairline=self.dim)


LIGHT = Tokens(
    page="#ffffff",
    sidebar="#f6f5f2",
    hairline="#e6e4de",
    text="#1f1e1b",
    dim="#6f6c64",
    faint="#9b978d",
    accent="#0f766e",
    on_accent="#ffffff",
    accent_off="#a9cfcc",
    bubble="#eef3f1",
    code_ground="#f7f6f3",
    selection="#e4ece9",
    hover="#ecebe6",
    local="#15803d",
    cloud="#b45309",
    error="#b42318",
    shadow="#0d000000",
    keyword="#9333ea",
    string="#15803d",
    function="#0369a1",
    number="#15803d",
    comment="#6f6c64",
)

DARK = Tokens(
    page="#1d1e20",
    sidebar="#17181a",
    hairline="#2e3033",
    text="#e8e6e1",
    dim="#a19d94",
    faint="#757168",
    accent="#2dd4bf",
    on_accent="#06231f",
    accent_off="#23554f",
    bubble="#26302e",
    code_ground="#17181a",
    selection="#22302d",
    hover="#232528",
    local="#4ade80",
    cloud="#fbbf24",
    error="#f97066",
    shadow="#26000000",
    keyword="#c4a1ff",
    string="#86efac",
    function="#7dd3fc",
    number="#86efac",
    comment="#a19d94",
)

LETTERINGS: dict[FontRole, Lettering] = {
    "body": Lettering(15, line=1.62),
    "ui": Lettering(14),
    "ui_medium": Lettering(14, weight=500),
    "ui_strong": Lettering(14, weight=600),
    "small": Lettering(13),
    "meta": Lettering(12),
    "hint": Lettering(11),
    "badge": Lettering(11, weight=600),
    "section": Lettering(11, weight=600),
    "code": Lettering(13, line=1.55, mono=True),
    "title": Lettering(15, weight=600),
    "heading1": Lettering(21, weight=600, line=1.35),
    "heading2": Lettering(18, weight=600, line=1.4),
    "heading3": Lettering(16, weight=600, line=1.45),
    "hero": Lettering(26, weight=600, spacing=-0.01),
}
