"""Restricts file uploads to known pages and sizes."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.urls import Resolver404, resolve

_TOO_LARGE = "upload_too_large"


class UploadAllowList(FileUploadHandler):
    """Accepts files on the pages in `FILE_PAGES`, and discards files on all others.

    SECURITY: Django does not limit the size of files. Any page, even without a sign-in, would write them to the disk.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._left = 0  # bytes, for all files of the request together

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Set the number of bytes that the page accepts.

        All pages share one maximum, and each form checks its own limit.
        """
        try:
            page = resolve(self.request.path_info).view_name if self.request is not None else ""
        except Resolver404:
            page = ""
        self._left = settings.IMPORT_FILE_MAX if page in settings.FILE_PAGES else -1

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skip the file if the page accepts no files."""
        super().new_file(*args, **kwargs)
        if self._left < 0:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the chunk on. Skip the file once it exceeds the limit."""
        self._left -= len(raw_data)
        if self._left < 0:
            setattr(self.request, _TOO_LARGE, True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def was_too_large(request: Any) -> bool:
    """Return whether the request contained a file above the limit."""
    return getattr(request, _TOO_LARGE, False)
