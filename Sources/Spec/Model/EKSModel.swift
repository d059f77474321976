// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// The keys under `spec.controlPlane.eks`.
enum EKSModel {
  static let fields: [Field<EKSSpec>] = [
    .optional(
      "cluster",
      \.cluster,
      .eksClusterName,
      absent: "the instance's tag `kubernetes.io/cluster/NAME`",
      "The cluster's name."
    ),
    .optional(
      "region",
      \.region,
      .awsRegion,
      absent: "AWS_REGION, the profile's, the instance's",
      "The region that it is in."
    ),
    .optional(
      "endpoint",
      \.endpoint,
      .apiURL,
      absent: "asked of EKS",
      "The API server's URL. With `certificateAuthority` nothing is asked of EKS."
    ),
    .optional(
      "certificateAuthority",
      \.certificateAuthority,
      .certificateAuthority,
      absent: "asked of EKS",
      "The certificate that the API server's is signed by: PEM, or PEM in base64 as EKS shows it."
    ),
    .optional(
      "serviceCIDR",
      \.serviceCIDR,
      .network(example: "172.20.0.0/16"),
      absent: "asked of EKS, or guessed from the host's network",
      "The network of its services; the tenth address is its name server's."
    ),
    .defaulted(
      "authenticator",
      \.authenticator,
      .authenticator,
      "What gives kubelets their tokens."
    ),
    .optional(
      "cloudProvider",
      \.cloudProvider,
      .cloudProvider,
      absent: "in-tree up to Kubernetes 1.25, external from 1.26 on, as EKS's own nodes have it",
      "Who tells the cluster a node's addresses and zone."
    ),
    .optional(
      "maxPods",
      \.maxPods,
      .integer(1...1000, example: 110),
      absent: "what the instance type has addresses for",
      "The most pods on a node."
    ),
    .defaulted(
      "podAddresses",
      \.podAddresses,
      .podAddresses,
      "How the VPC CNI of the cluster finds addresses for pods."
    ),
    .defaulted(
      "instanceMetadata",
      \.instanceMetadata,
      .metadataVersions,
      "Which versions of the instance metadata service may be asked."
    ),
    .group(
      "endpoints",
      "URLs of AWS's services, where hosts do not reach the region's own.",
      [
        .optional("eks", \.endpoints.eks, .serviceURL, absent: "the region's", "EKS."),
        .optional("ec2", \.endpoints.ec2, .serviceURL, absent: "the region's", "EC2."),
        .optional(
          "sts",
          \.endpoints.sts,
          .serviceURL,
          absent: "the region's",
          "STS, which tokens are made for; the control plane must take tokens for it."
        ),
      ]
    ),
  ]
}

extension Form where Value == EKSSpec.CloudProvider {
  static var cloudProvider: Self {
    choice(of: "a cloud provider") { provider in
      switch provider {
      case .inTree: "The kubelet's own code, which it has up to Kubernetes 1.26."
      case .external: "The cloud controller manager, which EKS runs."
      }
    }
  }
}

extension Form where Value == EKSSpec.PodAddresses {
  static var podAddresses: Self {
    choice(of: "a way to give pods addresses") { way in
      switch way {
      case .secondary: "Secondary addresses of every interface."
      case .prefixes: "Prefixes of 16 addresses (ENABLE_PREFIX_DELEGATION)."
      case .customSecondary:
        "Secondary addresses of all interfaces but the first "
          + "(AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG)."
      case .customPrefixes: "Prefixes of 16 addresses on all interfaces but the first."
      }
    }
  }
}

extension Form where Value == EKSSpec.MetadataVersions {
  static var metadataVersions: Self {
    choice(of: "a choice of versions") { versions in
      switch versions {
      case .any: "Version 2, and version 1 where an instance has no other."
      case .v2: "Version 2 only."
      }
    }
  }
}

