// SPDX-License-Identifier: Apache-2.0

import Values

/// Every key of cluster.yaml.
enum ClusterModel {
  static let apiVersion = "kubewright/v1alpha1"
  static let kind = "Cluster"

  /// What a file is read over: the defaults, and nothing where a file must say it.
  static let start = ClusterSpec(
    name: "",
    kubernetes: KubernetesSpec(version: .unspecified),
    controlPlane: ControlPlaneSpec(),
    hosts: []
  )

  static let form: Form<ClusterSpec> = .record(start: start, fields)

  /// The keys of the whole file.
  static var shapes: [FieldShape] { fields.map { $0.shape(start) } }

  static let fields: [Field<ClusterSpec>] = [
    .constant("apiVersion", apiVersion, "The version of this format."),
    .constant("kind", kind, "What the file describes."),
    .group(
      "metadata",
      "What the cluster is called.",
      [
        .required(
          "name",
          \.name,
          .label,
          "The cluster's name. Its state lies in `.kubewright/NAME` beside this file."
        )
      ]
    ),
    .group(
      "spec",
      "What the cluster is to be.",
      [
        kubernetes, controlPlane, NetworkModel.network, pki, secretsEncryption, audit, etcd,
        artifacts, HostModel.hosts,
      ]
    ),
  ]

  static let version = Form<KubernetesVersion>.version(of: "Kubernetes", example: "v1.36.2")

  private static let kubernetes: Field<ClusterSpec> = .group(
    "kubernetes",
    "Which Kubernetes.",
    [
      .conditional(
        "version",
        \.kubernetes.version,
        version,
        isAbsent: { $0 == .unspecified },
        absent: "the newest patch of the cluster's own minor, where EKS is the control plane; "
          + "elsewhere it must be given",
        "The release to install, or to upgrade to."
      )
    ]
  )

  private static let controlPlane: Field<ClusterSpec> = .group(
    "controlPlane",
    isRequired: true,
    "How the API is reached.",
    [
      .conditional(
        "endpoint",
        \.controlPlane.endpoint,
        .endpoint,
        isAbsent: \.host.isEmpty,
        absent: "`eks` must be given",
        "Where nodes and people reach the API: a load balancer, a virtual address, or the one "
          + "control-plane host there is. The API servers listen on the same port; 6443 if none "
          + "is given."
      ),
      .optional(
        "eks",
        \.controlPlane.eks,
        .record(start: EKSSpec(), EKSModel.fields),
        absent: "hosts of this file are the control plane",
        "The cluster of Amazon EKS that the hosts join as workers; `{}` finds it by the instances' tags."
      ),
      .defaulted(
        "extraSANs",
        \.controlPlane.extraSANs,
        .list(of: .subjectAlternativeName, identity: { $0 }),
        "Further names and addresses that the API server's certificate is valid for."
      ),
      .defaulted(
        "admissionPlugins",
        \.controlPlane.admissionPlugins,
        .list(of: .admissionPlugin, identity: { $0 }),
        "Admission plugins of the API server to switch on beside those that are on anyway."
      ),
    ]
  )

  private static let pki: Field<ClusterSpec> = .group(
    "pki",
    "Keys and certificates.",
    [
      .defaulted(
        "algorithm",
        \.pki.algorithm,
        .keyAlgorithm,
        "The kind of all keys that are made."
      ),
      .defaulted(
        "authorityHours",
        \.pki.authorityHours,
        .integer(24...876_000),
        "How long an authority's certificate is valid, in hours."
      ),
      .defaulted(
        "leafHours",
        \.pki.leafHours,
        .integer(1...876_000),
        "How long every other certificate is valid, in hours."
      ),
      .optional(
        "userAuthorities",
        \.pki.userAuthorities,
        .path("a folder", example: "authorities"),
        absent: "authorities are made",
        "A folder with authorities of your own (`ca.crt`, `ca.key`, …); beside this file if relative."
      ),
    ]
  )

  private static let secretsEncryption: Field<ClusterSpec> = .group(
    "secretsEncryption",
    "How secrets lie in etcd.",
    [
      .defaulted(
        "provider",
        \.secretsEncryption.provider,
        .encryptionProvider,
        "What new secrets are encrypted with."
      )
    ]
  )

  private static let audit: Field<ClusterSpec> = .group(
    "audit",
    "How much of the API server's audit log is kept on each control-plane host.",
    [
      .defaulted("maxAge", \.audit.maxAge, .integer(0...3650), "Days; 0 keeps files of any age."),
      .defaulted(
        "maxBackup",
        \.audit.maxBackup,
        .integer(0...1000),
        "Old files; 0 keeps any number."
      ),
      .defaulted("maxSize", \.audit.maxSize, .integer(1...10240), "MiB a file."),
    ]
  )

  private static let etcd: Field<ClusterSpec> = .group(
    "etcd",
    "The store.",
    [
      .optional(
        "version",
        \.etcd.version,
        .version(of: "etcd", example: "v3.5.16"),
        absent: "the release that fits the Kubernetes release",
        "The release of etcd."
      )
    ]
  )

  private static let artifacts: Field<ClusterSpec> = .group(
    "artifacts",
    "The programs that hosts need.",
    [
      .defaulted(
        "sources",
        \.artifacts.sources,
        .list(of: .artifactSource, minimum: 1, identity: identity),
        "Where programs come from, in the order they are tried."
      )
    ]
  )

  @Sendable private static func identity(_ source: ArtifactsSpec.Source) -> String {
    Form<ArtifactsSpec.Source>.artifactSource.write(source).flow
  }

  /// Where a key belongs that stands elsewhere, if it has one home only.
  static func home(of key: String) -> String? {
    var homes: [String] = []
    func search(_ fields: [FieldShape], in path: String) {
      if !path.isEmpty, fields.contains(where: { $0.key == key }) { homes.append(path) }
      for field in fields {
        let inner = path.isEmpty ? field.key : "\(path).\(field.key)"
        switch field.shape {
        case .record(let fields): search(fields, in: inner)
        case .list(.record(let fields), _): search(fields, in: "\(inner)[…]")
        default: break
        }
      }
    }
    search(shapes, in: "")
    return homes.count == 1 ? homes.first : nil
  }
}
