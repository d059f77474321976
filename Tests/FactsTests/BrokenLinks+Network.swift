// SPDX-License-Identifier: Apache-2.0

import Values

@testable import Facts

extension JoinDiagnosisTests {
  static let network: [BrokenLink] = [
    .init("no curl", "curl is not on the host", "install curl") { found, _ in
      found = JoinEvidence()
    },
    .init(
      "no name",
      "does not resolve: \(host)",
      "asked: 10.0.0.2",
      "169.254.169.253",
      "private endpoint"
    ) { found, _ in
      found.resolution = .failed
      (found.node, found.whoami, found.serverSkew) = (nil, nil, nil)
    },
    .init(
      "no name, by curl",
      "does not resolve",
      "names no server",
      change: { found, expected in
        found.nameservers = []
        found.resolution = .unknown
        connection(6, "Could not resolve host: x", connected: false)(&found, &expected)
      }
    ),
    .init("no file", "authority is not there: /etc/kubernetes/pki/ca.crt") { found, expected in
      connection(77, "error setting certificate file")(&found, &expected)
      found.authority = .missing
    },
    .init(
      "refused",
      "refuses connections",
      "(10.0.3.4, 10.0.4.5)",
      "security group",
      change: connection(7, "Failed to connect to x port 443: Connection refused", connected: false)
    ),
    .init(
      "silent",
      "does not answer",
      "allow TCP 443",
      "publicAccessCidrs",
      change: connection(28, "Connection timed out after 5001 milliseconds", connected: false)
    ),
    .init(
      "no route",
      "cannot be reached",
      "No route to host",
      change: connection(7, "Failed to connect to x: No route to host", connected: false)
    ),
    .init(
      "stalled",
      "takes connections and then says nothing",
      "MTU",
      change: connection(28, "Operation timed out after 8001 milliseconds with 0 bytes received")
    ),
    .init(
      "issuer, OpenSSL",
      "is not from the authority",
      "cluster.certificateAuthority.data",
      change: connection(60, "SSL certificate problem: unable to get local issuer certificate")
    ),
    .init(
      "issuer, NSS",
      "is not from the authority",
      change: connection(60, "Peer's Certificate issuer is not recognized.")
    ),
    .init(
      "name, OpenSSL",
      "for another name than \(host)",
      "cluster.endpoint",
      change: connection(
        60,
        "SSL: no alternative certificate subject name matches target host name 'x'"
      )
    ),
    .init(
      "name, NSS",
      "for another name",
      change: connection(
        51,
        "Unable to communicate securely with peer: requested domain name does not match the server's"
          + " certificate."
      )
    ),
    .init(
      "expired",
      "has expired by this host's clock",
      "AWS renews",
      change: connection(60, "SSL certificate problem: certificate has expired")
    ),
    .init("not yet valid, by the clock", "its clock is 90000000 s behind this machine's") {
      found,
      expected in
      connection(60, "SSL certificate problem: certificate is not yet valid")(&found, &expected)
      found.clock = 1_610_000_000
    },
    .init(
      "handshake",
      "ends TLS early",
      "proxy",
      change: connection(35, "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to x:443")
    ),
    .init("region", "the endpoint is of another region: us-west-2, and the cluster's is eu-west-1")
    {
      $1.region = "eu-west-1"
    },
    .init(
      "region of another partition",
      "the endpoint is of another region: us-isob-east-1, and the cluster's is us-west-2"
    ) {
      $1.probe.endpoint = "https://0123ABC.gr7.us-isob-east-1.eks.sc2s.sgov.gov"
    },
  ]
}
