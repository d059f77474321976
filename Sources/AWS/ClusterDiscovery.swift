// SPDX-License-Identifier: Apache-2.0

package import Values

/// What a machine can find out about the cluster that it is to join, and where it found each thing.
package struct ClusterDiscovery: Sendable, Equatable {
  /// What is known beforehand: whatever is given is not asked for.
  package struct Known: Sendable, Equatable {
    package var cluster: String?
    /// https://… of the API server.
    package var endpoint: String?
    /// PEM, or PEM in base64.
    package var certificateAuthority: String?
    package var serviceNetwork: CIDR?
    /// The host's own address, where it is not the machine that asks.
    package var address: IPv4Address?

    package init(
      cluster: String? = nil,
      endpoint: String? = nil,
      certificateAuthority: String? = nil,
      serviceNetwork: CIDR? = nil,
      address: IPv4Address? = nil
    ) {
      self.cluster = cluster
      self.endpoint = endpoint
      self.certificateAuthority = certificateAuthority
      self.serviceNetwork = serviceNetwork
      self.address = address
    }
  }

  /// One thing that was found, or was looked for in vain.
  package struct Finding: Sendable, Equatable, Codable {
    package let name: String
    package let value: String?
    /// Why there is no value.
    package let problem: String?
    /// Where from: "given", "instance metadata", "eks:DescribeCluster".
    package let source: String

    package init(name: String, value: String? = nil, problem: String? = nil, source: String) {
      self.name = name
      self.value = value
      self.problem = problem
      self.source = source
    }
  }

  package let cluster: String
  package let region: Region
  package let endpoint: String
  /// PEM.
  package let certificateAuthority: String
  /// Nil where the cluster was not asked.
  package let version: Minor?
  package let serviceNetwork: CIDR?
  package let dns: ClusterDNS?
  package let authenticationMode: String?
  /// Nil where this is not an instance.
  package let instance: InstanceFacts?
  /// The name that the node must have; nil where this is not an instance.
  package let nodeName: String?
  /// All of it, in a fixed order, for a person or as JSON.
  package let findings: [Finding]
}

extension ClusterDiscovery {
  /// Finds out what `known` does not say.
  ///
  /// - Throws: `Failure` with what to do: no cluster to be found, not ready, credentials, permissions.
  package init(_ known: Known, context: AWSContext) async throws {
    var search = ClusterSearch(known: known, context: context)
    self = try await search.run()
  }
}
