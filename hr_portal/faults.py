"""What the operating system refuses, in words for whoever runs a command or reads a setting."""

import errno
from typing import Final

_WORDS: Final = {
    errno.ENOENT: "berkas atau foldernya tidak ada",
    errno.ENOTDIR: "bagian dari alamatnya bukan folder",
    errno.EISDIR: "itu folder, bukan berkas",
    errno.EACCES: "tidak ada izin",
    errno.EPERM: "tidak ada izin",
    errno.EROFS: "tempatnya hanya dapat dibaca",
    errno.ENOSPC: "disk penuh",
    errno.EDQUOT: "jatah disk habis",
    errno.EFBIG: "berkasnya terlalu besar untuk tempat itu",
    errno.EIO: "disk bermasalah",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
}


def why(error: OSError) -> str:
    """Return why a file could not be used, without a stop; the system's own words at last."""
    return _WORDS.get(error.errno or 0) or error.strerror or type(error).__name__
