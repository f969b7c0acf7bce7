"""The version of the program."""

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """Return the version of the installed package."""
    try:
        return version("footnote")
    except PackageNotFoundError:  # run from a folder that is not installed
        return "of this folder, not installed"
