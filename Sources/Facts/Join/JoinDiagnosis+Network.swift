// SPDX-License-Identifier: Apache-2.0

import Values

/// What is wrong with a certificate, in curl's words of every TLS library.
enum TLSFault: Equatable {
  case unknownIssuer
  case wrongName
  case expired
  case notYetValid
  case badAuthorityFile
  case handshake

  /// Which words mean what: curl gives 60 (before 7.62 also 51) for all of them.
  ///
  /// OpenSSL's are of crypto/x509/x509_txt.c and curl's lib/vtls/openssl.c, NSS' of its SEC_ERROR and
  /// SSL_ERROR texts as CentOS 7's curl prints them, GnuTLS' of lib/vtls/gtls.c.
  private static let words: [(Self, [String])] = [
    (.notYetValid, ["not yet valid", "not activated yet", "not yet been activated"]),
    (.expired, ["has expired", "certificate expired", "expiration date has passed", "(-8181)"]),
    (
      .wrongName,
      [
        "does not match target", "no alternative certificate subject name",
        "requested domain name does not match", "(-12276)", "Hostname mismatch",
        "IP address mismatch", "no matching subject name",
      ]
    ),
    (
      .unknownIssuer,
      [
        "unable to get local issuer", "unable to get issuer", "self signed certificate",
        "self-signed certificate", "issuer is not recognized", "not trusted by the user",
        "(-8179)", "(-8172)", "certificate verification failed", "unable to verify the first",
        "certificate signature failure",
      ]
    ),
  ]

  init?(exitCode: Int, message: String) {
    for (fault, words) in Self.words where words.contains(where: { message.contains($0) }) {
      self = fault
      return
    }
    switch exitCode {
    case 51: self = .wrongName
    case 60: self = .unknownIssuer
    case 77: self = .badAuthorityFile
    case 35, 53, 54, 55, 56, 58, 59, 66, 83: self = .handshake
    default: return nil
    }
  }
}

/// From the name to the certificate: the first link that is broken, as what is behind it follows from it.
extension Diagnostician {
  var network: Failure? {
    if case .failed = evidence.resolution { return unresolved }
    if evidence.connection?.exitCode == 6 { return unresolved }
    if evidence.authority != .ok { return noAuthority }
    guard let connection = evidence.connection, connection.exitCode != 0 else { return nil }
    if let tlsFault, connection.connected || connection.exitCode != 35 { return tls(tlsFault) }
    return connection.connected ? stalled(connection) : unconnected(connection)
  }

  var tlsFault: TLSFault? {
    guard let connection = evidence.connection, connection.exitCode != 0 else { return nil }
    return TLSFault(exitCode: connection.exitCode, message: connection.message)
  }

  private var unresolved: Failure {
    let servers = evidence.nameservers
    return finding(
      as: .unreachable,
      "the name of the cluster's endpoint does not resolve: \(probe.endpointHost)",
      why: servers.isEmpty
        ? "/etc/resolv.conf names no server" : "asked: \(servers.joined(separator: ", "))",
      remedy:
        "use the VPC's own DNS (169.254.169.253, or the VPC's network + 2), with enableDnsSupport"
        + " and enableDnsHostnames on; a private endpoint has its name in the cluster's VPC only"
    )
  }

  private var noAuthority: Failure {
    let state = evidence.authority == .missing ? "is not there" : "holds no certificate"
    return finding(
      "the file of the cluster's authority \(state): \(probe.authorityPath)",
      remedy: "run `kubewright up` again, which puts it there"
    )
  }

  private func unconnected(_ connection: JoinEvidence.Connection) -> Failure {
    var places: [String] = []
    if case .addresses(let addresses) = evidence.resolution { places = addresses }
    if !connection.address.isEmpty { places = [connection.address] }
    let place = places.isEmpty ? "" : " (\(places.prefix(4).joined(separator: ", ")))"
    let refused = connection.message.contains("refused")
    let silent = [28, 124, 137, 143].contains(connection.exitCode)
    let how = refused ? "refuses connections" : silent ? "does not answer" : "cannot be reached"
    return finding(
      as: .unreachable,
      "the cluster's endpoint \(how): \(probe.endpoint)\(place)",
      why: connection.message,
      remedy:
        "allow TCP 443 from the node to the control plane: in the cluster's security group inbound"
        + " from the node's, in the node's outbound, in the subnets' network ACLs; a public endpoint"
        + " needs a NAT or Internet gateway and the node's address in publicAccessCidrs"
    )
  }

  /// TCP came to be, and then nothing.
  private func stalled(_ connection: JoinEvidence.Connection) -> Failure {
    finding(
      as: .unreachable,
      "the cluster's endpoint takes connections and then says nothing: \(probe.endpoint)",
      why: connection.message,
      remedy: "look for what drops large packets on the way (MTU, blocked ICMP), or for a proxy or"
        + " filter that inspects TLS"
    )
  }

  private func tls(_ fault: TLSFault) -> Failure {
    let message = evidence.connection?.message
    switch fault {
    case .unknownIssuer:
      return finding(
        "the endpoint's certificate is not from the authority that the spec gives for the cluster",
        why: message,
        remedy: "take endpoint and certificate authority of one and the same cluster: aws eks"
          + " describe-cluster --name \(Shell.quote(probe.cluster)) --query"
          + " cluster.certificateAuthority.data; a proxy that inspects TLS shows its own, too"
      )
    case .wrongName:
      return finding(
        "the endpoint's certificate is for another name than \(probe.endpointHost)",
        why: message,
        remedy: "use the endpoint's name as AWS gives it, not an address or an alias: aws eks"
          + " describe-cluster --name \(Shell.quote(probe.cluster)) --query cluster.endpoint"
      )
    case .expired, .notYetValid:
      let state = fault == .expired ? "has expired" : "is not valid yet"
      return finding(
        "the endpoint's certificate \(state) by this host's clock",
        why: message,
        remedy: isClockOff
          ? "set the clock"
          : "check that this is the cluster's endpoint: AWS renews its certificates"
      )
    case .badAuthorityFile:
      return finding(
        "the file of the cluster's authority cannot be read: \(probe.authorityPath)",
        why: message,
        remedy: "run `kubewright up` again, which puts it there"
      )
    case .handshake:
      return finding(
        as: .unreachable,
        "the endpoint ends TLS early: \(probe.endpoint)",
        why: message,
        remedy:
          "check that no proxy or filter inspects TLS on the way, and that the host's TLS library"
          + " can do TLS 1.2"
      )
    }
  }
}
