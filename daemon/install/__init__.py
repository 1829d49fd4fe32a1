"""The daemon as a service: systemd on Linux, launchd on macOS."""
