"""Supporting documents: what is let in, and the copy that is made of it.

`make_safe` is the door. Nothing of an uploaded document is opened in the
process that calls it: a limited child does that, see `child`.
"""

from hr_portal.adapters.documents.door import SafeDocument, make_safe, told_type
from hr_portal.adapters.documents.limits import DEFAULT, DocumentLimits
from hr_portal.adapters.documents.refusals import DocumentRefused

__all__ = ["DEFAULT", "DocumentLimits", "DocumentRefused", "SafeDocument", "make_safe", "told_type"]
