// SPDX-License-Identifier: Apache-2.0

import Values

/// One assertion about the running cluster and how it came out.
package struct Check: Sendable, Equatable, Codable {
  /// The area: `api`, `etcd`, `node`, `certificate`, `secrets`, `pod`, `service`, `isolation`,
  /// `handler`.
  package var area: String
  /// What it is about: a host, a certificate, a pair of hosts.
  package var subject: String
  package var passed: Bool
  /// What was seen; for a failure, the reason.
  package var detail: String

  package init(area: String, subject: String, passed: Bool, detail: String) {
    self.area = area
    self.subject = subject
    self.passed = passed
    self.detail = detail
  }

  /// Runs `body`: a text is what was seen, a thrown error is the reason of a failed check.
  ///
  /// With `settling`, what may pass by itself is given that time.
  static func run(
    _ area: String,
    _ subject: String,
    settling: Settling? = nil,
    _ body: () async throws -> String
  ) async throws -> Check {
    do {
      let seen = if let settling { try await settling.rest(body) } else { try await body() }
      return Check(area: area, subject: subject, passed: true, detail: seen)
    } catch let failed as Unmet {
      return Check(area: area, subject: subject, passed: false, detail: failed.reason)
    } catch let failure as Failure {
      let why = failure.why.map { "\(failure.what): \($0)" } ?? failure.what
      return Check(area: area, subject: subject, passed: false, detail: why)
    }
  }
}

/// The reason why an assertion does not hold.
struct Unmet: Error {
  let reason: String
  /// Whether a cluster that is still coming to rest may mend this by itself.
  let mayPass: Bool

  init(_ reason: String, mayPass: Bool = false) {
    self.reason = reason
    self.mayPass = mayPass
  }
}
