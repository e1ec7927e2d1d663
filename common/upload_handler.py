"""Which pages take a file, and how large a one."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.urls import Resolver404, resolve

_TOO_LARGE = "upload_too_large"


class UploadAllowList(FileUploadHandler):
    """Lets files through on the pages that ask for one, `FILE_PAGES`, and reads past all others.

    SECURITY: Django puts no limit to files, and any page, also without a sign-in, would write them to the disk.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._left = 0  # bytes, of all files of the request

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Find out how much the page takes: the largest file of any, each form judges its own."""
        try:
            page = resolve(self.request.path_info).view_name if self.request is not None else ""
        except Resolver404:
            page = ""
        self._left = settings.IMPORT_FILE_MAX if page in settings.FILE_PAGES else -1

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skip the file where nobody asked for it."""
        super().new_file(*args, **kwargs)
        if self._left < 0:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass on what comes, and stop keeping it where it is too much."""
        self._left -= len(raw_data)
        if self._left < 0:
            setattr(self.request, _TOO_LARGE, True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def was_too_large(request: Any) -> bool:
    """Whether the request brought a file that was too large to be kept."""
    return getattr(request, _TOO_LARGE, False)
