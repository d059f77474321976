#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""AWS for a lab: EKS, EC2, STS and IAM of one account, in one process, out of moto.

moto answers; what it does not do is done around it: each request's signature is checked, DescribeCluster tells
of a real control plane, the lab's hosts are EC2 instances under their own addresses, and faults can be
switched on (see faults.py and README.md).
"""

import argparse
import base64
import copy
import datetime
import email.utils
import io
import json
import os
import signal
import sys
import threading
import time
from urllib.parse import parse_qs

import boto3
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.ec2.models import ec2_backends
from moto.eks.models import EKSBackend, eks_backends
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sts.models import sts_backends
from werkzeug.serving import WSGIRequestHandler, make_server

from faults import Faults
from sigv4 import Refused, Signed

NODE_ROLE, ADMIN_ROLE, STRANGER_ROLE = "eks-worker-node", "eks-admin", "eks-stranger"


class Front:
    """What stands before moto: signatures, faults, and a line of log for each request."""

    def __init__(self, faults):
        self.faults = faults
        self.moto = DomainDispatcherApplication(create_backend_app)

    def now(self):
        shift = float(self.faults.value("clock") or 0)
        return datetime.datetime.fromtimestamp(time.time() + shift, datetime.timezone.utc)

    def __call__(self, environ, start_response):
        client = environ["REMOTE_ADDR"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        service, action, key = "?", environ["REQUEST_METHOD"] + " " + environ["PATH_INFO"], "-"
        date = ("Date", email.utils.format_datetime(self.now(), usegmt=True))
        try:
            query = environ.get("QUERY_STRING") or body.decode("utf-8", "replace")
            action = parse_qs(query).get("Action", [action])[0]
            if action in ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"):
                service = "sts"
            else:
                request = Signed(environ, body)
                service, key = request.service, request.key
                request.verify(*self.secret(key, request.token), self.now().replace(tzinfo=None))
                if request.presigned:
                    environ["HTTP_AUTHORIZATION"] = request.authorization()
            self.fail(service, client)
        except Refused as refused:
            self.log(client, service, action, refused.status, key, str(refused))
            return refusal(service, refused, date, start_response)

        def answer(status, headers, *rest):
            self.log(client, service, action, status.split()[0], key)
            return start_response(status, [h for h in headers if h[0].lower() != "date"] + [date], *rest)

        return self.moto(environ, answer)

    def secret(self, key, token):
        """The secret and session token of an access key."""
        for role in sts_backends[ACCOUNT]["aws"].assumed_roles:
            if role.access_key_id == key:
                if role.expiration.replace(tzinfo=None) < self.now().replace(tzinfo=None):
                    raise Refused("ExpiredToken", "the security token included in the request is expired")
                return role.secret_access_key, role.session_token
        for user in iam_backends[ACCOUNT]["aws"].users.values():
            for known in user.access_keys:
                if known.access_key_id == key:
                    return known.secret_access_key, None
        raise Refused("InvalidClientTokenId", "the security token included in the request is invalid")

    def fail(self, service, client):
        if self.faults.lasts(f"{service}-throttle", client):
            code = {"eks": "ThrottlingException", "ec2": "RequestLimitExceeded"}.get(service, "Throttling")
            raise Refused(code, "Rate exceeded", 503 if service == "ec2" else 400)
        if self.faults.lasts(f"{service}-unavailable", client):
            raise Refused("ServiceUnavailable", "the service is unavailable", 503)
        if self.faults.lasts(f"{service}-denied", client):
            code = {"eks": "AccessDeniedException", "ec2": "UnauthorizedOperation"}.get(service, "AccessDenied")
            raise Refused(code, "the caller is not authorized to perform this operation")

    @staticmethod
    def log(client, service, action, status, key, why=""):
        print(f"{time.strftime('%H:%M:%S')} {client} {service} {action} {status} {key} {why}".rstrip(), flush=True)


# STS's codes in the words of others.
WORDS = {
    "eks": {
        "ExpiredToken": "ExpiredTokenException", "IncompleteSignature": "IncompleteSignatureException",
        "InvalidClientTokenId": "UnrecognizedClientException", "SignatureDoesNotMatch": "InvalidSignatureException",
        "MissingAuthenticationToken": "MissingAuthenticationTokenException"},
    "ec2": {
        "ExpiredToken": "RequestExpired", "InvalidClientTokenId": "AuthFailure", "SignatureDoesNotMatch": "AuthFailure"},
}  # fmt: skip


def refusal(service, refused, date, start_response):
    code, message = refused.code, refused.message
    code = WORDS.get(service, {}).get(code, code)
    if service == "eks":
        kind, text = "application/json", json.dumps({"message": message})
    elif service == "ec2":
        kind = "text/xml"
        text = f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors></Response>"
    else:
        kind = "text/xml"
        text = (
            '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
            f"<Code>{code}</Code><Message>{message}</Message></Error><RequestId>0</RequestId></ErrorResponse>"
        )
    body = text.encode()
    headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("x-amzn-errortype", code), date]
    start_response(f"{refused.status} {code}", headers)
    return [body]


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def send_response(self, code, message=None):
        # Its own would add a date beside ours.
        self.send_response_only(code, message)

    def log_request(self, *_):
        pass


def seed(options, faults):
    """Makes the account's contents; returns what metadata.py has to tell each instance."""
    iam = iam_backends[ACCOUNT]["aws"]
    iam.create_user(options.region, "operator")
    key = iam.create_access_key("operator")
    session = boto3.Session(key.access_key_id, key.secret_access_key, region_name=options.region)

    def client(service):
        return session.client(service, endpoint_url=f"http://{options.listen}:{options.port}")

    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam_client, sts = client("iam"), client("sts")
    for role in (NODE_ROLE, ADMIN_ROLE, STRANGER_ROLE):
        iam_client.create_role(RoleName=role, AssumeRolePolicyDocument=trust)
    iam_client.create_instance_profile(InstanceProfileName=NODE_ROLE)
    iam_client.add_role_to_instance_profile(InstanceProfileName=NODE_ROLE, RoleName=NODE_ROLE)

    def assume(role, name):
        arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
        return sts.assume_role(RoleArn=arn, RoleSessionName=name, DurationSeconds=21600)["Credentials"]

    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock=options.vpc)["Vpc"]["VpcId"]
    zone = options.region + "a"
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=options.subnet, AvailabilityZone=zone)["Subnet"]["SubnetId"]
    image = ec2.describe_images()["Images"][0]["ImageId"]
    network = {"subnetIds": [subnet]}
    client("eks").create_cluster(
        name=options.cluster, version=options.version, roleArn=f"arn:aws:iam::{ACCOUNT}:role/{ADMIN_ROLE}",
        resourcesVpcConfig=network, kubernetesNetworkConfig={"serviceIpv4Cidr": options.service_cidr})  # fmt: skip
    real_cluster(options, faults)

    instances, keys = {}, {"operator": (key.access_key_id, key.secret_access_key, None)}
    for name, address, mac in (worker.split("=") for worker in options.worker):
        made = ec2.run_instances(
            ImageId=image, MinCount=1, MaxCount=1, InstanceType=options.instance_type, SubnetId=subnet,
            PrivateIpAddress=address, IamInstanceProfile={"Name": NODE_ROLE}, TagSpecifications=[{
                "ResourceType": "instance", "Tags": [
                    {"Key": f"kubernetes.io/cluster/{options.cluster}", "Value": "owned"},
                    {"Key": "Name", "Value": name}]}])["Instances"][0]  # fmt: skip
        backend = ec2_backends[ACCOUNT][options.region].get_instance(made["InstanceId"])
        backend.nics[0].mac_address = mac
        credentials = assume(NODE_ROLE, made["InstanceId"])
        keys[name] = (credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"])
        instances[address] = metadata(options, name, made, mac, zone, vpc, subnet, credentials)
    for role in (ADMIN_ROLE, STRANGER_ROLE):
        made = assume(role, "person")
        keys[role] = (made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    return instances, keys


def real_cluster(options, faults):
    """DescribeCluster tells of the lab's control plane, whose authority moto cannot know."""
    cluster = eks_backends[ACCOUNT][options.region].clusters[options.cluster]
    cluster.endpoint = options.endpoint
    with open(options.ca_file, "rb") as file:
        cluster.certificate_authority = {"data": base64.b64encode(file.read()).decode()}
    cluster.access_config = {"authenticationMode": "CONFIG_MAP"}
    described = EKSBackend.describe_cluster

    def describe_cluster(self, name):
        found = described(self, name)
        if faults.lasts("eks-creating"):
            found = copy.copy(found)
            found.status, found.endpoint, found.certificate_authority = "CREATING", None, None
        return found

    EKSBackend.describe_cluster = describe_cluster


def metadata(options, name, instance, mac, zone, vpc, subnet, credentials):
    address, host = instance["PrivateIpAddress"], instance["PrivateDnsName"]
    lan = f"network/interfaces/macs/{mac}"
    document = {
        "accountId": ACCOUNT, "architecture": "x86_64", "availabilityZone": zone, "imageId": instance["ImageId"],
        "instanceId": instance["InstanceId"], "instanceType": options.instance_type, "privateIp": address,
        "region": options.region, "version": "2017-09-30"}  # fmt: skip
    secret = {
        "Code": "Success", "Type": "AWS-HMAC", "LastUpdated": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "AccessKeyId": credentials["AccessKeyId"], "SecretAccessKey": credentials["SecretAccessKey"],
        "Token": credentials["SessionToken"],
        "Expiration": credentials["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")}  # fmt: skip
    values = {
        "ami-id": instance["ImageId"], "hostname": host, "instance-id": instance["InstanceId"],
        "instance-type": options.instance_type, "local-hostname": host, "local-ipv4": address, "mac": mac,
        "placement/availability-zone": zone, "placement/region": options.region,
        "services/domain": "amazonaws.com", "services/partition": "aws",
        "iam/info": json.dumps({"Code": "Success", "InstanceProfileArn": instance["IamInstanceProfile"]["Arn"]}),
        f"iam/security-credentials/{NODE_ROLE}": json.dumps(secret),
        f"{lan}/device-number": "0", f"{lan}/local-hostname": host, f"{lan}/local-ipv4s": address,
        f"{lan}/mac": mac, f"{lan}/owner-id": ACCOUNT, f"{lan}/subnet-id": subnet,
        f"{lan}/subnet-ipv4-cidr-block": options.subnet, f"{lan}/vpc-id": vpc,
        f"{lan}/vpc-ipv4-cidr-block": options.vpc, f"{lan}/vpc-ipv4-cidr-blocks": options.vpc}  # fmt: skip
    return {
        "name": name,
        "tree": {f"meta-data/{path}": text for path, text in values.items()}
        | {"dynamic/instance-identity/document": json.dumps(document)},
        "tags": {tag["Key"]: tag["Value"] for tag in instance["Tags"]},
    }


def write(path, text):
    """A file of secrets, whole or not at all."""
    with open(os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", required=True, help="address")
    parser.add_argument("--port", type=int, default=4566, help="of plain HTTP")
    parser.add_argument("--tls", metavar="CERT:KEY", help="listen on port 443 as well")
    parser.add_argument("--state", required=True, help="folder for instances.json, keys/ and faults/")
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--endpoint", required=True, help="of the control plane: https://…")
    parser.add_argument("--ca-file", required=True, help="the control plane's authority")
    parser.add_argument("--region", default="us-west-2")
    parser.add_argument("--version", default="1.20")
    parser.add_argument("--service-cidr", default="10.100.0.0/16")
    parser.add_argument("--vpc", default="172.30.0.0/16")
    parser.add_argument("--subnet", default="172.30.80.0/24")
    parser.add_argument("--instance-type", default="m5.large")
    parser.add_argument("--worker", action="append", default=[], metavar="NAME=ADDRESS=MAC")
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    faults = Faults(os.path.join(options.state, "faults"))
    front = Front(faults)
    servers = [make_server(options.listen, options.port, front, threaded=True, request_handler=Quiet)]
    if options.tls:
        pair = tuple(options.tls.split(":"))
        servers.append(make_server(options.listen, 443, front, threaded=True, request_handler=Quiet, ssl_context=pair))
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    instances, keys = seed(options, faults)
    os.makedirs(os.path.join(options.state, "keys"), mode=0o700, exist_ok=True)
    for name, (key, secret, token) in keys.items():
        lines = [f"AWS_ACCESS_KEY_ID={key}", f"AWS_SECRET_ACCESS_KEY={secret}", f"AWS_REGION={options.region}",
                 f"AWS_DEFAULT_REGION={options.region}"]
        lines += [f"AWS_SESSION_TOKEN={token}"] if token else []
        write(os.path.join(options.state, "keys", name + ".env"), "\n".join(lines) + "\n")
    write(os.path.join(options.state, "instances.json"), json.dumps(instances, indent=1))
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
