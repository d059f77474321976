// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Transport

/// What a real sshd on the loopback cannot be made to do; the texts are OpenSSH 9.2's.
@Suite("What ssh says, and what to do about it")
struct SSHDiagnosisTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let log: String
    let what: String
    var testDescription: String { what }
  }

  static let cases = [
    Case(
      log: "ssh: connect to host 192.0.2.1 port 22: Connection timed out",
      what: "does not answer"
    ),
    Case(
      log: "Connection timed out during banner exchange\nConnection to 192.0.2.1 port 22 timed out",
      what: "does not answer"
    ),
    Case(
      log: "ssh: connect to host 192.0.2.1 port 22: No route to host",
      what: "there is no way to"
    ),
    Case(
      log: "Unable to negotiate with 192.0.2.1 port 22: no matching host key type found. "
        + "Their offer: ssh-rsa",
      what: "no algorithm in common"
    ),
    Case(
      log: "kex_exchange_identification: read: Connection reset by peer\n"
        + "Connection reset by 192.0.2.1 port 22",
      what: "ended the connection before the login"
    ),
    Case(
      log: "Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures",
      what: "too many wrong keys"
    ),
    Case(log: "something new", what: "cannot connect to"),
  ]

  @Test("each has its own words", arguments: cases)
  func words(example: Case) {
    let failure = SSHDiagnosis(
      log: "OpenSSH_9.2p1\r\ndebug1: Connection timed out, says a debug line\r\n" + example.log
        + "\r\n",
      host: "h1",
      destination: "root@192.0.2.1"
    ).failure
    #expect(failure.kind == .unreachable)
    #expect(failure.host == "h1")
    #expect(failure.what.contains(example.what))
    #expect(failure.why?.contains("debug") == false)
    #expect(failure.remedy != nil)
  }
}
