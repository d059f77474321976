// SPDX-License-Identifier: Apache-2.0

package import Values

/// What the operator's side knows of a host that is to join.
package struct JoinExpectations: Sendable, Equatable {
  /// The host's name in the spec.
  package var host: String
  /// What was asked on the host.
  package var probe: JoinProbe
  /// The cluster's region, where the spec or AWS says it.
  package var region: String?
  /// The operator's seconds since 1970 when the probe ran; nil: not compared.
  package var clock: Int?

  package init(host: String, probe: JoinProbe, region: String? = nil, clock: Int? = nil) {
    self.host = host
    self.probe = probe
    self.region = region
    self.clock = clock
  }
}

/// Says why a host does not join its EKS cluster: a pure function of what a probe found.
package enum JoinDiagnosis {
  /// The broken links, the first of the chain first; empty where the node is Ready, or where nothing wrong was
  /// found.
  ///
  /// What only follows from a broken link is not repeated: a host without DNS has no finding of its API.
  package static func findings(
    _ evidence: JoinEvidence,
    _ expected: JoinExpectations
  ) -> [Failure] {
    Diagnostician(evidence: evidence, expected: expected).findings
  }
}

/// One diagnosis in the making.
struct Diagnostician {
  let evidence: JoinEvidence
  let expected: JoinExpectations

  var probe: JoinProbe { expected.probe }

  /// Seconds that a clock may be off before it is told.
  ///
  /// AWS refuses signatures that are five minutes old or ahead; a request may take its time.
  static let clockTolerance = 240

  var findings: [Failure] {
    if evidence.isReady { return [] }
    guard evidence.hasCurl else { return [noCurl] + services }
    var found = way
    // Without a good token the rest of the answers say nothing new.
    if let broken = credential ?? identity { found.append(broken) }
    if let name { found.append(name) }
    return found + services
  }

  /// The links up to the clock.
  var way: [Failure] {
    let network = network
    var found = network.map { [$0] } ?? []
    if let clock {
      // A certificate that is "not valid yet" on a host that lives in the past is all right.
      found.insert(clock, at: isAboutTime(network) ? 0 : found.count)
    }
    if let region { found.append(region) }
    return found
  }

  private func isAboutTime(_ network: Failure?) -> Bool {
    network != nil && [.expired, .notYetValid].contains(tlsFault)
  }

  private var noCurl: Failure {
    finding(
      "curl is not on the host, so its way to the cluster cannot be tried",
      remedy: "install curl, or try by hand what the kubelet's log says"
    )
  }

  func finding(
    as kind: Failure.Kind = .preflight,
    _ what: String,
    why: String? = nil,
    remedy: String
  ) -> Failure {
    Failure(kind, host: expected.host, what, why: why?.isEmpty == true ? nil : why, remedy: remedy)
  }

  // MARK: Clock

  /// The host's clock minus a better one, and whose that is.
  private var skew: (seconds: Int, witness: String)? {
    // The cluster's own is the one that counts; the operator's says something where it is not reached.
    if let skew = evidence.serverSkew { return (skew, "the cluster's") }
    guard let theirs = evidence.clock, let ours = expected.clock else { return nil }
    return (theirs &- ours, "this machine's")
  }

  var isClockOff: Bool { skew.map { $0.seconds.magnitude >= Self.clockTolerance } ?? false }

  private var clock: Failure? {
    guard isClockOff, let skew else { return nil }
    let side = skew.seconds > 0 ? "ahead of" : "behind"
    return finding(
      "its clock is \(skew.seconds.magnitude) s \(side) \(skew.witness)",
      why: "AWS and the cluster refuse signatures that are more than 5 minutes off",
      remedy: "set the clock, and keep a time service running (chrony, ntpd, systemd-timesyncd);"
        + " in a VPC 169.254.169.123 serves the time"
    )
  }

  // MARK: Region

  /// The region in `HASH.gr7.us-west-2.eks.amazonaws.com`; nil for other names.
  private var endpointRegion: String? {
    let labels = probe.endpointHost.split(separator: ".")
    guard let eks = labels.lastIndex(of: "eks"), eks > 1 else { return nil }
    let region = String(labels[eks - 1])
    let suffix = labels[(eks + 1)...].joined(separator: ".")
    return AWSPartition.of(region: region).suffix == suffix ? region : nil
  }

  private var region: Failure? {
    guard let endpointRegion, let wanted = expected.region, endpointRegion != wanted else {
      return nil
    }
    return finding(
      "the endpoint is of another region: \(endpointRegion), and the cluster's is \(wanted)",
      why: probe.endpoint,
      remedy: "give the region and the endpoint of one and the same cluster:"
        + " aws eks describe-cluster --name \(Shell.quote(probe.cluster)) --region \(wanted)"
    )
  }
}
