// SPDX-License-Identifier: Apache-2.0

extension BadFile {
  private static let workers = """
    apiVersion: kubewright/v1alpha1
    kind: Cluster
    metadata: {name: demo}
    spec:
      kubernetes: {version: v1.30.4}
      controlPlane:
        eks: {cluster: production}
      hosts:
        - name: a

    """

  private static func edited(_ name: String, _ edits: [(String, String)], _ expected: [String])
    -> Self
  {
    var text = workers
    for (old, new) in edits { text = text.replacing(old, with: new, maxReplacements: 1) }
    return Self(name, text: text, expected: expected)
  }

  /// Files that join a cluster of EKS.
  static let eks: [Self] = [
    edited(
      "neither an endpoint nor EKS",
      [("    eks: {cluster: production}", "    extraSANs: [a.b]")],
      [
        "c.yaml:7:5: error: spec.controlPlane.endpoint: is missing: it is an address or DNS name with a port, such as kubernetes.example.com:6443; or give eks for a cluster of Amazon EKS",
        "c.yaml:9:7: error: spec.hosts[0].nodeIP: is missing: it is an IPv4 address, such as 192.0.2.11",
        "c.yaml:9:7: error: spec.hosts[0].roles: is missing",
      ]
    ),
    edited(
      "an endpoint and EKS",
      [("    eks:", "    endpoint: a.b\n    eks:")],
      [
        "c.yaml:8:10: error: spec.controlPlane.eks: rules out controlPlane.endpoint: the control plane is EKS's or ours"
      ]
    ),
    edited(
      "a zone for a region, a role and a pod network of its own",
      [
        ("production}", "production, region: eu-west-1a}"),
        ("- name: a", "- name: a\n      roles: [worker, etcd]"),
        ("  hosts:", "  network: {cni: {type: bridge}, podCIDR: 10.1.0.0/16}\n  hosts:"),
      ],
      [
        "c.yaml:7:40: error: spec.controlPlane.eks.region: is an availability zone; did you mean 'eu-west-1'?",
        "c.yaml:8:25: error: spec.network.cni.type: is the cluster's matter, whose DaemonSet aws-node brings the pod network (allowed: none)",
        "c.yaml:8:43: warning: spec.network.podCIDR: has no effect: EKS runs the control plane and its add-ons",
        "c.yaml:11:14: error: spec.hosts[0].roles: EKS runs the control plane: its hosts are workers (allowed: worker)",
      ]
    ),
    edited(
      "a cloud provider that the kubelet does not have, and a key for a certificate",
      [
        (
          "production}",
          "production, cloudProvider: in-tree, certificateAuthority: \"-----BEGIN PRIVATE KEY-----\"}"
        )
      ],
      [
        "c.yaml:7:47: error: spec.controlPlane.eks.cloudProvider: the kubelet of Kubernetes 1.30 has no code for AWS: 1.26 is the last that has (allowed: external)",
        "c.yaml:7:78: error: spec.controlPlane.eks.certificateAuthority: is a private key: give the certificate",
      ]
    ),
  ]
}