extension Form where Value == EKSSpec.Authenticator {
  static var authenticator: Self {
    wordOrPair(
      "an authenticator",
      words: [
        (
          "aws-iam-authenticator", .iam,
          "The program of that name, delivered to the hosts as the other programs are."
        ),
        (
          "kubewright", .kubewright,
          "`kubewright eks token`; hosts get the program that `scripts/static` builds, from a folder "
            + "of yours, or the one that runs where it is that."
        ),
        ("aws-cli", .awsCLI, "`aws eks get-token`, where the AWS CLI is on the hosts already."),
      ],
      pairs: [
        Pair(
          key: "program",
          doc: "A program on the hosts; its only argument is the cluster's name.",
          form: .hostPath(example: "/usr/local/bin/eks-token"),
          make: { .program($0) },
          get: { if case .program(let path) = $0 { path } else { nil } }
        )
      ]
    )
  }
}

extension Form where Value == String {
  /// Source: EKS API Reference, CreateCluster, `name`.
  static var eksClusterName: Self {
    text(
      TextFormat(
        "a cluster's name",
        example: "production",
        pattern: "^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$",
        maximumLength: 100
      ),
      parse: { text in
        guard let first = text.utf8.first, first.isLetter || first.isDigit else { return nil }
        return text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "_-".utf8.contains($0) }
          ? text : nil
      },
      write: { $0 }
    )
  }

  /// An API server's URL: tokens go there, so it must be encrypted.
  static var apiURL: Self {
    text(
      TextFormat(
        "the https URL of an API server",
        example: "https://0123.eks.amazonaws.com",
        pattern: "^https://[^\\s/@]+/?$",
        maximumLength: 512
      ),
      parse: { (text) throws(Misfit) in
        if text.hasPrefix("http://") {
          throw Misfit("is not encrypted, and tokens go there: give an https URL")
        }
        guard text.hasPrefix("https://") else { return nil }
        let authority =
          text.dropFirst(8).last == "/" ? text.dropFirst(8).dropLast() : text.dropFirst(8)
        let isPlain = authority.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard !authority.isEmpty, !authority.contains("/"), !authority.contains("@"), isPlain,
          URL(string: "https://\(authority)")?.host() != nil
        else { return nil }
        return "https://\(authority)"
      },
      write: { $0 }
    )
  }

  /// The URL of a service, shorter to show than a mirror's.
  static var serviceURL: Self {
    guard case .text(let format) = Self.url.shape else { return .url }
    return Self(
      shape: .text(
        TextFormat(
          format.noun,
          example: "https://sts.example",
          pattern: format.pattern,
          maximumLength: format.maximumLength
        )
      ),
      read: Self.url.read,
      write: Self.url.write
    )
  }

  static var awsRegion: Self {
    text(
      TextFormat(
        "a region",
        example: "eu-west-1",
        pattern: "^[a-z]{2,}(-[a-z0-9]+)+-[0-9]+$",
        maximumLength: 64
      ),
      parse: { (text) throws(Misfit) in
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isPlain = text.utf8.allSatisfy { $0.isDigit || (97...122).contains($0) || $0 == 45 }
        guard isPlain, parts.count >= 3, parts.allSatisfy({ !$0.isEmpty }),
          parts[0].utf8.allSatisfy({ !$0.isDigit }), let last = parts.last
        else { return nil }
        if last.utf8.allSatisfy(\.isDigit) { return text }
        let digits = last.prefix { $0.isNumber }
        guard !digits.isEmpty, last.count == digits.count + 1 else { return nil }
        throw Misfit("is an availability zone", suggestion: String(text.dropLast()))
      },
      write: { $0 }
    )
  }

  /// A certificate as text or, as EKS's API has it, in base64.
  static var certificateAuthority: Self {
    let begin = "-----BEGIN CERTIFICATE-----"
    return text(
      TextFormat(
        "a certificate in PEM, or that in base64",
        example: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
        pattern: "^(\(begin)|LS0t)",
        maximumLength: 65536
      ),
      parse: { (text) throws(Misfit) in
        if text.contains("PRIVATE KEY") { throw Misfit("is a private key: give the certificate") }
        if text.hasPrefix(begin) { return text.hasSuffix("\n") ? text : text + "\n" }
        let packed = String(text.filter { !$0.isWhitespace })
        guard let bytes = Data(base64Encoded: packed),
          String(decoding: bytes, as: UTF8.self).hasPrefix(begin)
        else { return nil }
        return packed
      },
      write: { $0 }
    )
  }
}
