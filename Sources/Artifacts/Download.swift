// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import TLS
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
  private let environment: [String: String]

  init(
    folder: String,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.folder = folder
    self.environment = environment
  }

  /// curl's exit codes: no name, no connection, no TLS.
  ///
  /// Source: curl(1), EXIT CODES.
  private static let unreachableCodes: Set<Int> = [5, 6, 7, 35]
  /// Those about trust: in the server's certificate, in the authorities themselves.
  private static let distrustCodes: [Int: Distrust] = [60: .unsigned, 77: .unreadableAuthorities]
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
    let (outcome, result) = try await curl(
      url,
      ["--max-time", "30", "--max-filesize", "1048576"]
    )
    return (outcome, result?.output ?? "")
  }

  /// Fetches `url` into a file that goes on where an interrupted fetch stopped, and returns its path.
  func file(_ url: String) async throws -> (Outcome, path: String) {
    try LocalFile.makeFolder(folder)
    let path = "\(folder)/\(Digest(of: url).short)-\(url.split(separator: "/").last ?? "file").part"
    var outcome = Outcome.broken("not tried")
    for _ in 0..<Self.attempts {
      let begun = FileStatus(of: path)?.size ?? 0
      let result: Tool.Outcome?
      (outcome, result) = try await curl(
        url,
        ["--speed-limit", "1024", "--speed-time", "30", "--output", path]
          + (begun > 0 ? ["--continue-at", "-"] : [])
      )
      switch outcome {
      case .done, .unreachable: return (outcome, path)
      case .broken where !Self.refusedResuming(result?.code ?? 0): continue
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

  /// Runs curl with the authorities that all of this program trusts; not at all where there are none.
  private func curl(
    _ url: String,
    _ options: [String]
  ) async throws -> (outcome: Outcome, result: Tool.Outcome?) {
    let isSecure = !url.hasPrefix("http://")
    let scheme = isSecure ? "=https" : "=http"
    var common = [
      "--disable", "--silent", "--show-error", "--fail", "--location", "--proto", scheme,
      "--proto-redir", scheme, "--max-redirs", "5", "--connect-timeout", "5",
    ]
    guard isSecure else {
      let result = try await Tool.run("curl", common + options + [url])
      return (Self.outcome(result.code, result.errors), result)
    }
    let authorities: Authorities
    do {
      authorities = try Authorities.find(
        variables: ["CURL_CA_BUNDLE", "SSL_CERT_FILE"],
        environment: environment
      )
    } catch {
      return (.unreachable(error.description), nil)
    }
    common += [authorities.isFolder ? "--capath" : "--cacert", authorities.path]
    let result = try await Tool.run("curl", common + options + [url])
    if let distrust = Self.distrustCodes[result.code] {
      let failure = await explained(distrust, url, result.errors, authorities)
      return (.unreachable(failure.description), result)
    }
    return (Self.outcome(result.code, result.errors), result)
  }

  private func explained(
    _ distrust: Distrust,
    _ url: String,
    _ errors: String,
    _ authorities: Authorities
  ) async -> Failure {
    let parts = url.urlHost.split(separator: ":")
    let host = String(parts.first ?? "")
    // A proxy's URL may hold a password: it is named by its variable.
    let proxy = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
      .first { environment[$0]?.isEmpty == false }
    let port = parts.count == 2 ? Int(parts[1]) : 443
    let shown: ShownCertificate? =
      if proxy == nil, let port { await ShownCertificate.of(host: host, port: port) } else { nil }
    return (errors.contains("subject name") ? .otherName : distrust).failure(
      host: host,
      shown: shown,
      proxy: proxy.map { "the proxy that \($0) names" },
      authorities: authorities,
      now: .now()
    )
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
