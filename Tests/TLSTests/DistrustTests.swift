// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import TLS

/// Why a certificate was not taken, for a person.
@Suite struct DistrustTests {
  static let shown = ShownCertificate(
    subject: "CN=eks.example",
    issuer: "CN=Proxy",
    begins: Timestamp(seconds: 1_000),
    ends: Timestamp(seconds: 2_000)
  )

  private static func failure(
    _ distrust: Distrust,
    _ shown: ShownCertificate? = shown,
    proxy: String? = nil,
    at seconds: Int64 = 1_500
  ) -> Failure {
    distrust.failure(
      host: "eks.example",
      shown: shown,
      proxy: proxy,
      authorities: Authorities(path: "/a.crt", variables: ["SSL_CERT_FILE"], isFolder: false),
      now: Timestamp(seconds: seconds)
    )
  }

  @Test func whoseItIsIsToldAndThatAProxyMayBeBetween() {
    let failure = Self.failure(.unsigned)
    #expect(failure.what.hasSuffix("signed by no authority that this machine trusts"))
    #expect(
      failure.why
        == "it is CN=eks.example, signed by CN=Proxy\ntrusted are the authorities in /a.crt"
    )
    #expect(failure.remedy?.contains("where a proxy or firewall opens TLS on the way") == true)
    #expect(failure.remedy?.hasSuffix("SSL_CERT_FILE=FILE") == true)
  }

  @Test func aProxyIsNamedInPlaceOfWhatCouldNotBeSeen() {
    let failure = Self.failure(.unsigned, nil, proxy: "the proxy http://p:3128")
    #expect(failure.why?.hasPrefix("asked through the proxy http://p:3128\n") == true)
  }

  @Test(
    arguments: [
      (999, "is not valid before 1970-01-01T00:16:40Z"), (2_001, "expired on 1970-01-01T00:33:20Z"),
    ] as [(Int64, String)]
  )
  func aClockThatIsWrongIsAsLikelyAsAnOldCertificate(_ now: Int64, _ fault: String) {
    let failure = Self.failure(.unsigned, at: now)
    #expect(failure.what == "the certificate that eks.example shows \(fault)")
    #expect(failure.why?.contains("this machine's clock says 1970-01-01T00:") == true)
    #expect(failure.remedy?.hasPrefix("set this machine's clock") == true)
  }

  @Test func anotherNameIsAnotherMatter() {
    #expect(Self.failure(.otherName).what.hasSuffix("is for other names"))
    #expect(Self.failure(.unreadableAuthorities).what.contains("/a.crt cannot be used"))
    #expect(Distrust(ServerError("else")) == nil)
  }

  @Test func aCertificateSaysWhoseItIs() async throws {
    try await TLSServer.with(
      certificates: "leaf server /CN=server subjectAltName=IP:127.0.0.1"
    ) { server in
      let shown = await ShownCertificate.of(host: "127.0.0.1", port: server.port)
      #expect(shown?.issuer == "CN=ca")
      #expect(shown?.subject.hasPrefix("CN=server") == true)
      #expect(shown?.fault(at: .now()) == nil)
    }
    #expect(await ShownCertificate.of(host: "127.0.0.1", port: 1) == nil)
  }
}
