// SPDX-License-Identifier: Apache-2.0

import Components
import Facts
import Spec
import Values

extension Fixture {
  /// A worker of EKS by the name of worker.
  static func eks(_ minor: Minor, _ eks: EKSSpec = EKSSpec(cluster: "production")) -> Fixture {
    var fixture = Fixture(minor)
    fixture.cluster.controlPlane = ControlPlaneSpec(eks: eks)
    fixture.cluster.network.cni = .none
    fixture.cluster.hosts = [
      HostSpec(
        name: "worker",
        ssh: nil,
        nodeIP: .unspecified,
        roles: [.worker],
        runtime: RuntimeSpec(engine: .containerd),
        labels: ["runtime": "containerd"]
      )
    ]
    fixture.supplied = ["aws-iam-authenticator", "ecr-credential-provider", "kubewright"]
    fixture.facts.cpus = 2
    fixture.facts.instance = InstanceIdentity(
      id: "i-0123456789abcdef0",
      type: "m5.large",
      zone: "eu-west-1b",
      region: "eu-west-1",
      address: IPv4Address(raw: 0x0A01_0203),
      hostname: "ip-10-1-2-3.eu-west-1.compute.internal"
    )
    fixture.membership = EKSMembership(
      cluster: "production",
      region: "eu-west-1",
      endpoint: "https://0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
      authority: "-----BEGIN CERTIFICATE-----\nEKS\n-----END CERTIFICATE-----\n",
      serviceNetwork: CIDR("172.20.0.0/16"),
      authenticator: eks.authenticator,
      chosenCloudProvider: eks.cloudProvider,
      ec2Endpoint: eks.endpoints.ec2,
      stsEndpoint: eks.endpoints.sts,
      maxPods: 29
    )
    return fixture
  }
}
