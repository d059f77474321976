// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Facts

/// One change to a host that joined, and what is to be said of it.
struct BrokenLink: Sendable, CustomTestStringConvertible {
  let name: String
  /// Parts of the first finding's text.
  let says: [String]
  let change: @Sendable (inout JoinEvidence, inout JoinExpectations) -> Void

  init(
    _ name: String,
    _ says: String...,
    change: @escaping @Sendable (inout JoinEvidence, inout JoinExpectations) -> Void
  ) {
    self.name = name
    self.says = says
    self.change = change
  }

  var testDescription: String { name }
}

extension BrokenLink {
  typealias Change = @Sendable (inout JoinEvidence, inout JoinExpectations) -> Void
}

/// What the tables of broken links start from.
extension JoinDiagnosisTests {
  static let name = "ip-10-0-1-2.us-west-2.compute.internal"
  static let role = "arn:aws:sts::123456789012:assumed-role/worker/i-0abc"
  static let host = "0123ABC.gr7.us-west-2.eks.amazonaws.com"

  static let expected = JoinExpectations(
    host: "one",
    probe: JoinProbe(
      cluster: "prod",
      endpoint: "https://\(host)",
      authorityPath: "/etc/kubernetes/pki/ca.crt",
      credentialCommand: ["/usr/local/bin/aws-iam-authenticator", "token", "-i", "prod"],
      nodeName: name,
      runtimeUnit: "crio.service"
    ),
    region: "us-west-2",
    clock: 1_700_000_000
  )

  /// A host whose node is registered, and not Ready for no reason.
  static var registered: JoinEvidence {
    var found = JoinEvidence()
    found.hasCurl = true
    found.nameservers = ["10.0.0.2"]
    found.resolution = .addresses(["10.0.3.4", "10.0.4.5"])
    found.authority = .ok
    found.connection = .init(
      exitCode: 0,
      status: 200,
      connected: true,
      address: "10.0.3.4",
      message: ""
    )
    found.clock = 1_700_000_001
    found.serverSkew = 1
    found.credential = .init(
      exitCode: 0,
      expiration: Timestamp(seconds: 1_700_000_840),
      token: .eks
    )
    found.stsHost = "sts.us-west-2.amazonaws.com"
    found.signedRegion = "us-west-2"
    found.identity = .init(exitCode: 0, status: 200, arn: CallerARN(role))
    found.node = .init(
      exitCode: 0,
      status: 200,
      conditions: [.init(type: "Ready", status: "False")]
    )
    found.whoami = .init(
      exitCode: 0,
      status: 403,
      message: "forbidden: User \"system:node:\(name)\" cannot get path \"/kubewright-join\""
    )
    found.kubelet.properties = ["LoadState": "loaded", "ActiveState": "active"]
    found.runtime.properties = found.kubelet.properties
    found.hasCNIFolder = true
    found.cniFiles = ["10-aws.conflist"]
    return found
  }

  static func connection(_ code: Int, _ message: String, connected: Bool = true)
    -> BrokenLink.Change
  {
    { evidence, _ in
      evidence.connection = .init(
        exitCode: code,
        status: 0,
        connected: connected,
        address: "",
        message: "(\(code)) \(message)"
      )
      evidence.serverSkew = nil
      (evidence.node, evidence.whoami) = (nil, nil)
    }
  }

  static func unauthorized(
    _ change: @escaping @Sendable (inout JoinEvidence) -> Void = { _ in }
  ) -> BrokenLink.Change {
    { evidence, _ in
      evidence.node = .init(exitCode: 0, status: 401, message: "Unauthorized")
      evidence.whoami = evidence.node
      change(&evidence)
    }
  }

  static func refused(_ code: String, _ message: String = "") -> BrokenLink.Change {
    unauthorized {
      $0.identity = .init(exitCode: 0, status: 403, code: code, message: message)
    }
  }

  static func credential(
    _ code: Int,
    _ message: String = "",
    metadata: JoinEvidence.Metadata? = nil
  ) -> BrokenLink.Change {
    { evidence, _ in
      evidence.credential = .init(exitCode: code, message: message)
      evidence.metadata = metadata
      (evidence.identity, evidence.node, evidence.whoami) = (nil, nil, nil)
    }
  }

  static func notReady(_ message: String, status: String = "False") -> BrokenLink.Change {
    { evidence, _ in
      evidence.node?.conditions = [
        .init(type: "MemoryPressure", status: "False"),
        .init(type: "Ready", status: status, reason: "KubeletNotReady", message: message),
      ]
    }
  }

  static func user(_ name: String) -> String {
    "forbidden: User \"\(name)\" cannot get path \"/kubewright-join\""
  }
}
