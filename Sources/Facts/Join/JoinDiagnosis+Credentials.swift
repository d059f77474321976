// SPDX-License-Identifier: Apache-2.0

import Values

/// From the credential command to what STS makes of its token.
extension Diagnostician {
  private var command: String { probe.credentialCommand.first ?? "" }

  /// Whether the API took the token, whatever it then allowed.
  private var isAuthenticated: Bool {
    [evidence.node, evidence.whoami].contains { answer in
      answer.map { $0.exitCode == 0 && $0.status != 401 && (200..<500).contains($0.status) }
        ?? false
    }
  }

  var credential: Failure? {
    guard let run = evidence.credential else { return nil }
    if run.exitCode != 0 { return failed(run) }
    switch run.token {
    case .none:
      return finding(
        "the credential command gives no token: \(command)",
        why: run.message,
        remedy: "run it by hand: it must print an ExecCredential with status.token"
      )
    case .malformed:
      return finding(
        "the credential command's token is not one of EKS: \(command)",
        why: "behind k8s-aws-v1. there is no URL",
        remedy: "use `kubewright eks token`, `aws eks get-token` or aws-iam-authenticator"
      )
    case .eks, .other: break
    }
    // By the host's own clock, as the kubelet goes by it.
    guard let end = run.expiration, let now = evidence.clock, end.seconds <= now, !isAuthenticated
    else { return nil }
    return finding(
      "the credential command gives a token that has expired: at \(end)",
      remedy: isClockOff
        ? "set the clock: a token lasts 15 minutes"
        : "whatever keeps tokens for \(command) must not keep them longer than 14 minutes"
    )
  }

  private func failed(_ run: JoinEvidence.Credential) -> Failure {
    if run.exitCode == 127 || run.exitCode == 126 {
      let state = run.exitCode == 127 ? "is not on the host" : "cannot be executed"
      return finding(
        "the credential command \(state): \(command)",
        why: run.message,
        remedy: "run `kubewright up` again, which puts it there; check the command in the kubelet's"
          + " kubeconfig and the architecture of the program"
      )
    }
    let how = run.timedOut ? "does not come to an end" : "fails with exit code \(run.exitCode)"
    let (reason, remedy) = metadataReason
    return finding(
      "the credential command \(how): \(command)",
      why: [run.message, reason].filter { !$0.isEmpty }.joined(separator: "\n"),
      remedy: remedy
    )
  }

  /// What the instance's metadata has to do with a credential command that gives nothing.
  private var metadataReason: (reason: String, remedy: String) {
    guard let metadata = evidence.metadata else {
      return ("", "run it by hand as root, in the kubelet's environment")
    }
    switch (metadata.exitCode, metadata.status) {
    case (0, 200):
      return (
        "the instance's metadata gives credentials of the role \(metadata.role)",
        "run it by hand as root, in the kubelet's environment: the role is there"
      )
    case (0, 404):
      return (
        "the instance's metadata has no role",
        "attach an instance profile with the node role: aws ec2 associate-iam-instance-profile; or give"
          + " credentials in the command's environment"
      )
    case (0, 403):
      return (
        "the instance's metadata service is switched off",
        "switch it on: aws ec2 modify-instance-metadata-options --http-endpoint enabled"
      )
    case (0, _):
      return (
        "the instance's metadata answers with HTTP \(metadata.status)",
        "look at what stands between this host and 169.254.169.254"
      )
    default:
      return (
        "the instance's metadata does not answer",
        "on EC2: let the host reach 169.254.169.254, and where it asks from within a container, raise the"
          + " hop limit: aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2;"
          + " elsewhere: give credentials in the command's environment"
      )
    }
  }

  /// What STS or the API have against the token's bearer.
  var identity: Failure? {
    if isAuthenticated { return nil }
    if let identity = evidence.identity, !identity.code.isEmpty { return refused(identity) }
    guard evidence.node?.status == 401 else { return otherAnswer }
    if let caller = evidence.identity?.arn { return unmapped(caller) }
    return finding(
      "the cluster does not accept the host's token",
      why: [
        "HTTP 401: \(evidence.node?.message ?? "")",
        evidence.identity.map { "\(evidence.stsHost): \($0.message)" } ?? "",
      ].filter { !$0.isEmpty }.joined(separator: "\n"),
      remedy:
        "whom AWS takes the host for could not be asked: see it with `aws sts get-caller-identity`"
        + " on the host, and map that role in aws-auth or as an access entry"
    )
  }

  private var otherAnswer: Failure? {
    guard let node = evidence.node, node.exitCode != 0 || node.status >= 500 else { return nil }
    return finding(
      as: .unreachable,
      "the cluster's API does not answer the host's question for its node",
      why: node.exitCode == 0 ? "HTTP \(node.status): \(node.message)" : node.message,
      remedy:
        "try again; where it stays so, see the cluster's health: aws eks describe-cluster --name"
        + " \(Shell.quote(probe.cluster)) --query cluster.health"
    )
  }

  private func refused(_ identity: JoinEvidence.Identity) -> Failure {
    let (what, remedy) = Self.refusal(
      identity,
      signed: evidence.signedRegion,
      region: expected.region
    )
    return finding(
      what,
      why: "\(evidence.stsHost): \(identity.code): \(identity.message)",
      remedy: remedy
    )
  }

  private static func refusal(
    _ identity: JoinEvidence.Identity,
    signed: String,
    region: String?
  ) -> (what: String, remedy: String) {
    let says = { (words: String) in identity.message.contains(words) }
    switch identity.code {
    case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired":
      return (
        "the host's AWS credentials have expired",
        "renew what the credential command takes them from; on EC2 the instance's role renews itself, so"
          + " remove keys that stand in its way (environment, ~/.aws/credentials)"
      )
    case "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId":
      return (
        "AWS does not know the host's access key",
        "it may be deleted, of another partition, or of a region that must be switched on and does not"
          + " take tokens of the global STS: use the regional one (AWS_STS_REGIONAL_ENDPOINTS=regional)"
      )
    case "RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture":
      return (
        "AWS takes the host's signature for too old or too new",
        "set the host's clock, and keep a time service running"
      )
    case "SignatureDoesNotMatch", "InvalidSignatureException":
      if says("Signature expired") || says("not yet current") {
        return (
          "AWS takes the host's signature for too old or too new",
          "set the host's clock, and keep a time service running"
        )
      }
      if says("valid region") || says("scoped to") || region.map({ $0 != signed }) == true {
        let wanted = region.map { ", and the cluster is in \($0)" } ?? ""
        return (
          "the host signs for the wrong region: \(signed)\(wanted)",
          "set AWS_REGION\(region.map { "=\($0)" } ?? "") in the credential command's environment, or its"
            + " --region"
        )
      }
      return (
        "the host's signature is wrong",
        "the secret key does not belong to the access key, or the credential command signs for another"
          + " cluster's name"
      )
    case "AccessDenied", "AccessDeniedException":
      return (
        "AWS forbids the host to be identified",
        "look for a policy that denies sts:GetCallerIdentity: of the organization, of a VPC endpoint"
      )
    default:
      return (
        "AWS refuses the host's credentials",
        "see what it says; `aws sts get-caller-identity` on the host asks the same"
      )
    }
  }
}
