#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The parts of EKS that act through the API: its signer of kubelets' server certificates and its cloud controller.

Certificate signing requests for kubernetes.io/kubelet-serving are approved and signed where they are a node's own,
for the names and addresses of its instance alone; nodes lose the taint of an uninitialised cloud node once
their instance is known, and get its addresses and labels; the role bindings that EKS has are made.
"""

import argparse
import base64
import datetime
import ipaddress
import json
import os
import signal
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.request

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SIGNER = "kubernetes.io/kubelet-serving"
TAINT = "node.cloudprovider.kubernetes.io/uninitialized"
CSRS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
GROUPS = "rbac.authorization.k8s.io"
BINDINGS = {
    # EKS's own: nodes enter by a token, not by a certificate, and ask for server certificates alone.
    "eks:node-bootstrapper": ("eks:node-bootstrapper", ["system:bootstrappers", "system:nodes"]),
}


class API:
    """The API server, as the user of a kubeconfig with a client certificate."""

    def __init__(self, kubeconfig):
        with open(kubeconfig, encoding="utf-8") as file:
            config = yaml.safe_load(file)
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self.server = cluster["server"]
        self.context = ssl.create_default_context(
            cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        with tempfile.NamedTemporaryFile() as pair:
            for part in ("client-certificate-data", "client-key-data"):
                pair.write(base64.b64decode(user[part]))
            pair.flush()
            self.context.load_cert_chain(pair.name)

    def call(self, method, path, document=None, kind="application/json"):
        request = urllib.request.Request(
            self.server + path, method=method, data=json.dumps(document).encode() if document else None,
            headers={"Content-Type": kind})
        with urllib.request.urlopen(request, context=self.context, timeout=10) as reply:
            return json.load(reply)

    def make(self, path, document):
        try:
            self.call("POST", path, document)
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise


class Authority:
    def __init__(self, certificate, key):
        with open(certificate, "rb") as file:
            self.certificate = x509.load_pem_x509_certificate(file.read())
        with open(key, "rb") as file:
            self.key = serialization.load_pem_private_key(file.read(), None)

    def sign(self, request, names):
        now = datetime.datetime.now(datetime.timezone.utc)
        usages = [ExtendedKeyUsageOID.SERVER_AUTH]
        made = (
            x509.CertificateBuilder()
            .subject_name(request.subject)
            .issuer_name(self.certificate.subject)
            .public_key(request.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(minutes=5))
            .not_valid_after(now + datetime.timedelta(days=45))
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(True, False, True, False, False, False, False, False, False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.certificate.public_key()), critical=False)
        )
        return made.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


class Controllers:
    def __init__(self, api, authority, state):
        self.api, self.authority, self.state = api, authority, state
        self.told = set()

    def instance(self, node):
        """The instance whose private DNS name is `node`."""
        with open(os.path.join(self.state, "instances.json"), encoding="utf-8") as file:
            for address, instance in json.load(file).items():
                if instance["tree"]["meta-data/local-hostname"] == node:
                    return address, instance["tree"]
        return None

    def round(self):
        for request in self.api.call("GET", CSRS)["items"]:
            conditions = request["status"].get("conditions", [])
            if request["spec"]["signerName"] == SIGNER and not conditions:
                self.certificate(request)
        for node in self.api.call("GET", "/api/v1/nodes")["items"]:
            if any(taint["key"] == TAINT for taint in node["spec"].get("taints", [])):
                self.initialise(node)

    def certificate(self, request):
        name, spec = request["metadata"]["name"], request["spec"]
        try:
            csr, names = self.check(spec)
        except ValueError as why:
            self.say(f"certificate signing request {name} of {spec['username']} is left alone: {why}")
            return
        approved = {"type": "Approved", "status": "True", "reason": "AutoApproved", "message": "EKS's signer"}
        request["status"]["conditions"] = [approved]
        request = self.api.call("PUT", f"{CSRS}/{name}/approval", request)
        request["status"]["certificate"] = base64.b64encode(self.authority.sign(csr, names)).decode()
        self.api.call("PUT", f"{CSRS}/{name}/status", request)
        values = ", ".join(str(value.value) for value in names)
        self.say(f"signed {name} for {spec['username']}: {values}")

    def check(self, spec):
        """The request and its names; raises ValueError where it is not a node's own."""
        user, prefix = spec["username"], "system:node:"
        if not user.startswith(prefix) or "system:nodes" not in spec.get("groups", []):
            raise ValueError("the requestor is no node")
        if set(spec["usages"]) != {"key encipherment", "digital signature", "server auth"}:
            raise ValueError(f"usages {spec['usages']}")
        csr = x509.load_pem_x509_csr(base64.b64decode(spec["request"]))
        if not csr.is_signature_valid:
            raise ValueError("its signature is not valid")
        subject = {(part.oid, part.value) for part in csr.subject}
        if subject != {(NameOID.COMMON_NAME, user), (NameOID.ORGANIZATION_NAME, "system:nodes")}:
            raise ValueError(f"subject {csr.subject.rfc4514_string()}")
        found = self.instance(user[len(prefix) :])
        if found is None:
            raise ValueError("no instance has that private DNS name")
        allowed = {x509.DNSName(user[len(prefix) :]), x509.IPAddress(ipaddress.ip_address(found[0]))}
        try:
            names = csr.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except x509.ExtensionNotFound:
            raise ValueError("it names nothing") from None
        strange = [str(name.value) for name in names if name not in allowed]
        if strange or not list(names):
            raise ValueError(f"names that are not the instance's: {', '.join(strange)}")
        return csr, names

    def initialise(self, node):
        name = node["metadata"]["name"]
        found = self.instance(name)
        if found is None:
            self.say(f"node {name} is no instance: its taint stays")
            return
        address, tree = found
        zone, region = (tree["meta-data/placement/" + key] for key in ("availability-zone", "region"))
        addresses = [{"type": kind, "address": value} for kind, value in (
            ("InternalIP", address), ("Hostname", name), ("InternalDNS", name))]
        self.api.call("PATCH", f"/api/v1/nodes/{name}/status", {"status": {"addresses": addresses}},
                      "application/strategic-merge-patch+json")
        spec = {"taints": [taint for taint in node["spec"]["taints"] if taint["key"] != TAINT] or None}
        provider = f"aws:///{zone}/{tree['meta-data/instance-id']}"
        if node["spec"].get("providerID", provider) != provider:
            self.say(f"node {name} says that it is {node['spec']['providerID']}, but it is {provider}: its taint stays")
            return
        spec["providerID"] = provider
        labels = {
            "node.kubernetes.io/instance-type": tree["meta-data/instance-type"],
            "topology.kubernetes.io/zone": zone, "topology.kubernetes.io/region": region}
        self.api.call("PATCH", f"/api/v1/nodes/{name}", {"metadata": {"labels": labels}, "spec": spec},
                      "application/merge-patch+json")
        self.say(f"initialised node {name}: {provider}")

    def bindings(self):
        base = f"/apis/{GROUPS}/v1"
        self.api.make(f"{base}/clusterroles", {
            "apiVersion": f"{GROUPS}/v1", "kind": "ClusterRole", "metadata": {"name": "eks:node-bootstrapper"},
            "rules": [{"apiGroups": ["certificates.k8s.io"], "verbs": ["create"],
                       "resources": ["certificatesigningrequests/selfnodeserver"]}]})
        for name, (role, groups) in BINDINGS.items():
            self.api.make(f"{base}/clusterrolebindings", {
                "apiVersion": f"{GROUPS}/v1", "kind": "ClusterRoleBinding", "metadata": {"name": name},
                "roleRef": {"apiGroup": GROUPS, "kind": "ClusterRole", "name": role},
                "subjects": [{"apiGroup": GROUPS, "kind": "Group", "name": group} for group in groups]})

    def say(self, text):
        # Once: what is left alone is met again in every round.
        if text not in self.told:
            self.told.add(text)
            print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kubeconfig", required=True, help="of an administrator, with a client certificate")
    parser.add_argument("--ca", required=True, metavar="CERT:KEY", help="the cluster's authority")
    parser.add_argument("--state", required=True, help="the folder that cloud.py writes to")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between rounds")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    controllers = Controllers(API(options.kubeconfig), Authority(*options.ca.split(":")), options.state)
    controllers.bindings()
    print("ready", flush=True)
    while True:
        try:
            controllers.round()
        except (OSError, urllib.error.URLError) as error:
            # An API server that restarts, or a node that changed meanwhile: the next round does it.
            controllers.say(f"{type(error).__name__}: {error}")
        time.sleep(options.pause)


if __name__ == "__main__":
    main()
