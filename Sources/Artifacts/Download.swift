// SPDX-License-Identifier: Apache-2.0

import Values

/// Fetches files over HTTPS with curl.
struct Download: Sendable {
  /// What became of a fetch that is not an error of ours.
  enum Outcome: Sendable, Equatable {
    case done
    /// The place has no such file.
    case absent
    /// The place cannot be reached at all.
    case unreachable(String)
    /// It began and did not end well.
    case broken(String)
  }

  /// Where partial files stay for a later run to go on with.
  let folder: String

  /// curl's exit codes: no name, no connection, no TLS, no trust.
  ///
  /// Source: curl(1), EXIT CODES.
  private static let unreachableCodes: Set<Int> = [5, 6, 7, 35, 60, 77]
  /// Partial file, time out, error on receiving.
  private static let brokenCodes: Set<Int> = [18, 28, 52, 56, 92]
  private static let attempts = 3

  /// Plain HTTP is for mirrors on this very computer.
  static func isAllowed(_ url: String) -> Bool {
    if url.hasPrefix("https://") { return true }
    guard url.hasPrefix("http://") else { return false }
    let authority = url.dropFirst("http://".count).prefix { $0 != "/" }
    guard !authority.contains("@") else { return false }
    return ["127.0.0.1", "localhost", "[::1]"].contains {
      authority == $0 || authority.hasPrefix("\($0):")
    }
  }

  /// Fetches a small text.
  func text(_ url: String) async throws -> (Outcome, String) {
    let result = try await Tool.run(
      "curl",
      Self.common(url) + ["--max-time", "30", "--max-filesize", "1048576", url]
    )
    return (Self.outcome(result.code, result.errors), result.output)
  }

  /// Fetches `url` into a file that goes on where an interrupted fetch stopped, and returns its path.
  func file(_ url: String) async throws -> (Outcome, path: String) {
    try LocalFile.makeFolder(folder)
    let path = "\(folder)/\(Digest(of: url).short)-\(url.split(separator: "/").last ?? "file").part"
    var outcome = Outcome.broken("not tried")
    for _ in 0..<Self.attempts {
      let begun = FileStatus(of: path)?.size ?? 0
      let result = try await Tool.run(
        "curl",
        Self.common(url) + ["--speed-limit", "1024", "--speed-time", "30", "--output", path]
          + (begun > 0 ? ["--continue-at", "-"] : []) + [url]
      )
      outcome = Self.outcome(result.code, result.errors)
      switch outcome {
      case .done, .unreachable: return (outcome, path)
      case .broken where !Self.refusedResuming(result.code): continue
      case .absent, .broken:
        // A place that cannot go on in the middle says one of these.
        guard begun > 0 else { return (outcome, path) }
        try LocalFile.remove(path)
      }
    }
    return (outcome, path)
  }

  /// 33: no ranges; 36: bad resume.
  private static func refusedResuming(_ code: Int) -> Bool { code == 33 || code == 36 }

  private static func common(_ url: String) -> [String] {
    let scheme = url.hasPrefix("http://") ? "=http" : "=https"
    return [
      "--disable", "--silent", "--show-error", "--fail", "--location", "--proto", scheme,
      "--proto-redir", scheme, "--max-redirs", "5", "--connect-timeout", "5",
    ]
  }

  private static func outcome(_ code: Int, _ errors: String) -> Outcome {
    switch code {
    case 0: .done
    case 22:
      errors.contains(" 404") || errors.contains(" 403") || errors.contains(" 410")
        || errors.contains(" 416") ? .absent : .broken(errors)
    case 28
    where errors.contains("onnection timed out") || errors.contains("Resolving timed out")
      || errors.contains("Connection timeout"):
      .unreachable(errors)
    case _ where unreachableCodes.contains(code): .unreachable(errors)
    case _ where brokenCodes.contains(code): .broken(errors)
    default: .broken(errors.isEmpty ? "curl ended with \(code)" : errors)
    }
  }
}
