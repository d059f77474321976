# SPDX-License-Identifier: Apache-2.0
"""What AWS's services do before they listen: find out whose request it is, and whether it was really made so.

The signature is made a second time with botocore and the caller's secret, from the request as it arrived.
"""

import datetime
import hmac
import re
from urllib.parse import parse_qs, quote

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$"
)
# AWS takes signatures that are fifteen minutes old or five minutes early.
LATE = datetime.timedelta(minutes=15)
EARLY = datetime.timedelta(minutes=5)


class Refused(Exception):
    """Why a request is not taken: AWS's code, and words for a person; never a secret."""

    def __init__(self, code, message, status=403):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


class Signed:
    """A signed request as it arrived: from its Authorization header or, presigned, its query."""

    def __init__(self, environ, body):
        raw = environ.get("RAW_URI") or environ["REQUEST_URI"]
        path, _, query = raw.partition("?")
        self.method, self.path, self.body = environ["REQUEST_METHOD"], path, body
        self.headers = {
            key[5:].replace("_", "-").lower(): value
            for key, value in environ.items()
            if key.startswith("HTTP_")
        }
        for key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if environ.get(key):
                self.headers[key.replace("_", "-").lower()] = environ[key]
        fields = parse_qs(query, keep_blank_values=True)
        self.presigned = "X-Amz-Signature" in fields
        if self.presigned:
            self.query = "&".join(
                part for part in query.split("&") if not part.startswith("X-Amz-Signature=")
            )
            one = {key: values[0] for key, values in fields.items()}
            credential, names = one.get("X-Amz-Credential", ""), one.get("X-Amz-SignedHeaders", "")
            self.signature, self.date = one["X-Amz-Signature"], one.get("X-Amz-Date", "")
            self.token = one.get("X-Amz-Security-Token")
        else:
            match = AUTHORIZATION.match(self.headers.get("authorization", ""))
            if not match:
                raise Refused("MissingAuthenticationToken", "the request is not signed")
            self.query = query
            credential, names, self.signature = match.groups()
            self.date = self.headers.get("x-amz-date", "")
            self.token = self.headers.get("x-amz-security-token")
        scope = credential.split("/")
        if len(scope) != 5 or scope[4] != "aws4_request":
            raise Refused("IncompleteSignature", "the credential's scope is malformed", 400)
        self.key, self.day, self.region, self.service = scope[:4]
        self.signed_headers = names.split(";")

    def authorization(self):
        """The Authorization header that a presigned request would have had."""
        names = ";".join(self.signed_headers)
        credential = f"{self.key}/{self.day}/{self.region}/{self.service}/aws4_request"
        return f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={self.signature}"

    def verify(self, secret, token, now):
        """Raises Refused unless it was signed with `secret` (and the session's `token`) at about `now`."""
        if (self.token or None) != (token or None):
            raise Refused("InvalidClientTokenId", "the security token included in the request is invalid")
        try:
            made = datetime.datetime.strptime(self.date, "%Y%m%dT%H%M%SZ")
        except ValueError:
            raise Refused("IncompleteSignature", "the date is malformed", 400) from None
        if not self.date.startswith(self.day):
            raise Refused("SignatureDoesNotMatch", "the credential's day is not the date's")
        if made < now - LATE:
            raise Refused("SignatureDoesNotMatch", f"Signature expired: {made} is now earlier than {now - LATE}")
        if made > now + EARLY:
            raise Refused("SignatureDoesNotMatch", f"Signature not yet current: {made} is still later than {now + EARLY}")
        if "host" not in self.signed_headers:
            raise Refused("SignatureDoesNotMatch", "'Host' must be a signed header")
        missing = [name for name in self.signed_headers if name not in self.headers]
        if missing:
            raise Refused("SignatureDoesNotMatch", "signed headers are absent: " + ", ".join(missing))
        headers = {name: self.headers[name] for name in self.signed_headers}
        url = f"http://{self.headers['host']}{self.path}" + (f"?{self.query}" if self.query else "")
        request = AWSRequest(self.method, url, headers=headers, data=b"" if self.presigned else self.body)
        request.context["timestamp"] = self.date
        auth = AsArrived(Credentials(self.key, secret), self.service, self.region)
        expected = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        if not hmac.compare_digest(expected, self.signature):
            raise Refused("SignatureDoesNotMatch", "the signature we calculated does not match the one provided")


class AsArrived(SigV4Auth):
    """Signs just the headers that there are, and the path quoted as it came, once more."""

    def headers_to_sign(self, request):
        return request.headers

    def _normalize_url_path(self, path):
        return quote(path or "/", safe="/~")
