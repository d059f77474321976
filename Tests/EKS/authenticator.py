#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What EKS runs beside its API server: tokens that are presigned GetCallerIdentity requests, as TokenReviews.

A token is checked as strictly as aws-iam-authenticator does it, the request in it is made (STS finds out
whether it was signed rightly, and for this cluster), and the role that STS names is looked up in a file
of aws-auth's form. Why a token was refused is logged; the token is not.
"""

import argparse
import base64
import binascii
import datetime
import http.client
import json
import os
import re
import signal
import ssl
import sys
import time
import xml.etree.ElementTree
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import boto3
import yaml

PREFIX = "k8s-aws-v1."
# No token is longer than that.
LIMIT = 16 << 10
PARAMETERS = {
    "action", "version", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires",
    "x-amz-security-token", "x-amz-signature", "x-amz-signedheaders", "x-amz-user-agent"}  # fmt: skip
VALID = datetime.timedelta(minutes=15)
IDENTITY = re.compile(r"arn:(aws[^:]*):(sts|iam)::(\d+):(assumed-role|role|user)/(.+)")


class Denied(Exception):
    """Why a token is not taken."""


class Token:
    """A token whose form was checked: the URL in it is a GetCallerIdentity request, and nothing else."""

    def __init__(self, text, endpoints, now):
        if len(text) > LIMIT:
            raise Denied("token is too large")
        if not text.startswith(PREFIX):
            raise Denied(f"token is missing expected {PREFIX!r} prefix")
        encoded = text[len(PREFIX) :]
        try:
            if not re.fullmatch("[A-Za-z0-9_-]*", encoded):
                raise ValueError
            self.url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii")
            parts = urlsplit(self.url)
            port = parts.port
        except (ValueError, binascii.Error):
            raise Denied("token is not a URL in base64url without padding") from None
        self.host = f"{parts.hostname}:{port}" if port else parts.hostname
        self.target = endpoints.get(f"{parts.scheme}://{self.host}")
        if self.target is None or parts.username or parts.fragment:
            raise Denied(f"unexpected host or scheme {parts.scheme}://{self.host} in pre-signed URL")
        if parts.path != "/":
            raise Denied("unexpected path in pre-signed URL")
        fields = {}
        for name, value in parse_qsl(parts.query, keep_blank_values=True):
            if name.lower() not in PARAMETERS:
                raise Denied(f"non-whitelisted query parameter {name!r}")
            if name.lower() in fields:
                raise Denied(f"query parameter {name!r} with multiple values")
            fields[name.lower()] = value
        if fields.get("action") != "GetCallerIdentity":
            raise Denied("unexpected action parameter in pre-signed URL")
        if "x-k8s-aws-id" not in fields.get("x-amz-signedheaders", "").split(";"):
            raise Denied("client did not sign the x-k8s-aws-id header in the pre-signed URL")
        seconds = fields.get("x-amz-expires", "")
        if not seconds.isdecimal() or int(seconds) > VALID.total_seconds():
            raise Denied(f"invalid X-Amz-Expires parameter {seconds!r} in pre-signed URL")
        try:
            made = datetime.datetime.strptime(fields.get("x-amz-date", ""), "%Y%m%dT%H%M%SZ")
        except ValueError:
            raise Denied("X-Amz-Date parameter is absent or malformed") from None
        if made + VALID < now:
            raise Denied(f"X-Amz-Date parameter is expired ({made})")
        self.request = f"/?{parts.query}"
        self.key = fields.get("x-amz-credential", "").split("/")[0]


def caller(token, cluster):
    """Who signed it, as STS says."""
    scheme, place = token.target.split("://")
    kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
    connection = kind(place, timeout=10)
    try:
        headers = {"Host": token.host, "x-k8s-aws-id": cluster, "Accept": "application/xml"}
        connection.request("GET", token.request, headers=headers)
        reply = connection.getresponse()
        body = reply.read(1 << 20)
    finally:
        connection.close()
    answer = {element.tag.split("}")[-1]: element.text for element in xml.etree.ElementTree.fromstring(body).iter()}
    if reply.status != 200:
        raise Denied(f"error from AWS (expected 200, got {reply.status}): {answer.get('Code')}: {answer.get('Message')}")
    return answer["Arn"], answer["UserId"], answer["Account"]


class Mapping:
    """A file of aws-auth's form: the ConfigMap, or its data alone."""

    def __init__(self, path, instances):
        self.path, self.instances = path, instances

    def entries(self):
        with open(self.path, encoding="utf-8") as file:
            data = yaml.safe_load(file) or {}
        data = data.get("data", data)

        def part(name):
            value = data.get(name) or []
            return yaml.safe_load(value) or [] if isinstance(value, str) else value

        return {entry["rolearn"].lower(): entry for entry in part("mapRoles")} | {
            entry["userarn"].lower(): entry for entry in part("mapUsers")
        }

    def identity(self, arn):
        """User name, groups and session name for an ARN that STS named."""
        match = IDENTITY.fullmatch(arn)
        if not match:
            raise Denied(f"identity {arn} is neither a role nor a user")
        partition, _, account, kind, name = match.groups()
        session = ""
        if kind == "assumed-role":
            name, _, session = name.partition("/")
            kind = "role"
        canonical = f"arn:{partition}:iam::{account}:{kind}/{name}"
        entry = self.entries().get(canonical.lower())
        if entry is None:
            raise Denied(f"{canonical} is not mapped")
        user = entry.get("username") or canonical
        user = user.replace("{{AccountID}}", account).replace("{{SessionNameRaw}}", session)
        user = user.replace("{{SessionName}}", session.replace("@", "-"))
        if "{{EC2PrivateDNSName}}" in user:
            user = user.replace("{{EC2PrivateDNSName}}", self.instances(session))
        return user, entry.get("groups") or [], session, canonical


