// SPDX-License-Identifier: Apache-2.0

import PKI
import Spec
import TestSupport
import Testing
import Values

/// A field in which our certificate is another than kubeadm's, on purpose.
private struct Difference: Hashable {
  var certificate: String
  var field: String
  var kubeadm: String?
  var ours: String?
}

/// What kubeadm makes, field by field.
struct KubeadmComparisonTests {
  @Test(.enabled(if: programs != nil, "KUBEWRIGHT_PROGRAMS names no folder with kubeadm"))
  func `certificates are kubeadm's but for the deliberate differences`() async throws {
    let folder = try Scratch()
    let cluster = ClusterSpec.sample(pki: PKISpec(algorithm: .rsa2048))
    try await runKubeadm(cluster, folder)
    let bundle = try await PKIStore(directory: folder.store).ensure(
      cluster: cluster,
      dryRun: true
    ).bundle
    try folder.unpack(bundle)

    var found: Set<Difference> = []
    for (kubeadm, ours) in Self.pairs {
      let theirs = try await fields("kubeadm/\(kubeadm)", folder)
      let own = try await fields(ours, folder)
      #expect(theirs.keys.contains("subject"))
      for field in Set(theirs.keys).union(own.keys) where theirs[field] != own[field] {
        found.insert(
          Difference(certificate: ours, field: field, kubeadm: theirs[field], ours: own[field])
        )
      }
    }
    #expect(found.subtracting(Self.deliberate) == [])
    #expect(Self.deliberate.subtracting(found) == [])
    // Both are read alike by Kubernetes: the public half has the same form too.
    #expect(
      try folder.text(of: "kubeadm/sa.pub").hasPrefix("-----BEGIN PUBLIC KEY-----\n")
        && bundle.serviceAccountPublicKey.hasPrefix("-----BEGIN PUBLIC KEY-----\n")
    )
  }

  private static let authorities = ["cluster-authority", "etcd-authority", "front-proxy-authority"]

  private static let pairs = [
    ("ca", "cluster-authority"), ("etcd/ca", "etcd-authority"),
    ("front-proxy-ca", "front-proxy-authority"), ("apiserver", "apiserver@one"),
    ("apiserver-kubelet-client", "apiserver-kubelet-client@one"),
    ("apiserver-etcd-client", "apiserver-etcd-client@one"),
    ("front-proxy-client", "front-proxy-client@one"), ("etcd/server", "etcd-server@one"),
    ("etcd/peer", "etcd-peer@one"), ("etcd/healthcheck-client", "etcd-healthcheck-client"),
  ]

  private static let deliberate: Set<Difference> = {
    var all: Set<Difference> = []
    func differ(_ name: String, _ field: String, _ kubeadm: String?, _ ours: String?) {
      all.insert(Difference(certificate: name, field: field, kubeadm: kubeadm, ours: ours))
    }
    for authority in authorities {
      // No intermediate may come below: a leaf that got hold of a signing bit is still worth nothing.
      differ(authority, "Basic Constraints", "critical CA:TRUE", "critical CA:TRUE, pathlen:0")
      // An authority's key enciphers nothing; lists of revoked certificates are its to sign.
      differ(
        authority,
        "Key Usage",
        "critical Digital Signature, Key Encipherment, Certificate Sign",
        "critical Digital Signature, Certificate Sign, CRL Sign"
      )
    }
    for (_, leaf) in pairs where !authorities.contains(leaf) {
      // Said outright, as verifiers with strict rules want it; and RFC 5280 4.2.1.2 wants the identifier.
      differ(leaf, "Basic Constraints", nil, "critical CA:FALSE")
      differ(leaf, "Subject Key Identifier", nil, "present")
    }
    // Clients on the host itself, and the operator through a tunnel, connect to these.
    differ(
      "apiserver@one",
      "Subject Alternative Name",
      "DNS:api.example.org, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, "
        + "DNS:kubernetes.default.svc.cluster.local, DNS:one, IP Address:10.0.0.1, "
        + "IP Address:10.96.0.1",
      "DNS:api.example.org, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, "
        + "DNS:kubernetes.default.svc.cluster.local, DNS:localhost, DNS:one, IP Address:10.0.0.1, "
        + "IP Address:10.96.0.1, IP Address:127.0.0.1"
    )
    // Clusters have IPv4 addresses only.
    for leaf in ["etcd-server@one", "etcd-peer@one"] {
      differ(
        leaf,
        "Subject Alternative Name",
        "DNS:localhost, DNS:one, IP Address:0:0:0:0:0:0:0:1, IP Address:10.0.0.1, "
          + "IP Address:127.0.0.1",
        "DNS:localhost, DNS:one, IP Address:10.0.0.1, IP Address:127.0.0.1"
      )
    }
    // RBAC binds the kubelets' API to the user; etcd knows no groups. Masters are beyond any RBAC.
    for (leaf, user) in [
      ("apiserver-kubelet-client@one", "kube-apiserver-kubelet-client"),
      ("apiserver-etcd-client@one", "kube-apiserver-etcd-client"),
      ("etcd-healthcheck-client", "kube-etcd-healthcheck-client"),
    ] {
      differ(leaf, "subject", "O=system:masters,CN=\(user)", "CN=\(user)")
    }
    return all
  }()

  private func runKubeadm(_ cluster: ClusterSpec, _ folder: Scratch) async throws {
    try folder.write(
      """
      apiVersion: kubeadm.k8s.io/v1beta2
      kind: InitConfiguration
      localAPIEndpoint: {advertiseAddress: \(cluster.hosts[0].nodeIP)}
      nodeRegistration: {name: \(cluster.hosts[0].name), criSocket: /run/none.sock}
      ---
      apiVersion: kubeadm.k8s.io/v1beta2
      kind: ClusterConfiguration
      kubernetesVersion: \(cluster.kubernetes.version)
      certificatesDir: \(folder.path)/kubeadm
      controlPlaneEndpoint: \(cluster.controlPlane.endpoint)
      networking: {serviceSubnet: \(cluster.network.serviceCIDR)}

      """,
      to: "kubeadm.yaml"
    )
    try await tool(
      "env",
      "\(programs ?? "")/kubeadm",
      "init",
      "phase",
      "certs",
      "all",
      "--config",
      "\(folder.path)/kubeadm.yaml"
    )
  }

  /// Everything of a certificate that is not chance or time.
  private func fields(
    _ name: String,
    _ folder: Scratch
  ) async throws -> [String: String] {
    let path = "\(folder.path)/\(name).crt"
    let text = try await tool(
      "openssl",
      "x509",
      "-in",
      path,
      "-noout",
      "-text",
      "-nameopt",
      "sep_comma_plus,sname",
      "-certopt",
      "no_serial,no_validity,no_sigdump"
    )
    var fields: [String: String] = [:]
    var heading: String?
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").joined(separator: " ")
      if let extended = heading {
        fields[extended, default: ""] +=
          extended == "Subject Alternative Name"
          ? words.split(separator: ", ").sorted().joined(separator: ", ") : words
        heading = nil
      } else if words.hasPrefix("X509v3 ") || words.hasPrefix("Subject:")
        || words.hasPrefix("Issuer:") || words.hasPrefix("Signature Algorithm:")
        || words.hasPrefix("Public-Key:") || words.hasPrefix("Version:")
      {
        let parts = words.replacing("X509v3 ", with: "").split(separator: ":", maxSplits: 1)
        let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
        if !words.hasPrefix("X509v3 ") {
          fields[parts[0].lowercased()] = String(value)
        } else if parts[0].hasSuffix("Key Identifier") {
          fields[String(parts[0])] = "present"
        } else if words.hasSuffix("extensions:") {
          continue
        } else {
          let name = String(parts[0])
          fields[name] = value.isEmpty ? "" : "\(value) "
          heading = name
        }
      }
    }
    return fields
  }
}
