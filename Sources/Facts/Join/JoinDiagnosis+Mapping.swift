// SPDX-License-Identifier: Apache-2.0

import Values

/// From who AWS says the host is to who the cluster takes it for.
extension Diagnostician {
  private static let namePrefix = AccessMapping.nodePrefix

  /// AWS knows the host, and the cluster does not.
  func unmapped(_ caller: CallerARN) -> Failure {
    let answer = evidence.node?.message ?? ""
    let why = "HTTP 401: \(answer.isEmpty ? "Unauthorized" : answer)"
    switch caller.principal {
    case .assumedRole(_, let session):
      // aws-auth's {{EC2PrivateDNSName}} is asked of EC2 by the session's name.
      let note =
        session.hasPrefix("i-")
        ? ""
        : "\nThe session is called \(session), which is no instance: its node name cannot be"
          + " asked of EC2, and the username must be \(Self.namePrefix){{SessionName}} then."
      return finding(
        "the cluster does not know the host's role: \(caller.roleARN ?? caller.description)",
        why: "\(why)\nAWS knows the host as \(caller)",
        remedy: AccessMapping(cluster: probe.cluster, region: expected.region, part: .node)
          .text(for: caller) + note
      )
    case .user, .other:
      return finding(
        "the host's credentials are not of a role, as nodes' must be: \(caller)",
        why: why,
        remedy:
          "attach an instance profile with the node role, and remove the keys that stand in its way"
          + " (environment, ~/.aws/credentials)"
      )
    }
  }

  /// The name that the kubelet's log says it registers; the last one counts.
  private var registering: String? {
    for line in evidence.kubelet.log.reversed() where line.contains("register node") {
      if let name = Self.quoted(after: "node=\"", in: line)
        ?? Self.quoted(after: "Unable to register node \"", in: line)
      {
        return name
      }
      if let range = line.ranges(of: "Attempting to register node ").first {
        return String(line[range.upperBound...].prefix { $0 != " " })
      }
    }
    return nil
  }

  private static func quoted(after words: String, in line: String) -> String? {
    guard let range = line.ranges(of: words).first else { return nil }
    let name = String(line[range.upperBound...].prefix { $0 != "\"" && $0 != "\\" })
    return name.isEmpty ? nil : name
  }

  /// The cluster accepts the token, and does not let the bearer be the node that it wants to be.
  var name: Failure? {
    guard let node = evidence.node, node.exitCode == 0, node.status != 401, node.status < 500 else {
      return nil
    }
    let kubelet = registering ?? probe.nodeName
    let why = node.status == 200 ? nil : "HTTP \(node.status): \(node.message)"
    guard let user = evidence.user else {
      return node.status == 403 ? forbidden(why) : nil
    }
    guard user.hasPrefix(Self.namePrefix) else {
      return finding(
        "the cluster takes the host for \(user), which is no node",
        why: why,
        remedy:
          "its mapping must say username: \(Self.namePrefix){{EC2PrivateDNSName}} and the groups"
          + " system:bootstrappers and system:nodes; an access entry must be of --type EC2_LINUX"
      )
    }
    let known = String(user.dropFirst(Self.namePrefix.count))
    if known != kubelet {
      let detail = [why ?? "", restriction ?? ""].filter { !$0.isEmpty }.joined(separator: "\n")
      return finding(
        "the node's name does not fit its identity: the cluster knows the host as \(known), and the"
          + " kubelet registers \(kubelet)",
        why: detail,
        remedy: known.isEmpty
          ? "the instance has no private DNS name that the cluster could ask for: check the VPC's DHCP"
            + " options and the mapping's username"
          : "name the host \(known) in the spec, which becomes the kubelet's --hostname-override"
      )
    }
    if known != probe.nodeName {
      return finding(
        "the kubelet registers \(known), and the spec calls the node \(probe.nodeName)",
        why: why,
        remedy: "name the host \(known) in the spec"
      )
    }
    return node.status == 403 ? forbidden(why) : nil
  }

  private func forbidden(_ why: String?) -> Failure {
    finding(
      "the cluster knows the host and does not let it read its node",
      why: why,
      remedy:
        "its mapping must have the groups system:bootstrappers and system:nodes; an access entry must"
        + " be of --type EC2_LINUX"
    )
  }

  /// What the admission plugin NodeRestriction said to the kubelet, in old and new words.
  private var restriction: String? {
    evidence.kubelet.log.last {
      $0.contains("cannot modify node") || $0.contains("is not allowed to modify node")
        || $0.contains("unknown node for user")
    }
  }
}