def instances(endpoint, region):
    """A function from instance ids to private DNS names, out of EC2."""
    client = boto3.client("ec2", endpoint_url=endpoint, region_name=region)

    def name(instance):
        if not re.fullmatch(r"i-[0-9a-f]+", instance):
            raise Denied(f"session name {instance!r} is no instance id")
        try:
            found = client.describe_instances(InstanceIds=[instance])["Reservations"]
        except client.exceptions.ClientError as error:
            raise Denied(f"EC2 does not tell of {instance}: {error.response['Error']['Code']}") from None
        return found[0]["Instances"][0]["PrivateDnsName"]

    return name


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            review = json.loads(body)
            text, version = review["spec"]["token"], review["apiVersion"]
        except (ValueError, KeyError, TypeError):
            return self.reply(400, {"error": "not a TokenReview"})
        if self.path.partition("?")[0] != "/authenticate":
            return self.reply(404, {"error": "not found"})
        try:
            status = self.review(text)
        except Denied as why:
            self.log(f"denied: {why}")
            status = {"authenticated": False, "error": str(why)}
        except Exception as error:
            # Not the caller's fault; the token stays out of the log.
            self.log(f"failed: {type(error).__name__}")
            return self.reply(500, {"error": "internal"})
        self.reply(200, {"apiVersion": version, "kind": "TokenReview", "status": status})

    def review(self, text):
        server = self.server
        token = Token(text, server.endpoints, datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None))
        arn, user_id, account = caller(token, server.cluster)
        user, groups, session, canonical = server.mapping.identity(arn)
        self.log(f"granted: {arn} is {user}, {','.join(groups)}")
        extra = {"arn": [arn], "canonicalArn": [canonical], "sessionName": [session], "accessKeyId": [token.key]}
        uid = f"aws-iam-authenticator:{account}:{user_id.split(':')[0]}"
        return {"authenticated": True, "user": {"username": user, "uid": uid, "groups": groups, "extra": extra}}

    def reply(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log(self, text):
        print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)

    def log_request(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", required=True, help="address")
    parser.add_argument("--port", type=int, default=21362)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--mapping", required=True, help="file of aws-auth's form; read at each request")
    parser.add_argument("--sts", action="append", required=True, metavar="URL[=URL]",
                        help="an STS that tokens may be for, and where it is to be asked")  # fmt: skip
    parser.add_argument("--ec2", required=True, metavar="URL")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION", "us-west-2"))
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Server((options.listen, options.port), Handler)
    server.endpoints = {url: place or url for url, _, place in (text.partition("=") for text in options.sts)}
    server.cluster = options.cluster
    server.mapping = Mapping(options.mapping, instances(options.ec2, options.region))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
