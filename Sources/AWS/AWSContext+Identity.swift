// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

extension AWSContext {
  /// Who we are for AWS, and by which role the instance is somebody, where this is one.
  ///
  /// It stands beside other things: what could not be found out is a finding with its reason, not an error.
  ///
  /// - Throws: `CancellationError`.
  package func identity() async throws -> [ClusterDiscovery.Finding] {
    try await callerFindings() + instanceFindings()
  }

  private func callerFindings() async throws -> [ClusterDiscovery.Finding] {
    let api = "sts:GetCallerIdentity"
    do {
      let caller = try await caller()
      let source = "\(api), for the credentials from \(try await credentials.current().origin)"
      return [
        .init(name: "caller", value: caller.description, source: source),
        .init(name: "account", value: caller.account, source: source),
      ]
    } catch {
      let problem = try Self.problem(error)
      return [.init(name: "caller", problem: problem, source: api)]
    }
  }

  private func instanceFindings() async throws -> [ClusterDiscovery.Finding] {
    guard metadata.disabled == nil else { return [] }
    let info = (name: "instanceProfile", source: "instance metadata (iam/info)")
    let list = (name: "instanceRole", source: "instance metadata (iam/security-credentials)")
    do {
      guard let bytes = try await metadata.bytes("/latest/meta-data/iam/info") else {
        return [.init(name: info.name, problem: "the instance has none", source: info.source)]
      }
      let profile = try? JSONDecoder().decode(ProfileAnswer.self, from: Data(bytes))
      let arn = profile?.arn.flatMap { CallerARN($0) }
      var findings = [
        ClusterDiscovery.Finding(
          name: info.name,
          value: arn?.description,
          problem: arn == nil ? "metadata names none" : nil,
          source: info.source
        )
      ]
      if let code = profile?.code, code != "Success" {
        let problem =
          "the profile gives no credentials: \(TerminalText.escape(String(code.prefix(100))))"
        findings.append(.init(name: list.name, problem: problem, source: list.source))
      } else {
        let folder = "/latest/meta-data/iam/security-credentials/"
        let role = try await metadata.text(folder, multiline: true)?
          .split(whereSeparator: \.isNewline).first.map(String.init)
        let problem = role == nil ? "the profile has no role" : nil
        findings.append(
          .init(name: list.name, value: role, problem: problem, source: list.source)
        )
      }
      return findings
    } catch let failure as Failure where failure.kind == .unreachable {
      // No instance.
      return []
    } catch {
      return [.init(name: info.name, problem: try Self.problem(error), source: info.source)]
    }
  }

  /// The reason on one line.
  private static func problem(_ error: any Error) throws -> String {
    if error is CancellationError { throw error }
    let text =
      switch error {
      case let error as ServiceError: "\(error.code): \(error.message)"
      case let failure as Failure:
        [failure.what, failure.why].compactMap(\.self).joined(separator: ": ")
      default: String(describing: error)
      }
    return text.split(whereSeparator: \.isNewline).joined(separator: "; ")
  }
}

private struct ProfileAnswer: Decodable {
  let code: String?
  let arn: String?

  enum CodingKeys: String, CodingKey {
    case code = "Code"
    case arn = "InstanceProfileArn"
  }
}
