"""What the settings window is about."""

from dataclasses import dataclass

from desktop.ui.connections.log_view_model import ConnectionLogViewModel
from desktop.ui.models.view_model import ModelsViewModel
from desktop.ui.preferences import Preferences
from desktop.ui.settings.view_model import ServicesViewModel


@dataclass(frozen=True, slots=True)
class SettingsContents:
    """The states that its pages show and change."""

    preferences: Preferences
    models: ModelsViewModel
    services: ServicesViewModel
    connections: ConnectionLogViewModel
