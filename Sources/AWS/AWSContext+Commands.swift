// SPDX-License-Identifier: Apache-2.0

package import Values

extension AWSContext {
  /// A token for `cluster`; of `role` where one is named (`--role-arn`), else of our own credentials.
  ///
  /// No request is made for it unless credentials or a role must be fetched.
  ///
  /// - Throws: `ServiceError`, `Failure`.
  package func token(cluster: String, role: String? = nil) async throws -> EKSToken {
    guard !cluster.isEmpty, cluster.utf8.count <= 100,
      cluster.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else { throw Failure(.invalidInput, "that is not the name of an EKS cluster") }
    let region = try await region().value
    let client = try ServiceClient(
      .sts,
      in: region,
      credentials: credentials,
      surroundings: surroundings
    )
    let signer =
      if let role {
        // The session's name is awscli's, which policies may ask for.
        try await STS(client).assume(
          STS.Role(arn: role, sessionName: "EKSGetTokenAuth"),
          origin: "the role \(role)"
        )
      } else {
        try await credentials.current()
      }
    return EKSToken(
      cluster: cluster,
      region: region,
      endpoint: client.endpoint,
      credentials: signer,
      at: surroundings.timing.now()
    )
  }

  /// What `kubewright eks token` prints, and a warning for standard error.
  /// - Throws: as `token`.
  package func execCredential(
    cluster: String,
    role: String? = nil
  ) async throws -> (json: Sensitive, warning: String?) {
    let info = ExecInfo(surroundings.environment["KUBERNETES_EXEC_INFO"])
    let token = try await token(cluster: cluster, role: role)
    return (ExecCredential(token, apiVersion: info.apiVersion).json, info.warning)
  }

  /// Where the figures of an instance type may come from.
  package enum TypeSource: String, Sendable, CaseIterable {
    /// The table in this program, and EC2 for what it does not have.
    case automatic
    /// The table only: no request.
    case table
    /// EC2 only.
    case ec2
  }

  /// The number of pods for an instance type, or for this instance's.
  ///
  /// - Throws: `Failure` (`preflight`) for a type that nobody knows, with what to do; `ServiceError`.
  package func maxPods(
    instanceType: String? = nil,
    settings: MaxPods.Settings = .init(),
    source: TypeSource = .automatic
  ) async throws -> MaxPods {
    let name: String
    if let instanceType {
      name = instanceType
    } else if let found = try await instance()?.instanceType {
      name = found
    } else {
      throw Failure(
        .preflight,
        "which instance type?",
        remedy: "name it: this machine is no EC2 instance that could tell"
      )
    }
    let table = try InstanceTypeTable.embedded
    if source != .ec2, let type = table[name] {
      return try MaxPods(type, settings, source: InstanceTypeTable.provenance)
    }
    if source != .table {
      do {
        if let type = try await ec2(try await region().value).instanceTypes([name]).first {
          return try MaxPods(type, settings, source: "ec2:DescribeInstanceTypes")
        }
      } catch let error as ServiceError where error.code == "InvalidInstanceType" {
        throw Self.unknown(name, table, asked: true)
      } catch let failure as Failure where source == .automatic && failure.kind != .internalError {
        var unknown = Self.unknown(name, table, asked: false)
        unknown.why =
          "EC2 could not be asked: \(failure.what)\(failure.why.map { ": \($0)" } ?? "")"
        throw unknown
      }
    }
    throw Self.unknown(name, table, asked: source != .table)
  }

  /// The table as EC2 describes the region's types now, in the form that the program embeds.
  /// - Throws: `ServiceError`, `Failure`.
  package func instanceTypeTable() async throws -> InstanceTypeTable {
    InstanceTypeTable(try await ec2(try await region().value).instanceTypes())
  }

  static func unknown(_ name: String, _ table: InstanceTypeTable, asked: Bool) -> Failure {
    let near = NearestSpelling.of(name, among: table.all.map(\.name))
    let ask =
      asked
      ? "EC2 does not know it in this region either"
      : "ask EC2 for it (credentials with ec2:DescribeInstanceTypes)"
    return Failure(
      .preflight,
      "the instance type \(name) is not in the table (\(InstanceTypeTable.provenance))",
      remedy: (near.map { "did you mean \($0)? " } ?? "") + "\(ask), or set maxPods yourself"
    )
  }
}
