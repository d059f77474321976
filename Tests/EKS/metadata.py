#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""EC2's instance metadata service for the hosts of a lab: each host, known by its address, sees its own values.

Both versions, with the answer to a token request sent with the hop limit, as EC2 does it. Switches (faults.py):

imds-late S             connections end unanswered for S seconds after the switch was set
imds-tokens-required    version 1 is refused: 401 without a token
imds-no-tokens          version 2 is unknown: 404 for a token request
imds-hop-limit N        the hop limit of the token's answer, 1 if off; 0: it is never answered
imds-no-role            the instance has no role
imds-slow-token S       the answer to a token request takes S seconds
imds-tags               the instance shows its tags
imds-tags-of-another    the instance shows tags, and they are of another cluster
imds-disabled           403 for everything
"""

import argparse
import json
import os
import re
import secrets
import signal
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from faults import Faults

VERSION = re.compile(r"^/(latest|\d{4}-\d\d-\d\d|1\.0)/")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "EC2ws"
    sys_version = ""

    def is_on(self, name):
        return self.server.faults.lasts(name, self.client_address[0])

    def value(self, name):
        return self.server.faults.value(name, self.client_address[0])

    def gone(self):
        """Whether the service is not there for this client; ends the connection then."""
        if not self.is_on("imds-late"):
            return False
        self.close_connection = True
        return True

    def reply(self, status, text="", kind="text/plain", **headers):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self):
        if self.gone():
            return
        if self.is_on("imds-disabled"):
            return self.reply(403)
        if self.path != "/latest/api/token" or self.is_on("imds-no-tokens"):
            return self.reply(404)
        limit = int(self.value("imds-hop-limit") or 1)
        if limit == 0 or self.value("imds-hop-limit") == "0":
            time.sleep(60)
            self.close_connection = True
            return
        time.sleep(float(self.value("imds-slow-token") or 0))
        if self.headers.get("X-Forwarded-For"):
            return self.reply(403)
        seconds = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds", "")
        if not seconds.isdecimal() or not 1 <= int(seconds) <= 21600:
            return self.reply(400)
        token = secrets.token_urlsafe(40)
        self.server.tokens[token] = (self.client_address[0], time.time() + int(seconds))
        # For this answer alone: the connection may go on.
        before = self.connection.getsockopt(socket.IPPROTO_IP, socket.IP_TTL)
        self.connection.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, limit)
        self.reply(200, token, X_Aws_Ec2_Metadata_Token_Ttl_Seconds=seconds)
        self.wfile.flush()
        if limit > 1:
            self.connection.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, before)
        else:
            # An answer that is lost on its way is sent again; that may not get further.
            self.close_connection = True

    def do_GET(self):
        if self.gone():
            return
        if self.is_on("imds-disabled"):
            return self.reply(403)
        token = self.headers.get("X-aws-ec2-metadata-token")
        if token is None:
            if self.is_on("imds-tokens-required"):
                return self.reply(401)
        elif not self.is_on("imds-no-tokens"):
            owner, until = self.server.tokens.get(token, (None, 0))
            if owner != self.client_address[0] or until < time.time():
                return self.reply(401)
        text = self.lookup(VERSION.sub("", unquote(self.path)))
        if text is None:
            return self.reply(404)
        self.reply(200, text, "application/json" if text.startswith("{") else "text/plain")

    do_HEAD = do_GET

    def lookup(self, path):
        instance = self.server.instances().get(self.client_address[0])
        if instance is None:
            return None
        tree = dict(instance["tree"])
        if self.is_on("imds-no-role"):
            tree = {path: text for path, text in tree.items() if not path.startswith("meta-data/iam/")}
        tags = instance["tags"] if self.is_on("imds-tags") else None
        if self.is_on("imds-tags-of-another"):
            tags = {"kubernetes.io/cluster/another": "owned"}
        if tags is not None:
            # Keys may hold slashes: they are no folders.
            folder = "meta-data/tags/instance"
            if path.rstrip("/") == folder:
                return "\n".join(sorted(tags))
            if path.startswith(folder + "/"):
                return tags.get(path[len(folder) + 1 :])
        if path in tree:
            return tree[path]
        below = path.rstrip("/") + "/" if path else ""
        names = {
            rest.split("/")[0] + ("/" if "/" in rest else "")
            for rest in (key[len(below) :] for key in tree if key.startswith(below))
        }
        return "\n".join(sorted(names)) if names else None

    def log_message(self, form, *words):
        print(f"{time.strftime('%H:%M:%S')} {self.client_address[0]} {form % words}", flush=True)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, state):
        super().__init__(address, Handler)
        self.state, self.tokens = state, {}
        self.faults = Faults(os.path.join(state, "faults"))

    def instances(self):
        with open(os.path.join(self.state, "instances.json"), encoding="utf-8") as file:
            return json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--listen", default="169.254.169.254")
    parser.add_argument("--port", type=int, default=80)
    parser.add_argument("--state", required=True, help="the folder that cloud.py writes to")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = Server((options.listen, options.port), options.state)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
