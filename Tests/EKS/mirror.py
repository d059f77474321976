# SPDX-License-Identifier: Apache-2.0
"""Serves a folder over HTTPS: a mirror of programs."""

import argparse
import functools
import http.server
import ssl

parser = argparse.ArgumentParser()
for name in ("listen", "folder", "certificate", "key"):
    parser.add_argument(f"--{name}", required=True)
parser.add_argument("--port", type=int, required=True)
options = parser.parse_args()

handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=options.folder)
server = http.server.ThreadingHTTPServer((options.listen, options.port), handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(options.certificate, options.key)
server.socket = context.wrap_socket(server.socket, server_side=True)
print("ready", flush=True)
server.serve_forever()
