// SPDX-License-Identifier: Apache-2.0

package import Values

/// What a join probe found on a host, link by link.
///
/// Every text is one line and safe to print.
package struct JoinEvidence: Sendable, Equatable {
  package enum Resolution: Sendable, Equatable {
    /// The host has nothing to ask with.
    case unknown
    /// The endpoint is an address.
    case notNeeded
    case failed
    case addresses([String])
  }

  package enum AuthorityFile: String, Sendable {
    case missing
    /// There, without a certificate in it.
    case empty
    case ok
  }

  /// One connection to the endpoint that trusts the cluster's authority alone.
  package struct Connection: Sendable, Equatable {
    /// curl's exit code.
    package var exitCode: Int
    package var status: Int
    /// Whether TCP's handshake came to its end.
    package var connected: Bool
    package var address: String
    /// curl's reason.
    package var message: String
  }

  /// How the credential command ended.
  package struct Credential: Sendable, Equatable {
    package enum Token: String, Sendable {
      case none
      /// `k8s-aws-v1.` and a URL.
      case eks
      /// The same, with something that is no URL in it.
      case malformed
      /// Another kind of bearer token.
      case other
    }
    package var exitCode: Int
    /// The last line that it wrote to its standard error.
    package var message = ""
    package var expiration: Timestamp?
    package var token = Token.none

    /// Whether the time given to it was over before it was.
    package var timedOut: Bool { [124, 137, 143].contains(exitCode) }
  }

  /// What STS said of the token's bearer.
  package struct Identity: Sendable, Equatable {
    package var exitCode: Int
    package var status: Int
    package var arn: CallerARN?
    /// STS's error: ExpiredToken, InvalidClientTokenId.
    package var code = ""
    package var message = ""
  }

  /// Whether the instance's metadata gives credentials; asked where the credential command gave none.
  package struct Metadata: Sendable, Equatable {
    package var exitCode: Int
    package var status: Int
    package var role = ""
  }

  /// An answer of the Kubernetes API to the token.
  package struct Answer: Sendable, Equatable {
    package var exitCode: Int
    package var status: Int
    /// The Status object's message, or curl's.
    package var message = ""
    /// Of a Node: its conditions.
    package var conditions: [Condition] = []
  }

  /// A node's condition as the API has it.
  package struct Condition: Sendable, Equatable {
    package var type: String
    /// `True`, `False`, `Unknown`.
    package var status: String
    package var reason = ""
    package var message = ""
  }

  /// A systemd unit as `systemctl show` has it, and the end of its log.
  package struct Service: Sendable, Equatable {
    /// `LoadState`, `ActiveState`, …; empty where the host has no systemd.
    package var properties: [String: String] = [:]
    package var log: [String] = []
  }

  package var hasCurl = false
  package var nameservers: [String] = []
  package var resolution = Resolution.unknown
  package var authority = AuthorityFile.missing
  package var connection: Connection?
  /// Seconds since 1970 by the host's clock when the endpoint was asked.
  package var clock: Int?
  /// The host's clock minus the endpoint's, in seconds.
  package var serverSkew: Int?
  package var credential: Credential?
  package var metadata: Metadata?
  /// The STS that the token asks.
  package var stsHost = ""
  /// The region that the token is signed for.
  package var signedRegion = ""
  package var identity: Identity?
  package var node: Answer?
  package var whoami: Answer?
  package var kubelet = Service()
  package var runtime = Service()
  package var hasCNIFolder = false
  package var cniFiles: [String] = []

  package init() {}

  /// The name by which the API knows the bearer, out of its refusals.
  package var user: String? {
    for answer in [whoami, node] {
      guard let message = answer?.message, message.contains("forbidden"),
        let start = message.ranges(of: "User \"").first
      else { continue }
      let name = message[start.upperBound...].prefix { $0 != "\"" }
      if !name.isEmpty { return String(name) }
    }
    return nil
  }
}

extension JoinEvidence {
  /// Whether the cluster says that the node is Ready.
  package var isReady: Bool {
    node?.status == 200
      && node?.conditions.contains { $0.type == "Ready" && $0.status == "True" } == true
  }
}
