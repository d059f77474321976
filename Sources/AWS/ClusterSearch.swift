// SPDX-License-Identifier: Apache-2.0

import Values

/// The course of one discovery: each step adds what it found.
struct ClusterSearch {
  let known: ClusterDiscovery.Known
  let context: AWSContext
  private var findings: [ClusterDiscovery.Finding] = []

  init(known: ClusterDiscovery.Known, context: AWSContext) {
    self.known = known
    self.context = context
  }

  mutating func run() async throws -> ClusterDiscovery {
    let region = try await context.region()
    note("region", region.value.name, region.source)
    let instance = try await self.instance()
    if let instance { note(instance) }

    let (name, described) = try await cluster(region.value, instance)
    guard let endpoint = known.endpoint ?? described?.endpoint,
      let encoded = known.certificateAuthority ?? described?.certificateAuthority
    else {
      throw Failure(
        .preflight,
        "the cluster \(name) has no endpoint yet",
        why: "its status is \(described?.status ?? "unknown")",
        remedy: "wait until `aws eks describe-cluster --name \(name)` says ACTIVE"
      )
    }
    guard described?.ipFamily != "ipv6" else {
      throw Failure(
        .preflight,
        "the cluster \(name) gives its pods and services IPv6 addresses only",
        remedy: "such clusters are not supported: use one with IPv4 networks"
      )
    }
    let authority = try CertificateAuthority.pem(encoded)
    let api = "eks:DescribeCluster"
    note("endpoint", endpoint, known.endpoint == nil ? api : "given")
    note(
      "certificateAuthority",
      "sha256:\(Digest(of: authority))",
      known.certificateAuthority == nil ? api : "given"
    )
    if let described { note(described, source: api) }

    let network = known.serviceNetwork ?? described?.serviceCIDR
    let networkSource = known.serviceNetwork == nil ? api : "given"
    if let network { note("serviceCIDR", network.description, networkSource) }
    let dns = dns(network, networkSource, instance)
    if let dns { note("clusterDNS", dns.address.description, dns.source) }
    let nodeName = try await nodeName(instance, region.value)

    return ClusterDiscovery(
      cluster: name,
      region: region.value,
      endpoint: endpoint,
      certificateAuthority: authority,
      version: described?.version,
      serviceNetwork: network,
      dns: dns,
      authenticationMode: described?.authenticationMode,
      instance: instance,
      nodeName: nodeName,
      findings: findings
    )
  }

  /// This instance; nil where it is none, or does not tell about itself and need not.
  private mutating func instance() async throws -> InstanceFacts? {
    do {
      return try await context.instance()
    } catch let failure as Failure where failure.kind == .preflight && known.cluster != nil {
      let problem = failure.what + (failure.why.map { ": \($0)" } ?? "")
      findings.append(
        .init(name: "instanceID", problem: problem, source: "instance metadata")
      )
      return nil
    }
  }

  private mutating func note(_ name: String, _ value: String?, _ source: String) {
    if let value { findings.append(.init(name: name, value: value, source: source)) }
  }

  private mutating func note(_ instance: InstanceFacts) {
    let source = "instance metadata"
    note("instanceID", instance.instanceID, source)
    note("instanceType", instance.instanceType, source)
    note("availabilityZone", instance.zone, source)
    note("address", instance.address?.description, source)
    note("providerID", instance.providerID, "the zone and the instance's id")
  }

  private mutating func note(_ cluster: EKS.Cluster, source: String) {
    note("status", cluster.status, source)
    note("version", cluster.version?.description, source)
    note("authenticationMode", cluster.authenticationMode, source)
  }

  /// The cluster's name, and EKS's description unless everything that it would say is given.
  private mutating func cluster(
    _ region: Region,
    _ instance: InstanceFacts?
  ) async throws -> (String, EKS.Cluster?) {
    let name: String
    if let given = known.cluster {
      name = given
      note("cluster", name, "given")
    } else {
      let found = try await clusterOfTag(region, instance)
      name = found.value
      note("cluster", name, found.source)
    }
    if known.endpoint != nil, known.certificateAuthority != nil { return (name, nil) }
    do {
      return (name, try await context.eks(region).cluster(name))
    } catch let error as ServiceError where error.reason == .notFound {
      throw await missing(name, region, error)
    }
  }

