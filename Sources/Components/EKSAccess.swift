// SPDX-License-Identifier: Apache-2.0

import Catalog
import Resources
import Spec
import Values

/// How a kubelet enters a cluster of EKS: a kubeconfig without a key, and a program that gets it tokens for
/// the instance's role.
enum EKSAccess {
  static let cloudConfiguration = "/etc/kubernetes/cloud.conf"
  static let imageCredentials = "/etc/kubernetes/image-credentials.yaml"
  static let imageCredentialPrograms = "/usr/local/libexec/kubewright-credentials"
  static let imageCredentialProgram = "ecr-credential-provider"

  /// Whether the kubelet no longer enters ECR by itself.
  static func needsImageCredentials(_ context: HostContext) -> Bool {
    context.eks != nil && !Catalog.standard.has(.kubeletECRCredentials, at: context.minor)
  }

  /// The programs beside the kubelet.
  /// - Throws: `Failure` (`artifact`) where one is not among the programs.
  static func programs(_ context: HostContext) throws -> [Resource] {
    guard let eks = context.eks else { return [] }
    var programs: [Resource] = []
    if let name = eks.authenticator.delivered {
      programs.append(
        try context.binary(name, reason: "Gets the kubelet its tokens for the instance's role.")
      )
    }
    if needsImageCredentials(context) {
      programs.append(
        try context.binary(
          imageCredentialProgram,
          in: imageCredentialPrograms,
          reason: "Gets the kubelet ECR's passwords for the instance's role."
        )
      )
    }
    return programs
  }

  /// What the kubelet reads.
  static func files(_ context: HostContext) throws -> [Resource] {
    guard let eks = context.eks else { return [] }
    var files: [Resource] = [
      .file(
        File(
          path: Layout.kubeletKubeconfig,
          text: EKSKubeconfig.ofKubelet(eks, at: context.minor).yaml,
          mode: 0o600,
          reason: "By which the kubelet enters the API: no key, but a program that gets tokens."
        )
      )
    ]
    if needsImageCredentials(context) {
      files.append(
        .file(
          File(
            path: imageCredentials,
            text: imageCredentialConfiguration(context.minor).yaml,
            mode: 0o600,
            reason: "For which images the kubelet asks for ECR's passwords."
          )
        )
      )
    }
    if let url = eks.ec2Endpoint, eks.cloudProvider(at: context.minor) == .inTree {
      files.append(
        .file(
          File(
            path: cloudConfiguration,
            text: """
              # Written by kubewright.
              [ServiceOverride "ec2"]
                  Service = ec2
                  Region = \(eks.region)
                  URL = "\(url)"
                  SigningRegion = \(eks.region)

              """,
            reason: "Where the kubelet's own code for AWS asks EC2."
          )
        )
      )
    }
    return files
  }

  /// Source: awslabs/amazon-eks-ami, nodeadm/internal/kubelet/image-credential-provider.go.
  private static func imageCredentialConfiguration(_ minor: Minor) -> Document {
    let api = Catalog.standard.fact(.credentialProviderConfigAPIVersion, at: minor)
    var suffixes: [String] = []
    for partition in AWSPartition.all where !suffixes.contains(partition.suffix) {
      suffixes.append(partition.suffix)
    }
    let images =
      suffixes.map { "*.dkr.ecr.*.\($0)" } + [
        "*.dkr.ecr-fips.*.amazonaws.com", "*.dkr-ecr.*.on.aws", "*.dkr-ecr-fips.*.on.aws",
        "*.dkr-ecr.*.on.amazonwebservices.com.cn", "public.ecr.aws",
      ]
    return [
      "apiVersion": .text(api), "kind": "CredentialProviderConfig",
      "providers": [
        [
          "name": .text(imageCredentialProgram), "matchImages": .texts(images),
          "defaultCacheDuration": "12h0m0s",
          "apiVersion": .text(api.replacing("kubelet.config", with: "credentialprovider.kubelet")),
        ]
      ],
    ]
  }
}

extension EKSSpec.Authenticator {
  /// The program's name where we bring it to the host.
  package var delivered: String? {
    switch self {
    case .iam: "aws-iam-authenticator"
    case .kubewright: "kubewright"
    case .awsCLI, .program: nil
    }
  }

  /// The command by which a token for the cluster is had.
  package func command(cluster: String) -> (command: String, arguments: [String]) {
    switch self {
    case .iam: ("\(Layout.binaries)/aws-iam-authenticator", ["token", "-i", cluster])
    case .kubewright:
      ("\(Layout.binaries)/kubewright", ["eks", "token", "--cluster-name", cluster])
    case .awsCLI: ("aws", ["eks", "get-token", "--cluster-name", cluster])
    case .program(let path): (path, [cluster])
    }
  }
}
