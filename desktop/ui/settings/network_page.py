"""The settings window's page of how services are asked."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.icons import Icons
from desktop.ui.preferences import Preferences
from desktop.ui.settings.setting_form import SettingForm
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.label import make_label

NETWORK = frozenset(
    {
        "max_retries",
        "retry_delay_s",
        "request_timeout_s",
        "total_timeout_s",
        "concurrent_cloud",
        "concurrent_local",
        "proxy",
        "ca_file",
    }
)


class NetworkPage(QWidget):
    """Retries, time limits, how much at once, proxy and certificates."""

    def __init__(self, preferences: Preferences, theme: Theme, icons: Icons) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SIZES.gap_wide)
        column.addWidget(make_label("Network", theme.font("title")))
        column.addLayout(SettingForm(NETWORK, preferences, theme, icons))
        column.addStretch(1)