  /// The cluster that the instance's tag `kubernetes.io/cluster/NAME` names.
  private func clusterOfTag(
    _ region: Region,
    _ instance: InstanceFacts?
  ) async throws -> Found<String> {
    guard let instance else {
      let names = (try? await context.eks(region).clusters()) ?? []
      throw Failure(
        .preflight,
        "which cluster?",
        why: names.isEmpty ? nil : "there are in \(region): \(names.joined(separator: ", "))",
        remedy: "name it: this machine is no EC2 instance whose tags could tell"
      )
    }
    var source = "the instance's tags in metadata"
    var names = ClusterTag.clusters(in: instance.tags ?? [:])
    if names.isEmpty {
      source = "the instance's tags (ec2:DescribeInstances)"
      let tags = try await context.ec2(region).instance(instance.instanceID)?.tags ?? [:]
      names = ClusterTag.clusters(in: tags)
    }
    guard let name = names.first, names.count == 1 else {
      throw Failure(
        .preflight,
        names.isEmpty
          ? "the instance \(instance.instanceID) has no tag kubernetes.io/cluster/NAME"
          : "the instance \(instance.instanceID) is tagged for more than one cluster",
        why: names.isEmpty ? nil : names.joined(separator: ", "),
        remedy: "name the cluster, or tag the instance kubernetes.io/cluster/NAME = owned for one"
      )
    }
    return Found(name, source)
  }

  private func missing(_ name: String, _ region: Region, _ error: ServiceError) async -> Failure {
    var failure = error.failure
    failure.what = "there is no cluster \(name) in \(region)"
    guard let names = try? await context.eks(region).clusters() else { return failure }
    failure.why = names.isEmpty ? "there is none" : "there are: \(names.joined(separator: ", "))"
    let near = NearestSpelling.of(name, among: names).map { "did you mean \($0)? " } ?? ""
    failure.remedy = near + "check the name and the region (\(region))"
    return failure
  }

  private func dns(
    _ network: CIDR?,
    _ source: String,
    _ instance: InstanceFacts?
  ) -> ClusterDNS? {
    if let network { return ClusterDNS(serviceNetwork: network, source: source) }
    guard let address = known.address ?? instance?.address else { return nil }
    return ClusterDNS(host: address, vpcNetworks: instance?.vpcNetworks ?? [])
  }

  /// EC2's private DNS name; the host name of metadata where EC2 may not be asked.
  ///
  /// EKS maps nodes to system:node:{{EC2PrivateDNSName}}: any other name is refused by the node authorizer.
  private mutating func nodeName(
    _ instance: InstanceFacts?,
    _ region: Region
  ) async throws -> String? {
    guard let instance else { return nil }
    // Inline facts mean no call for each node: metadata's name is right unless DHCP options change it.
    if known.endpoint != nil, known.certificateAuthority != nil, let host = instance.localHostname {
      note("nodeName", Self.firstName(host), "instance metadata (local-hostname)")
      return Self.firstName(host)
    }
    do {
      let found = try await context.ec2(region).instance(instance.instanceID)
      if let name = found?.privateDNSName, !name.isEmpty {
        note("nodeName", name, "ec2:DescribeInstances (privateDnsName)")
        return name
      }
    } catch let error as ServiceError where error.reason == .accessDenied {
      guard instance.localHostname != nil else { throw error.failure }
    }
    let name = instance.localHostname.map(Self.firstName)
    note("nodeName", name, "instance metadata (local-hostname)")
    return name
  }

  /// A host with several domains in its DHCP options has them all in local-hostname, with spaces between.
  private static func firstName(_ text: String) -> String {
    text.split(separator: " ").first.map(String.init) ?? text
  }
}

/// A value and where it was found.
package struct Found<Value: Sendable & Equatable>: Sendable, Equatable {
  package let value: Value
  package let source: String

  package init(_ value: Value, _ source: String) {
    self.value = value
    self.source = source
  }
}
